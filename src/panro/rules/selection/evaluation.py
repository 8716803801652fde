"""The scored stages of a round, one after another (selection-spec, 5 to 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from panro.rules.selection.aggregation import aggregate, counting_points
from panro.rules.selection.assignment import assignment_key
from panro.rules.selection.model import ELIGIBLE
from panro.rules.selection.standing import stand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from panro.rules.selection.assignment import Assignment
    from panro.rules.selection.model import Case, Panel, Score
    from panro.rules.selection.round_rules import RoundRules, ScoredStage
    from panro.rules.selection.standing import StageOutcome


@dataclass(frozen=True, slots=True)
class StageInput:
    """What the people of a stage gave: its panel, replacements included, who so judges whom, and all score versions."""

    panel: Panel
    assignment: Assignment
    scores: Sequence[Score]


@dataclass(frozen=True, slots=True)
class StageEvaluation:
    """One stage carried out: what was given and what came out."""

    given: StageInput
    outcome: StageOutcome

    @property
    def stage(self) -> ScoredStage:
        """The stage."""
        return self.outcome.stage


class Office(Protocol):
    """Gives a stage's panel, assignment and scores once its participants are known."""

    def __call__(self, stage: ScoredStage, key: str, receipts: Mapping[int, str]) -> StageInput:
        """Give them; ``key`` is the stage's *A*, ``receipts`` the participants' commitments by result number."""
        ...


def stage_key(rules: RoundRules, stage: ScoredStage, value: str, pool_root: str) -> str:
    """Give the stage's *A* for the public event's value."""
    return assignment_key(rules.round_id, stage.code, rules.assignment_event, value, pool_root)


def evaluate(
    rules: RoundRules, cases: Iterable[Case], *, value: str, pool_root: str, office: Office
) -> tuple[StageEvaluation, ...]:
    """Carry out the scored stages: participants, panels, scores, standings.

    Args:
        rules: the round's rules.
        cases: all cases, in any order.
        value: the value of the assignment event.
        pool_root: the root of the frozen pool.
        office: asked once for each stage.

    Raises:
        SelectionError: if a panel cannot be filled or a score is missing or impossible.
    """
    receipts = {case.result_no: case.receipt for case in cases if case.requirement == ELIGIBLE}
    receipts = {number: receipts[number] for number in sorted(receipts)}
    done = []
    for stage in rules.stages:
        key = stage_key(rules, stage, value, pool_root)
        given = office(stage, key, receipts)
        outcome = stand(stage, aggregate(stage, given.assignment.seats, counting_points(stage, given.scores, 0)))
        done.append(StageEvaluation(given, outcome))
        receipts = {number: receipts[number] for number in outcome.passed}
    return tuple(done)
