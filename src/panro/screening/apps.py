"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from panro.record.roles import append_only


class ScreeningConfig(AppConfig):
    """Requirement review (요건검토): the officer's desk, cases, decisions, sanctions."""

    name = "panro.screening"
    label = "screening"
    verbose_name = _("Screening")

    def ready(self) -> None:
        """Declare what only grows, tell the vault what it asks of this room, and fill the office's menu."""
        from panro.intake import retention  # noqa: PLC0415 - models are there once all rooms are loaded
        from panro.record.naming import name_seen  # noqa: PLC0415 - same
        from panro.screening import menu, queries, sanctions, seeing  # noqa: PLC0415 - same
        from panro.vault import access, seams  # noqa: PLC0415 - same

        append_only("screening_factoverride")
        seams.facts_from.register("sanctions", sanctions.facts_from)
        access.may_see.register("screening", seeing.may_see)
        retention.needed.register("screening", queries.unsettled)
        retention.not_selected.register("screening", queries.refused)
        name_seen(seeing.OPENED, _("Looked at an application for its requirement review"))
        menu.register_own()
