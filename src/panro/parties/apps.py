"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from panro.record.roles import append_only


class PartiesConfig(AppConfig):
    """Businesses, organisations and people as they deal with the agency, and who acts for them."""

    name = "panro.parties"
    label = "parties"
    verbose_name = _("Businesses and organisations")

    def ready(self) -> None:
        """Fill the seams of the rooms below, and put the room's pages into the side menu."""
        from panro.accounts import closing  # noqa: PLC0415 - models are there once all rooms are loaded
        from panro.parties import announce, checks, invariants, leaving, menu, purposes, queries  # noqa: PLC0415 - same
        from panro.record import naming  # noqa: PLC0415 - same
        from panro.staff import menu as office_menu  # noqa: PLC0415 - same
        from panro.staff.states import Role  # noqa: PLC0415 - same

        menu.register_own()
        for label, route, order in (
            (_("Proofs of businesses"), "parties_office:claims", 200),
            (_("Disputes over businesses"), "parties_office:disputes", 210),
        ):
            office_menu.register(
                office_menu.Item(label, route, order, frozenset({Role.OFFICER, Role.CHIEF, Role.AUDITOR}))
            )
        naming.name_seen("claim_opened", _("Looked at the proof of a business"))
        naming.name_seen("dispute_opened", _("Looked at a dispute over a business"))
        purposes.register()
        naming.name_subjects(queries.names_of_subjects)
        invariants.register_checks()
        checks.register(announce.found_closed)
        closing.register_obstacle(leaving.left_without_owner)
        append_only("parties_statuscheck")
        append_only("parties_authenticitycheck")
