"""The door of every page of the office: the right role, and who acts as what."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied

from panro.accounts.models import User
from panro.staff import access

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from panro.staff.states import Role

    type OfficeView = Callable[..., HttpResponseBase]


def officer(request: HttpRequest) -> User:
    """Return who is logged in on a page of the office.

    Raises:
        PermissionDenied: nobody of the agency.
    """
    user = request.user
    if not isinstance(user, User) or not access.roles(user):
        raise PermissionDenied
    return user


def office(*allowed: Role) -> Callable[[OfficeView], OfficeView]:
    """Guard a view of the office: somebody with one of the roles, or with any role where none is named; else 403.

    The route itself is declared for staff (``Entry.STAFF``), so everybody here works with two factors.
    """

    def decorate(view: OfficeView) -> OfficeView:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - path converters decide
            user = officer(request)
            if allowed and not access.has(user, *allowed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        cast("Any", guarded).office_roles = frozenset(allowed)
        return guarded

    return decorate
