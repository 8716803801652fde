"""The main menu: a seam that rooms above fill in ``AppConfig.ready``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the main menu, with a sentence for the front page. Shown by ``order``, then by route."""

    label: _StrPromise | str
    route: str
    order: int
    summary: _StrPromise | str = ""

    @property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.route)


_items: dict[str, MenuItem] = {}


def register(item: MenuItem) -> None:
    """Add an entry; registering the same route again replaces it."""
    _items[item.route] = item


def menu() -> list[MenuItem]:
    """The entries in the order shown."""
    return sorted(_items.values(), key=lambda item: (item.order, item.route))
