"""What every page knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from panro.ui.navigation import MenuItem, foot, menu

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A menu entry on a certain page."""

    item: MenuItem
    address: str
    current: bool


def page(request: HttpRequest) -> dict[str, object]:
    """The context of the base template."""
    return {
        "main_menu": [
            ShownItem(item, address, current=request.path.startswith(address))
            for item, address in ((item, item.address) for item in menu())
        ],
        "at_foot": foot(),
        "official_masthead": settings.OFFICIAL_MASTHEAD,
        "languages": settings.LANGUAGES,
    }
