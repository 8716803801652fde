"""The door of an application's pages: whoever is no member of its applicant does not learn that it exists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404

from panro.intake.calls import Call, call_of
from panro.intake.models import Application
from panro.intake.states import State
from panro.parties import access
from panro.parties.access import Right
from panro.parties.views.guard import Acting, person

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from panro.rules.edition.parts import ApplicantType

    type ApplicationView = Callable[Concatenate[HttpRequest, Opened, ...], HttpResponseBase]
    type View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Opened:
    """An application, who opened it for whom, and the round under its notice."""

    acting: Acting
    application: Application
    call: Call

    @property
    def applicant_type(self) -> ApplicantType:
        """As what it applies."""
        return cast("ApplicantType", self.application.applicant_type)

    @property
    def is_draft(self) -> bool:
        """Whether it is still being written."""
        return self.application.state == State.DRAFT

    def may(self, right: Right) -> bool:
        """Whether the one who opened it has a right at its applicant."""
        return self.acting.may(right)


def application_page(right: Right = Right.VIEW) -> Callable[[ApplicationView], View]:
    """Guard a view of an application, whose address carries ``<uuid:application>``. Two queries.

    Strangers get 404, members whose role lacks the right 403.
    """

    def decorate(view: ApplicationView) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, application: UUID, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - path converters decide
            user = person(request)
            found = (
                Application.objects.select_related("edition", "version")
                .defer("version__document", "version__changes")
                .filter(pk=application)
                .first()
            )
            member = None if found is None else access.membership(user, found.party_id)
            if found is None or member is None:
                raise Http404
            if not access.may(member, right):
                raise PermissionDenied
            found.party = member.party
            acting = Acting(user, member.party, member)
            call = call_of(found.version, found.programme, found.round_code)
            return view(request, Opened(acting, found, call), *args, **kwargs)

        return guarded

    return decorate
