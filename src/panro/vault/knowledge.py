"""What may be known of a party: names of facts and sources, which source goes before which, and who may say what.

All of it is data (``data/facts.toml``). Precedence is applied where facts are read, never where they are written:
whoever disagrees stays on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Self

from pydantic import Field, model_validator

from panro.rules.eligibility import keys
from panro.vault.tables import Both, Code, Row, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

APPLICANT: Final = "applicant"
OFFICER: Final = "officer"
UNRANKED: Final = 1_000
"""The rank of a source that stands nowhere in the order of a key."""


class UnknownFactError(LookupError):
    """No rule reads a fact of this name."""


class Knowledge(Row):
    """One thing that may be known."""

    key: Code
    group: Code
    name: Both
    help: Both | None = None
    precedence: tuple[tuple[Code, ...], ...] = Field(min_length=1)
    registers: frozenset[Code] = frozenset()
    own: bool = False

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        ranked = [source for rank in self.precedence for source in rank]
        if len(set(ranked)) != len(ranked):
            raise ValueError(f"{self.key}: a source stands twice in the precedence")
        if strange := self.registers - set(ranked):
            raise ValueError(f"{self.key}: the registers {sorted(strange)} have no rank")
        return self

    def rank(self, source: str) -> int:
        """Return how trusted a source is for this: 0 is the most."""
        return next((place for place, rank in enumerate(self.precedence) if source in rank), UNRANKED)


class _Table(Row):
    sources: dict[Code, Both]
    groups: dict[Code, Both]
    facts: tuple[Knowledge, ...]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        codes = [fact.key for fact in self.facts]
        if len(set(codes)) != len(codes):
            raise ValueError("a key is there twice")
        if missing := known_keys() ^ set(codes):
            raise ValueError(f"not the keys that rules read: {sorted(missing)}")
        for fact in self.facts:
            if fact.group not in self.groups:
                raise ValueError(f"{fact.key}: there is no group {fact.group!r}")
            if unnamed := {source for rank in fact.precedence for source in rank} - set(self.sources):
                raise ValueError(f"{fact.key}: sources without a name: {sorted(unnamed)}")
        return self


@dataclass(frozen=True, slots=True)
class Ranks:
    """The precedence of all keys side by side, as the database takes it."""

    keys: list[str]
    sources: list[str]
    ranks: list[int]


@cache
def known_keys() -> frozenset[str]:
    """Return every key that a rule may read."""
    return frozenset(value for name, value in vars(keys).items() if name.isupper() and isinstance(value, str))


@cache
def _table() -> _Table:
    return read_rows(_Table, "facts.toml")


@cache
def knowledge() -> Mapping[str, Knowledge]:
    """Return everything that may be known, by key, in the order of the pages."""
    return {fact.key: fact for fact in _table().facts}


def about(key: str) -> Knowledge:
    """Return what is known of a key.

    Raises:
        UnknownFactError: names the key.
    """
    try:
        return knowledge()[key]
    except KeyError:
        raise UnknownFactError(f"no rule reads a fact called {key!r}") from None


def groups() -> Mapping[str, Both]:
    """Return the groups of facts by code, in the order of the pages."""
    return _table().groups


def source_name(source: str) -> str:
    """Return what a source is called in the language of the page; its code if nobody named it."""
    found = _table().sources.get(source)
    return str(found) if found is not None else source


@cache
def ranks() -> Ranks:
    """Return the precedence of all keys."""
    rows = [
        (fact.key, source, place)
        for fact in _table().facts
        for place, rank in enumerate(fact.precedence)
        for source in rank
    ]
    return Ranks([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
