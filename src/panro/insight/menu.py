"""What this room adds to the menus."""

from django.utils.translation import gettext_lazy as _

from panro.insight.access import EXPORT, READ
from panro.staff.menu import Item, register
from panro.ui import navigation


def register_pages() -> None:
    """Add the season and the exports to the office, open data to the foot of every page."""
    register(Item(_("Season in figures"), "insight:season", 50, READ))
    register(Item(_("Exports"), "insight:exports", 60, EXPORT))
    navigation.register(
        navigation.MenuItem(
            label=_("Open data"),
            route="insight:open",
            order=60,
            at_foot=True,
        )
    )
