"""Outcome and reason of every receipt (selection-spec, 8), and a whole selection in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from panro.proof.quiet import collector_paused
from panro.rules.selection.model import ELIGIBLE, Result
from panro.rules.selection.places import select
from panro.rules.selection.ranking import rank
from panro.rules.selection.round_rules import STEPS_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from panro.rules.selection.grid import Grid
    from panro.rules.selection.model import Case, Outcome
    from panro.rules.selection.places import Selection
    from panro.rules.selection.ranking import Ranking
    from panro.rules.selection.round_rules import RoundRules
    from panro.rules.selection.standing import StageOutcome

type Verdict = tuple[Outcome, str, str, str]
"""Outcome, reason, detail and step."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A selection: the order, the places given, and a result for every case, ascending by result number."""

    ranking: Ranking
    selection: Selection
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Places that an addendum leaves untouched: the step at which each was won, by result number.

    ``before`` are all who were selected before it; who is selected now and was not before won by objection.
    """

    before: Mapping[int, str]


def select_round(
    rules: RoundRules,
    cases: Sequence[Case],
    outcomes: Sequence[StageOutcome],
    seed_value: str,
    kept: Kept | None = None,
) -> Decided:
    """Rank, select and give every case its outcome and reason.

    Args:
        rules: the round's rules.
        cases: all cases, in any order.
        outcomes: the outcomes of the scored stages, in their order.
        seed_value: the seed of the draw.
        kept: in an addendum, who was selected before it.
    """
    with collector_paused():
        ranking = rank(rules, cases, outcomes, seed_value)
        selection = select(rules, ranking)
        results = _results(_ranked_results(rules, ranking, selection, kept), cases, outcomes, kept)
    return Decided(ranking, selection, results)


def _results(
    ranked: Mapping[int, Result], cases: Sequence[Case], outcomes: Sequence[StageOutcome], kept: Kept | None
) -> tuple[Result, ...]:
    """Add to the results of the ranked those of everybody else; ascending by result number."""
    held: Mapping[int, str] = kept.before if kept else {}
    found = []
    for case in sorted(cases, key=_result_no):
        number = case.result_no
        result = ranked.get(number)
        if result is not None:
            found.append(result)
        elif number in held:
            found.append(Result(number, "selected", "kept", step=held[number]))
        elif case.requirement != ELIGIBLE:
            found.append(Result(number, case.requirement, case.reason))
        else:
            found.append(_stopped(number, outcomes))
    return tuple(found)


def _result_no(case: Case) -> int:
    return case.result_no


def _stopped(number: int, outcomes: Sequence[StageOutcome]) -> Result:
    for outcome in outcomes:
        standing = outcome.standings[number]
        if standing != "passed":
            return Result(number, "not_selected", standing, f"{outcome.stage.code}:{outcome.shortfall(number)}")
    raise AssertionError(f"result {number} passed every stage but is not ranked")


def _ranked_results(rules: RoundRules, ranking: Ranking, selection: Selection, kept: Kept | None) -> dict[int, Result]:
    """Give the results of the ranked, made column by column: a round may have a million."""
    decimals = _Decimals(rules.total_grid)
    numbers = [case.result_no for case in ranking.cases]
    verdicts, positions = _verdicts(rules, numbers, ranking, selection, kept)
    rows = zip(
        numbers,
        [verdict[0] for verdict in verdicts],
        [verdict[1] for verdict in verdicts],
        [verdict[2] for verdict in verdicts],
        [verdict[3] for verdict in verdicts],
        range(1, len(ranking) + 1),
        ranking.service,
        [decimals[units] for units in ranking.base],
        [decimals[units] for units in ranking.bonus],
        [decimals[base + bonus] for base, bonus in zip(ranking.base, ranking.bonus, strict=True)],
        ranking.draws,
        positions,
        strict=True,
    )
    return dict(zip(numbers, map(Result._make, rows), strict=True))


def _verdicts(
    rules: RoundRules, numbers: Sequence[int], ranking: Ranking, selection: Selection, kept: Kept | None
) -> tuple[list[Verdict], list[int | None]]:
    """Give outcome, reason, detail and step by rank, and the positions on the waiting list."""
    held: Mapping[int, str] = kept.before if kept else {}
    won: dict[str, Verdict] = {step.name: ("selected", "selected", "", step.name) for step in rules.steps}
    objected: dict[str, Verdict] = {step.name: ("selected", "objection", "", step.name) for step in rules.steps}
    stays: dict[str, Verdict] = {step.name: ("selected", "kept", "", step.name) for step in rules.steps}
    queue = len(ranking) if rules.waiting is None else rules.waiting
    why = _Why(ranking, selection)
    given = selection.steps
    verdicts: list[Verdict] = []
    positions: list[int | None] = [None] * len(numbers)
    position = 0
    for index, number in enumerate(numbers):
        if number in given:
            verdicts.append((objected if kept and number not in held else won)[given[number]])
        elif number in held:
            verdicts.append(stays[held[number]])
        elif position < queue:
            position += 1
            positions[index] = position
            verdicts.append(why.lost(index, "waiting"))
        else:
            verdicts.append(why.lost(index, "not_selected"))
    return verdicts, positions


class _Why:
    """Finds why a ranked applicant has no place; the verdict is the same for all of the same caps and tie."""

    def __init__(self, ranking: Ranking, selection: Selection) -> None:
        self._ranking = ranking
        self._selection = selection
        self._known: dict[tuple[str, str], tuple[str, int, str]] = {}
        self._verdicts: dict[tuple[str, str, bool], Verdict] = {}

    def lost(self, index: int, outcome: Outcome) -> Verdict:
        """Give the verdict on the applicant of rank ``index + 1``."""
        case = self._ranking.cases[index]
        where = (case.track, case.region)
        found = self._known.get(where)
        if found is None:
            found = self._known[where] = self._first_full(*where)
        detail, last, standard = found
        tied = 0 < last <= index and self._ranking.keys[index].startswith(standard)
        kind = (detail, outcome, tied)
        verdict = self._verdicts.get(kind)
        if verdict is None:
            verdict = self._verdicts[kind] = (outcome, "lost_draw" if tied else "full", detail, "")
        return verdict

    def _first_full(self, track: str, region: str) -> tuple[str, int, str]:
        """Give the detail, the last rank in the first full cap, and that applicant's standard."""
        key, last = STEPS_KEY, self._selection.last_rank
        for cap in self._selection.counters.of(track, region):
            if cap.full:
                key, last = cap.key, cap.last_rank
                break
        return f"{key}@{last}", last, self._ranking.standard(last - 1) if last else ""


class _Decimals(dict[int, "Decimal"]):
    """Decimals of a grid by their number of steps; one that occurs often is made once."""

    def __init__(self, grid: Grid) -> None:
        super().__init__()
        self._grid = grid

    def __missing__(self, units: int) -> Decimal:
        found = self[units] = self._grid.decimal(units)
        return found
