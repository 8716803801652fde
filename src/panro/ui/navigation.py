"""The main menu and the foot of every page: a seam that rooms above fill in ``AppConfig.ready``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the main menu, with a sentence for the front page; or of the foot of every page.

    Shown by ``order``, then by route.
    """

    label: _StrPromise | str
    route: str
    order: int
    summary: _StrPromise | str = ""
    at_foot: bool = False

    @property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.route)


_items: dict[str, MenuItem] = {}


def register(item: MenuItem) -> None:
    """Add an entry; registering the same route again replaces it."""
    _items[item.route] = item


def menu() -> list[MenuItem]:
    """The entries of the main menu in the order shown."""
    return _ordered(at_foot=False)


def foot() -> list[MenuItem]:
    """The entries at the foot of every page in the order shown."""
    return _ordered(at_foot=True)


def _ordered(*, at_foot: bool) -> list[MenuItem]:
    found = [item for item in _items.values() if item.at_foot is at_foot]
    return sorted(found, key=lambda item: (item.order, item.route))
