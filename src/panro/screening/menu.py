"""The room's entries in the menu of the office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from panro.screening.access import READ
from panro.staff.menu import Item, register


def register_own() -> None:
    """Add the desk's pages."""
    register(Item(_("Requirement review"), "screening:queue", 100, READ))
    register(Item(_("Register of sanctions"), "screening:sanctions", 110, READ))
    register(Item(_("What I may not judge"), "screening:conflicts", 120, READ))
