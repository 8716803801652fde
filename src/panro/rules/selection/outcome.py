"""Outcome and reason of every receipt (selection-spec, 8), and a whole selection in one call."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from panro.proof.quiet import collector_paused
from panro.rules.selection.model import ELIGIBLE, Result
from panro.rules.selection.places import select
from panro.rules.selection.ranking import rank
from panro.rules.selection.round_rules import STEPS_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from panro.rules.selection.grid import Grid
    from panro.rules.selection.model import Case, Outcome
    from panro.rules.selection.places import Selection
    from panro.rules.selection.ranking import Ranking
    from panro.rules.selection.round_rules import RoundRules
    from panro.rules.selection.standing import StageOutcome

_MAKE_RESULT: Final = partial(tuple.__new__, Result)
"""Result._make without its check of the length, which the columns' zip has done."""

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
        pool = sorted(cases, key=_result_no)
        ranking = rank(rules, pool, outcomes, seed_value)
        selection = select(rules, ranking)
        ranked = _ranked_results(rules, ranking, selection, kept)
        results = _all_results(ranked, pool, outcomes, kept)
    return Decided(ranking, selection, results)


def _all_results(
    ranked: list[Result], cases: Sequence[Case], outcomes: Sequence[StageOutcome], kept: Kept | None
) -> tuple[Result, ...]:
    """Add to the results of the ranked those of everybody else; all ascend by result number, as the cases do."""
    if len(ranked) == len(cases):
        return tuple(ranked)
    held: Mapping[int, str] = kept.before if kept else {}
    found = []
    left = iter(ranked)
    due = next(left, None)
    for case in cases:
        number = case.result_no
        if due is not None and due.result_no == number:
            found.append(due)
            due = next(left, None)
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


def _ranked_results(rules: RoundRules, ranking: Ranking, selection: Selection, kept: Kept | None) -> list[Result]:
    """Give the results of the ranked in the order of their cases, made column by column: there may be a million."""
    decimals = _Decimals(rules.total_grid)
    ranks, positions = ranking.ranks, _positions(rules, ranking, selection, kept)
    verdicts = _verdicts(rules, ranking, selection, kept, zip(ranks, positions, strict=True))
    rows = zip(
        ranking.numbers,
        [verdict[0] for verdict in verdicts],
        [verdict[1] for verdict in verdicts],
        [verdict[2] for verdict in verdicts],
        [verdict[3] for verdict in verdicts],
        ranks,
        ranking.service,
        [decimals[units] for units in ranking.base],
        [decimals[units] for units in ranking.bonus],
        [decimals[base + bonus] for base, bonus in zip(ranking.base, ranking.bonus, strict=True)],
        ranking.draws,
        positions,
        strict=True,
    )
    return list(map(_MAKE_RESULT, rows))


def _positions(rules: RoundRules, ranking: Ranking, selection: Selection, kept: Kept | None) -> list[int | None]:
    """Give the positions on the waiting list, a column: the first of those without a place, by rank."""
    held: Mapping[int, str] = kept.before if kept else {}
    steps, numbers = selection.steps, ranking.numbers
    without = (place for place in ranking.order if steps[place] is None and numbers[place] not in held)
    positions: list[int | None] = [None] * len(ranking)
    for position, place in enumerate(islice(without, rules.waiting), 1):
        positions[place] = position
    return positions


def _verdicts(
    rules: RoundRules,
    ranking: Ranking,
    selection: Selection,
    kept: Kept | None,
    standings: Iterable[tuple[int, int | None]],
) -> list[Verdict]:
    """Give outcome, reason, detail and step, a column; ``standings`` are rank and position on the waiting list."""
    held: Mapping[int, str] = kept.before if kept else {}
    won: dict[str, Verdict] = {step.name: ("selected", "selected", "", step.name) for step in rules.steps}
    objected: dict[str, Verdict] = {step.name: ("selected", "objection", "", step.name) for step in rules.steps}
    stays: dict[str, Verdict] = {step.name: ("selected", "kept", "", step.name) for step in rules.steps}
    lost = _Losses(ranking, selection)
    found: list[Verdict] = []
    for case, step, (own_rank, position) in zip(ranking.cases, selection.steps, standings, strict=True):
        number = case.result_no
        if step is not None:
            found.append((objected if kept and number not in held else won)[step])
        elif number in held:
            found.append(stays[held[number]])
        else:
            loss = lost[case.track, case.region]
            level = loss.last < own_rank <= loss.last_level
            found.append((loss.not_selected if position is None else loss.waiting)[level])
    return found


@dataclass(frozen=True, slots=True)
class _Loss:
    """Why those of one track and region have no place: verdicts without and with an exact tie at the boundary.

    Who stands after rank ``last`` up to rank ``last_level`` is level with it.
    """

    last: int
    last_level: int
    waiting: tuple[Verdict, Verdict]
    not_selected: tuple[Verdict, Verdict]


class _Losses(dict[tuple[str, str], _Loss]):
    """The reasons by track and region, each worked out once."""

    def __init__(self, ranking: Ranking, selection: Selection) -> None:
        super().__init__()
        self._ranking = ranking
        self._selection = selection

    def __missing__(self, where: tuple[str, str]) -> _Loss:
        key, last = STEPS_KEY, self._selection.last_rank
        for cap in self._selection.counters.of(*where):
            if cap.full:
                key, last = cap.key, cap.last_rank
                break
        detail = f"{key}@{last}"
        found = self[where] = _Loss(
            last,
            self._ranking.last_level(last) if last else 0,
            (("waiting", "full", detail, ""), ("waiting", "lost_draw", detail, "")),
            (("not_selected", "full", detail, ""), ("not_selected", "lost_draw", detail, "")),
        )
        return found


class _Decimals(dict[int, "Decimal"]):
    """Decimals of a grid by their number of steps; one that occurs often is made once."""

    def __init__(self, grid: Grid) -> None:
        super().__init__()
        self._grid = grid

    def __missing__(self, units: int) -> Decimal:
        found = self[units] = self._grid.decimal(units)
        return found
