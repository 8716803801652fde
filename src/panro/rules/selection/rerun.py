"""The selection run again after objections (이의신청; selection-spec, 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from panro.rules.selection.aggregation import StageScores, adjusted, aggregate, counting_points
from panro.rules.selection.assignment import assign_objection_panels
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.evaluation import stage_key
from panro.rules.selection.model import ELIGIBLE, Difference
from panro.rules.selection.outcome import Decided, Kept, select_round
from panro.rules.selection.standing import StageOutcome, standing_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from panro.rules.selection.evaluation import StageEvaluation
    from panro.rules.selection.model import Case, Result, Score
    from panro.rules.selection.round_rules import RoundRules, ScoredStage


class ObjectionOffice(Protocol):
    """Gives the scores of the new panels once these are known."""

    def __call__(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]]) -> Iterable[Score]:
        """Give the versions of phase 1; ``seats`` are the new panels' reviewers by result number."""
        ...


@dataclass(frozen=True, slots=True)
class Former:
    """The round before the objections: its cases, its stages and its results, without offers."""

    cases: Sequence[Case]
    stages: Sequence[StageEvaluation]
    results: Sequence[Result]


@dataclass(frozen=True, slots=True)
class ReRun:
    """What came of the objections: new panels by stage, all new scores, outcomes, decision and differences."""

    seats: Mapping[str, Mapping[int, tuple[str, ...]]]
    scores: tuple[Score, ...]
    outcomes: tuple[StageOutcome, ...]
    decided: Decided
    differences: tuple[Difference, ...]


def rerun(
    rules: RoundRules,
    former: Former,
    *,
    cases: Sequence[Case],
    objections: Collection[int],
    value: str,
    pool_root: str,
    seed_value: str,
    office: ObjectionOffice,
) -> ReRun:
    """Judge the objections by other panels and select again; nobody loses a place.

    Args:
        rules: the round's rules, unchanged.
        former: the round before.
        cases: the cases now, those decided anew included.
        objections: the result numbers whose scores are given anew.
        value: the value of the assignment event.
        pool_root: the root of the frozen pool.
        seed_value: the seed of the draw, unchanged.
        office: asked once for each stage that has objections.

    Raises:
        SelectionError: if a case decided anew is eligible, but not among the objections.
    """
    receipts = {case.result_no: case.receipt for case in cases if case.requirement == ELIGIBLE}
    seats: dict[str, Mapping[int, tuple[str, ...]]] = {}
    scores: list[Score] = []
    outcomes: list[StageOutcome] = []
    for before in former.stages:
        stage = before.stage
        anew = {number: receipts[number] for number in sorted(receipts) if number in objections}
        key = stage_key(rules, stage, value, pool_root)
        seats[stage.code] = assign_objection_panels(
            key=key,
            stage=stage.code,
            size=stage.panel,
            panel=before.given.panel,
            receipts=anew,
            ever=before.given.assignment.ever,
        )
        given = list(office(stage, seats[stage.code])) if anew else []
        scores += given
        outcomes.append(_stage_again(before, receipts, seats[stage.code], given))
        receipts = {number: receipts[number] for number in outcomes[-1].passed}
    kept = Kept({one.result_no: one.step for one in former.results if one.outcome == "selected"})
    decided = select_round(rules, cases, outcomes, seed_value, kept)
    return ReRun(seats, tuple(scores), tuple(outcomes), decided, differences(former.results, decided.results))


def differences(before: Iterable[Result], after: Iterable[Result]) -> tuple[Difference, ...]:
    """Give whose outcome or total changed, ascending by result number."""
    old = {one.result_no: one for one in before}
    return tuple(
        Difference(new.result_no, old[new.result_no].outcome, new.outcome, old[new.result_no].total, new.total)
        for new in sorted(after, key=lambda one: one.result_no)
        if (old[new.result_no].outcome, old[new.result_no].total) != (new.outcome, new.total)
    )


def _stage_again(
    before: StageEvaluation,
    receipts: Mapping[int, str],
    seats: Mapping[int, tuple[str, ...]],
    given: Sequence[Score],
) -> StageOutcome:
    """Join the new scores of the objectors with what stood for everybody else; the line is that of before."""
    stage, old = before.stage, before.outcome
    points = counting_points(stage, given, 1)
    if stage.aggregate == "panel_adjusted":
        new = adjusted(stage, seats, points, old.scored.severities)
    else:
        new = aggregate(stage, seats, points)
    scored = StageScores({}, {}, old.scored.severities)
    standings = {}
    for number in sorted(receipts):
        if number in seats:
            scored.scores[number], scored.criteria[number] = new.scores[number], new.criteria[number]
            standings[number] = standing_of(stage, new.scores[number], old.line)
        elif number in old.standings:
            scored.scores[number], scored.criteria[number] = old.scored.scores[number], old.scored.criteria[number]
            standings[number] = old.standings[number]
        else:
            raise SelectionError(
                f"result {number} became eligible, but has no scores at stage {stage.code}; "
                "name it among the objections"
            )
    return StageOutcome(stage, scored, standings, old.line)
