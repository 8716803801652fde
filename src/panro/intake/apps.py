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
        from panro.intake.ending import OfApplications  # noqa: PLC0415 - same
        from panro.intake.queries import asked_from, resting_on  # noqa: PLC0415 - same
        from panro.parties import endings  # noqa: PLC0415 - same
        from panro.staff import menu  # noqa: PLC0415 - same
        from panro.staff.states import Role  # noqa: PLC0415 - same
        from panro.vault import seams as vault  # noqa: PLC0415 - same

        for table in ("place", "extension", "nomination"):
            append_only(f"intake_{table}")
        append_only("intake_snapshot", emptied=("document", "destroyed_at"))
        append_only("intake_receipt", emptied=("salt", "payload", "destroyed_at"))
        vault.in_use.register("intake", resting_on)
        vault.facts_asked_from.register("intake", asked_from)
        applying.register(lambda *call: reverse("intake:start", args=call))
        endings.register("intake", OfApplications())
        readers = frozenset({Role.OFFICER, Role.CHIEF, Role.AUDITOR})
        menu.register(menu.Item(_("Nominations"), "intake_office:nominations", 220, readers))
        register_checks()
