"""The engineers' site of raw data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class EngineerSite(AdminSite):
    """Entered by engineers alone, through the site's own log-in with its second factor."""

    site_header = _("Panro: raw data")
    site_title = _("Panro: raw data")
    index_title = _("Tables")

    def has_permission(self, request: HttpRequest) -> bool:
        """Only engineers."""
        return bool(request.user.is_active and request.user.is_superuser)

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """There is one log-in, the site's; who passed it and is no engineer may not enter."""
        del extra_context
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.path))
