"""Lifecycles: one declared table from each state to those that may follow, and the refusal of any other step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet
    from enum import StrEnum


class WrongStateError(RuntimeError):
    """Something was asked to go where its state does not lead."""


def leads[S: StrEnum](table: Mapping[S, AbstractSet[S]], before: str, after: S) -> bool:
    """Whether the table has this step."""
    return after in table[type(after)(before)]


def check[S: StrEnum](table: Mapping[S, AbstractSet[S]], before: str, after: S) -> None:
    """Refuse a step that the table does not have.

    Raises:
        WrongStateError: names both states.
    """
    if not leads(table, before, after):
        raise WrongStateError(f"{type(after).__name__}: no way leads from {before} to {after.value}")
