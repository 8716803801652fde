"""What this room adds to the main menu."""

from django.utils.translation import gettext_lazy as _

from panro.ui.navigation import MenuItem, register


def register_pages() -> None:
    """Add the questions, the programmes and the calendar."""
    register(
        MenuItem(
            label=_("What may I get?"),
            route="editions:find",
            order=10,
            summary=_("Answer a few questions and see which programmes fit you, and why."),
        )
    )
    register(
        MenuItem(
            label=_("Programmes"),
            route="editions:programmes",
            order=20,
            summary=_("Quotas, dates, papers, and how each one chooses."),
        )
    )
    register(MenuItem(label=_("Calendar"), route="editions:calendar", order=30))
