"""Reading plain JSON values into typed ones; whatever is wrong says key, found and expected."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from panro.rules.selection.errors import RulesError
from panro.rules.selection.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterable

_CODE: Final = re.compile(r"[A-Za-z0-9_-]+")
GREATEST_NUMBER: Final = 10**15 - 1
CODE_WORDS: Final = "a code of letters, digits, - and _"


class Reader:
    """One JSON object being read: every key is asked for once, and none may be left over."""

    __slots__ = ("_left", "where")

    def __init__(self, value: object, where: str, keys: Iterable[str]) -> None:
        if not isinstance(value, dict):
            raise RulesError(where or "rules", value, "an object")
        wanted = set(keys)
        for key in sorted(wanted - value.keys()):
            raise RulesError(_join(where, key), None, "this key")
        for key in sorted(value.keys() - wanted):
            raise RulesError(_join(where, key), value[key], f"no such key; known are {', '.join(sorted(wanted))}")
        self._left: dict[str, object] = value
        self.where = where

    def at(self, key: str) -> str:
        """Give the full name of a key, for messages."""
        return _join(self.where, key)

    def raw(self, key: str) -> object:
        """Give a value as it is."""
        return self._left[key]

    def text(self, key: str) -> str:
        """Read text that is not empty and has no control characters."""
        value = self._left[key]
        if not isinstance(value, str) or not value or not value.isprintable():
            raise RulesError(self.at(key), value, "text of one line")
        return value

    def code(self, key: str) -> str:
        """Read a code."""
        return as_code(self._left[key], self.at(key))

    def word(self, key: str, words: Iterable[str]) -> str:
        """Read one of some words."""
        value = self._left[key]
        known = list(words)
        if not isinstance(value, str) or value not in known:
            raise RulesError(self.at(key), value, f"one of {', '.join(known)}")
        return value

    def truth(self, key: str) -> bool:
        """Read true or false."""
        value = self._left[key]
        if not isinstance(value, bool):
            raise RulesError(self.at(key), value, "true or false")
        return value

    def number(self, key: str, least: int = 0) -> int:
        """Read a whole number not below ``least``."""
        return as_number(self._left[key], self.at(key), least)

    def number_or_none(self, key: str, least: int = 0) -> int | None:
        """Read a whole number or null."""
        return None if self._left[key] is None else self.number(key, least)

    def step(self, key: str) -> Grid:
        """Read the step of a decimal."""
        value = self._left[key]
        try:
            return Grid.of(value if isinstance(value, str) else "")
        except ValueError:
            raise RulesError(self.at(key), value, 'a positive decimal as text, such as "0.01"') from None

    def units(self, key: str, grid: Grid) -> int:
        """Read a decimal of a grid, not below zero, as its number of steps."""
        return as_units(self._left[key], self.at(key), grid)

    def units_or_none(self, key: str, grid: Grid) -> int | None:
        """Read a decimal of a grid or null."""
        return None if self._left[key] is None else self.units(key, grid)

    def items(self, key: str) -> list[tuple[str, object]]:
        """Read an array; gives every item with its full name."""
        value = self._left[key]
        if not isinstance(value, list | tuple):
            raise RulesError(self.at(key), value, "an array")
        return [(f"{self.at(key)}[{index}]", item) for index, item in enumerate(value)]

    def codes(self, key: str) -> tuple[str, ...]:
        """Read an array of codes without repetition."""
        found = tuple(as_code(item, where) for where, item in self.items(key))
        refuse_repeated(found, self.at(key))
        return found

    def members(self, key: str) -> list[tuple[str, str, object]]:
        """Read an object whose keys are codes; gives full name, code and value."""
        value = self._left[key]
        if not isinstance(value, dict):
            raise RulesError(self.at(key), value, "an object")
        return [(f"{self.at(key)}.{code}", as_code(code, self.at(key)), item) for code, item in value.items()]


def as_code(value: object, where: str) -> str:
    """Read a code."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise RulesError(where, value, CODE_WORDS)
    return value


def as_number(value: object, where: str, least: int = 0) -> int:
    """Read a whole number not below ``least``, of at most 15 digits."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= GREATEST_NUMBER:
        raise RulesError(where, value, f"a whole number from {least} to {GREATEST_NUMBER}")
    return value


def as_units(value: object, where: str, grid: Grid) -> int:
    """Read a written decimal of a grid, not below zero, as its number of steps."""
    try:
        units = grid.read(value if isinstance(value, str) else "")
    except ValueError:
        units = -1
    if units < 0:
        raise RulesError(where, value, f'a multiple of {grid.text(1)} as text, such as "{grid.text(7)}"')
    return units


def refuse_repeated(values: Iterable[str], where: str) -> None:
    """Refuse a list that names something twice."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise RulesError(where, value, "each name once")
        seen.add(value)


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
