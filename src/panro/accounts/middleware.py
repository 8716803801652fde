"""Staff work with two factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

GUARDED = ("/office/", "/review/", "/admin/")


class StaffSecondFactor:
    """Sends a member of staff without a second factor to set one up before any page of the agency."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let everything else pass."""
        user = request.user
        if request.path.startswith(GUARDED) and user.is_authenticated and user.is_staff and not is_mfa_enabled(user):
            messages.info(request, _("Pages of the agency need a second factor. Please set one up first."))
            return redirect("mfa_activate_totp")
        return self._get_response(request)
