"""Panels as the rules know them, read from rows, and dealt by the one procedure that the verifier recomputes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from panro.dossier.scoring import ordered
from panro.evaluation.models import Assignment, PanelConflict, Participant, Replacement, Resignation, RosterPlace
from panro.proof.canonical import encode_text
from panro.proof.hashing import tagged_hash
from panro.rules.selection import model
from panro.rules.selection.assignment import assign
from panro.rules.selection.evaluation import stage_key
from panro.rules.selection.round_rules import RoundRules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from panro.evaluation.models import Evaluation, StageRun
    from panro.rules.selection.assignment import Assignment as Dealt
    from panro.rules.selection.round_rules import ScoredStage

TAG: Final = "panro-panels-1"


def rules_of(evaluation: Evaluation) -> RoundRules:
    """The frozen rules of a round."""
    return RoundRules.from_json(evaluation.rules)


@dataclass(frozen=True, slots=True)
class StageRows:
    """What the rows of a stage say: participants by result number, and the panel as the dossier commits to it."""

    receipts: Mapping[int, str]
    panel: model.Panel


def stage_rows(run: StageRun) -> StageRows:
    """Read a stage. Five queries, whatever its size."""
    # Who takes part only since an objection is no matter of the panels as they were dealt.
    receipts = dict(
        Participant.objects.filter(run=run, appeal=None).order_by("result_no").values_list("result_no", "receipt")
    )
    roster = RosterPlace.objects.filter(run=run).values_list("reviewer__code", flat=True)
    conflicts = PanelConflict.objects.filter(participant__run=run).order_by()
    replaced = Replacement.objects.filter(run=run).order_by("number")
    resigned = Resignation.objects.filter(run=run).order_by()
    panel = model.Panel(
        tuple(roster),
        tuple(model.Conflict(*row) for row in conflicts.values_list("participant__receipt", "reviewer__code", "why")),
        tuple(model.Replacement(*row) for row in replaced.values_list("participant__receipt", "reviewer__code", "why")),
        tuple(sorted(model.Resignation(*row) for row in resigned.values_list("reviewer__code", "after"))),
    )
    return StageRows(receipts, ordered(panel))


def deal(evaluation: Evaluation, stage: ScoredStage, rows: StageRows) -> Dealt:
    """Give every participant its panel, with all replacements carried out (selection-spec, 6).

    Raises:
        SelectionError: too few reviewers are without conflict, or nobody is left to replace one.
    """
    key = stage_key(rules_of(evaluation), stage, evaluation.assignment_value, evaluation.pool_root)
    return assign(key=key, stage=stage.code, size=stage.panel, panel=rows.panel, receipts=rows.receipts)


def seats_of(run: StageRun, phase: model.Phase = 0) -> dict[int, tuple[str, ...]]:
    """Who sits where according to the rows: reviewers by result number, in the order of slots. One query."""
    found: dict[int, list[str]] = {}
    rows = Assignment.objects.filter(run=run, phase=phase, left_at=None).order_by("participant__result_no", "slot")
    for number, code in rows.values_list("participant__result_no", "reviewer__code"):
        found.setdefault(number, []).append(code)
    return {number: tuple(members) for number, members in found.items()}


def panels_digest(seats: Mapping[int, tuple[str, ...]]) -> str:
    """The hash of all panels of a stage."""
    return tagged_hash(TAG, encode_text([[number, *seats[number]] for number in sorted(seats)]))
