"""What a year remembers between its rounds: who holds what since when, who is listed, what was refused."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from panro.rules.eligibility import keys
from panro.rules.facts import Fact, FactValue

if TYPE_CHECKING:
    from datetime import date

    from panro.rehearsal.party import Party


@dataclass(frozen=True, slots=True)
class Holding:
    """A place somebody holds, from a day on until the day before ``until``."""

    edition: str
    programme: str
    round_: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody who went away without a place, or with one, and may apply again."""

    ref: str
    round_: str
    on: date
    selected: bool


@dataclass(slots=True)
class YearState:
    """The memory of one year."""

    holdings: dict[str, list[Holding]] = field(default_factory=lambda: defaultdict(list))
    listed: dict[str, date] = field(default_factory=dict)
    planned: dict[str, date] = field(default_factory=dict)
    left: dict[str, list[Refusal]] = field(default_factory=lambda: defaultdict(list))
    """By programme."""
    unfilled: dict[str, list[tuple[date, int]]] = field(default_factory=lambda: defaultdict(list))
    """By programme: places that a round left empty, and when that was known; taken out when carried over."""

    def take_unfilled(self, programme: str, before: date) -> int:
        """Take the places that earlier rounds left empty and that were known before a day."""
        known = [seats for on, seats in self.unfilled[programme] if on < before]
        self.unfilled[programme] = [(on, seats) for on, seats in self.unfilled[programme] if on >= before]
        return sum(known)

    def add_to(self, facts: dict[str, Fact], party: Party, day: date) -> None:
        """Add what the agency itself knows of an applicant on a day: its supports and its listing."""
        ref = party.ref
        if keys.AWARDS not in facts:
            facts[keys.AWARDS] = Fact(keys.AWARDS, self._awards(party, day), day, "awards")
        if self.listed.get(ref, day) < day:
            since = self.listed[ref]
            facts[keys.LISTED] = Fact(keys.LISTED, True, since, "market")  # noqa: FBT003 - a fact's value
            facts[keys.MARKET_LISTING] = Fact(keys.MARKET_LISTING, "listed", since, "market")
        elif self.planned.get(ref, day) < day:
            known = facts.get(keys.MARKET_LISTING)
            if known is not None and known.value == "none":
                facts[keys.MARKET_LISTING] = Fact(keys.MARKET_LISTING, "planned", self.planned[ref], "market")

    def _awards(self, party: Party, day: date) -> list[FactValue]:
        held = self.holdings.get(party.ref, ())
        before: list[FactValue] = [
            {"edition": edition, "programme": programme, "round": "R1"} for edition, programme in party.earlier
        ]
        return before + [
            {"edition": one.edition, "programme": one.programme, "round": one.round_}
            for one in held
            if one.since <= day and (one.until is None or day < one.until)
        ]
