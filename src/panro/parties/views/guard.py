"""The door of every page of a party: strangers do not learn that it exists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from panro.accounts.models import User
from panro.parties import access

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponseBase

    from panro.parties.access import Right
    from panro.parties.models import Membership, Party

    type PartyView = Callable[Concatenate[HttpRequest, Acting, ...], HttpResponseBase]
    type View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, for whom, and as what."""

    user: User
    party: Party
    membership: Membership

    def may(self, right: Right) -> bool:
        """Whether the role carries a right."""
        return access.may(self.membership, right)


class ActingRequest(HttpRequest):
    """A request on a party's page; ``parties/page.html`` reads ``acting``."""

    acting: Acting


def person(request: HttpRequest) -> User:
    """Return who is logged in.

    Raises:
        Http404: nobody.
    """
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def party_page(right: Right) -> Callable[[PartyView], View]:
    """Guard a view of a party, whose address carries ``<uuid:party>``.

    The view is called with request and :class:`Acting` in place of ``party``. Strangers and closed parties get 404; a
    member whose role lacks the right gets 403.
    """

    def decorate(view: PartyView) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, party: UUID, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - path converters decide
            user = person(request)
            member = access.membership(user, party)
            if member is None:
                raise Http404
            if not access.may(member, right):
                raise PermissionDenied
            acting = Acting(user, member.party, member)
            cast("ActingRequest", request).acting = acting
            return view(request, acting, *args, **kwargs)

        return guarded

    return decorate
