"""The side menu of the office: a seam that rooms above fill in ``AppConfig.ready``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from panro.staff.states import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

EVERYBODY = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry, for holders of some roles. Shown by ``order``, then by route."""

    label: _StrPromise | str
    route: str
    order: int
    roles: frozenset[Role] = EVERYBODY

    @property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.route)


_items: dict[str, Item] = {}


def register(item: Item) -> None:
    """Add an entry; registering the same route again replaces it."""
    _items[item.route] = item


def items(held: frozenset[Role]) -> list[Item]:
    """The entries for holders of some roles, in the order shown."""
    return sorted((item for item in _items.values() if held & item.roles), key=lambda item: (item.order, item.route))


def register_own() -> None:
    """Add the pages of this room; other rooms take the orders between."""
    register(Item(_("Office"), "staff:home", 0))
    register(Item(_("Waiting for a second person"), "staff:approvals", 800))
    register(Item(_("Staff and roles"), "staff:roles", 900, frozenset({Role.CHIEF, Role.AUDITOR, Role.ENGINEER})))
    register(Item(_("Access to personal data"), "staff:access", 910, frozenset({Role.CHIEF, Role.AUDITOR})))
