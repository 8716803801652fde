"""The room as Django knows it."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from panro.record.roles import append_only


class IntakeConfig(AppConfig):
    """Applications."""

    name = "panro.intake"
    label = "intake"
    verbose_name = _("Applications")

    def ready(self) -> None:
        """Declare what only grows, which papers must stay, what the doctor looks at, and where one applies."""
        from panro.editions import applying  # noqa: PLC0415 - models are there once all rooms are loaded
        from panro.intake.checks import register_checks  # noqa: PLC0415 - models are there once all rooms are loaded
        from panro.intake.queries import resting_on  # noqa: PLC0415 - same
        from panro.vault import seams as vault  # noqa: PLC0415 - same

        for table in ("snapshot", "receipt", "place", "extension", "nomination"):
            append_only(f"intake_{table}")
        vault.in_use.register("intake", resting_on)
        applying.register(lambda *call: reverse("intake:start", args=call))
        register_checks()
