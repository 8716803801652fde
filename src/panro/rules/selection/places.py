"""Giving places: steps over nested and overlapping caps (selection-spec, 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from panro.rules.selection.round_rules import SEATS_KEY, TRACK_KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from panro.rules.selection.ranking import Ranking
    from panro.rules.selection.round_rules import RoundRules, Step


@dataclass(slots=True, eq=False)
class Counter:
    """How many places one cap has given. ``last_rank`` is the largest rank among those counted at selection."""

    key: str
    limit: int
    used: int = 0
    last_rank: int = 0

    @property
    def full(self) -> bool:
        """Whether the limit is reached (or, after an addendum, passed)."""
        return self.used >= self.limit


class Counters(dict[tuple[str, str], "tuple[Counter, ...]"]):
    """All counters of a round: the caps of each track and region, in the order in which they are named as reasons."""

    def __init__(self, rules: RoundRules) -> None:
        super().__init__()
        self._rules = rules
        self._by_key: dict[str, Counter] = {}

    def of(self, track: str, region: str) -> tuple[Counter, ...]:
        """Give the caps of an applicant."""
        return self[track, region]

    def __missing__(self, where: tuple[str, str]) -> tuple[Counter, ...]:
        track, region = where
        rules = self._rules
        counters = []
        for cap in rules.caps:
            if cap.tracks is None or track in cap.tracks:
                key = cap.name if cap.by is None else f"{cap.name}:{region}"
                counters.append(self._counter(key, cap.limit))
        seats = rules.tracks[track]
        if seats is not None:
            counters.append(self._counter(f"{TRACK_KEY}:{track}", seats))
        if rules.seats is not None:
            counters.append(self._counter(SEATS_KEY, rules.seats))
        found = self[where] = tuple(counters)
        return found

    def _counter(self, key: str, limit: int) -> Counter:
        return self._by_key.setdefault(key, Counter(key, limit))


@dataclass(frozen=True, slots=True)
class Selection:
    """At which step each got a place (a column of the ranking; None: at none), and the counters after all steps."""

    steps: list[str | None]
    counters: Counters
    last_rank: int


def select(rules: RoundRules, ranking: Ranking) -> Selection:
    """Give the places out, step by step, each step from the first rank down."""
    counters = Counters(rules)
    given: list[str | None] = [None] * len(ranking)
    of_cases = [counters[case.track, case.region] for case in ranking.cases]
    caps = [of_cases[place] for place in ranking.order]
    left: Sequence[int] = range(len(ranking))
    last_rank = 0
    for step in rules.steps:
        left, last = _give(step, left, ranking, caps, given)
        last_rank = max(last_rank, last)
    return Selection(given, counters, last_rank)


def _give(
    step: Step,
    left: Sequence[int],
    ranking: Ranking,
    caps: Sequence[tuple[Counter, ...]],
    given: list[str | None],
) -> tuple[list[int], int]:
    """Give one step's places to those left (ranks from 0, ascending).

    Gives who is left after it, and the largest rank selected in it.
    """
    room = len(left) if step.seats is None else step.seats
    group, name, order, cases = step.group, step.name, ranking.order, ranking.cases
    full: set[tuple[Counter, ...]] = set()
    passed_over: list[int] = []
    last = 0
    for position, index in enumerate(left):
        if room <= 0:
            passed_over += left[position:]
            break
        own = caps[index]
        if own in full or (group is not None and group not in cases[order[index]].groups):
            passed_over.append(index)
        elif any(cap.used >= cap.limit for cap in own):
            full.add(own)
            passed_over.append(index)
        else:
            last = index + 1
            for cap in own:
                cap.used += 1
                cap.last_rank = max(cap.last_rank, last)
            given[order[index]] = name
            room -= 1
    return passed_over, last
