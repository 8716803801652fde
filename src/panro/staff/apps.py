"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """Roles, approvals, the office."""

    name = "panro.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        """Fill the office menu and the table of acts that take two persons."""
        from panro.staff import grants, menu  # noqa: PLC0415 - models are there once all rooms are loaded

        menu.register_own()
        grants.register_acts()
