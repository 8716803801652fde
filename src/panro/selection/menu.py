"""What this room adds to the main menu."""

from django.utils.translation import gettext_lazy as _

from panro.ui.navigation import MenuItem, register


def register_pages() -> None:
    """Add the results."""
    register(
        MenuItem(
            label=_("Results"),
            route="selection:results",
            order=40,
            summary=_("Look your own line up, see why, and recompute the whole selection."),
        )
    )
