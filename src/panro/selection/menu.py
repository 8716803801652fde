"""What this room adds to the main menu."""

from django.utils.translation import gettext_lazy as _

from panro.screening.access import READ
from panro.staff import menu as office
from panro.ui.navigation import MenuItem, register


def register_pages() -> None:
    """Add the results to the main menu, and the rounds to the office's."""
    office.register(office.Item(_("Rounds"), "selection:courses", 300, READ))
    register(
        MenuItem(
            label=_("Results"),
            route="selection:results",
            order=40,
            summary=_("Look your own line up, see why, and recompute the whole selection."),
        )
    )
