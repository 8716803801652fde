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
        from panro.parties import invariants, leaving, menu, purposes, queries  # noqa: PLC0415 - same
        from panro.record import naming  # noqa: PLC0415 - same

        menu.register_own()
        purposes.register()
        naming.name_subjects(queries.names_of_subjects)
        invariants.register_checks()
        closing.register_obstacle(leaving.left_without_owner)
        append_only("parties_statuscheck")
        append_only("parties_authenticitycheck")
