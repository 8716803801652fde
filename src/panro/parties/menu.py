"""The side menu of a party's pages: a seam that rooms above fill in ``AppConfig.ready``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from panro.parties.access import Right
from panro.parties.states import Kind

if TYPE_CHECKING:
    from uuid import UUID

    from django.utils.functional import _StrPromise

ALL_KINDS = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: a route that takes the argument ``party``. Shown by ``order``, then by route.

    ``kinds`` are those of parties that have the page, ``right`` what a member needs to see the entry.
    """

    label: _StrPromise | str
    route: str
    order: int
    kinds: frozenset[Kind] = ALL_KINDS
    right: Right = Right.VIEW

    def address(self, party: UUID) -> str:
        """Where it leads for a party."""
        return reverse(self.route, kwargs={"party": party})


_items: dict[str, Item] = {}


def register(item: Item) -> None:
    """Add an entry; registering the same route again replaces it."""
    _items[item.route] = item


def items() -> list[Item]:
    """The entries in the order shown."""
    return sorted(_items.values(), key=lambda item: (item.order, item.route))


def register_own() -> None:
    """Add the pages of this room; other rooms take the orders between."""
    register(Item(_("Profile"), "parties:profile", 10))
    companies = frozenset({Kind.BUSINESS, Kind.ORGANISATION})
    register(Item(_("Agreement and members"), "parties:consortium", 20, kinds=frozenset({Kind.CONSORTIUM})))
    register(Item(_("Who acts for it"), "parties:members", 80, kinds=companies | {Kind.CONSORTIUM}))
    register(Item(_("Verification"), "parties:claims", 85, kinds=companies))
    register(Item(_("Consortia"), "parties:consortia", 90, kinds=companies))
