"""What a year remembers between its rounds: who holds what since when, who is listed, what was refused."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from panro.rules.eligibility import keys
from panro.rules.facts import Fact, FactValue

if TYPE_CHECKING:
    from collections.abc import Container
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
    listed: bool = False
    """Whether the place is a listing on the market platform."""

    def on(self, day: date) -> bool:
        """Tell whether the place is held on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody who went away without a place, or with one, and may apply again."""

    ref: str
    round_: str
    on: date
    selected: bool


class Unfilled(NamedTuple):
    """Places of a track that a round left empty, and when that was known (negative: filled after all)."""

    on: date
    track: str
    places: int


@dataclass(slots=True)
class YearState:
    """The memory of one year."""

    holdings: dict[str, list[Holding]] = field(default_factory=lambda: defaultdict(list))
    planned: dict[str, date] = field(default_factory=dict)
    """Who has applied for a listing on the market platform, since when."""
    left: dict[str, list[Refusal]] = field(default_factory=lambda: defaultdict(list))
    """By programme."""
    unfilled: dict[str, list[Unfilled]] = field(default_factory=lambda: defaultdict(list))
    """By programme."""

    def take_unfilled(self, programme: str, tracks: Container[str], before: date) -> dict[str, int]:
        """Take the places of some tracks that earlier rounds left empty and that were known before a day."""
        known: Counter[str] = Counter()
        left = []
        for one in self.unfilled[programme]:
            if one.on < before and one.track in tracks:
                known[one.track] += one.places
            else:
                left.append(one)
        self.unfilled[programme] = left
        return {track: max(places, 0) for track, places in known.items()}

    def hold(self, ref: str, holding: Holding) -> None:
        """Note that somebody holds a place."""
        self.holdings[ref].append(holding)

    def give_back(self, ref: str, programme: str, round_: str, on: date) -> None:
        """Note that somebody holds a place no longer."""
        self.holdings[ref] = [
            replace(one, until=on) if (one.programme, one.round_, one.until) == (programme, round_, None) else one
            for one in self.holdings[ref]
        ]

    def add_to(self, facts: dict[str, Fact], party: Party, day: date) -> None:
        """Add what the agency itself knows of an applicant on a day: its supports and its listing."""
        ref = party.ref
        if keys.AWARDS not in facts:
            facts[keys.AWARDS] = Fact(keys.AWARDS, self.awards(party, day), day, "awards")
        since = self.listed_since(ref, day)
        if since is not None:
            facts[keys.LISTED] = Fact(keys.LISTED, True, since, "market")  # noqa: FBT003 - a fact's value
            facts[keys.MARKET_LISTING] = Fact(keys.MARKET_LISTING, "listed", since, "market")
        elif self.planned.get(ref, day) < day:
            known = facts.get(keys.MARKET_LISTING)
            if known is not None and known.value == "none":
                facts[keys.MARKET_LISTING] = Fact(keys.MARKET_LISTING, "planned", self.planned[ref], "market")

    def listed_since(self, ref: str, day: date) -> date | None:
        """Give the day since which somebody is listed on the market platform, if it is on a day."""
        return min((one.since for one in self.holdings.get(ref, ()) if one.listed and one.on(day)), default=None)

    def awards(self, party: Party, day: date) -> list[FactValue]:
        """Give the supports that somebody holds on a day, those of earlier years first."""
        held = self.holdings.get(party.ref, ())
        before: list[FactValue] = [
            {"edition": edition, "programme": programme, "round": "R1"} for edition, programme in party.earlier
        ]
        return before + [
            {"edition": one.edition, "programme": one.programme, "round": one.round_} for one in held if one.on(day)
        ]
