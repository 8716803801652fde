"""Sealing an evaluation: from one moment on no score of the round changes, and everybody can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from panro.accounts.lifecycles import check
from panro.evaluation import panels, queries
from panro.evaluation.errors import EvaluationError, PanelsDifferError, SealedError, SheetsMissingError
from panro.evaluation.models import Evaluation, StageRun
from panro.evaluation.seals import commitments
from panro.evaluation.states import RUN, RunState
from panro.record.actions import record_round
from panro.rules.selection.sealing import scores_root

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


@transaction.atomic
def seal(evaluation_id: UUID, *, by: str, now: datetime) -> Evaluation:
    """Seal all stages of a round together, and enter the count and root of its scores into the record.

    Raises:
        SealedError: it is sealed already.
        SheetsMissingError: sheets are missing; names whose.
        EvaluationError: a stage has not been closed.
        PanelsDifferError: the stored panels or scores are not what the procedure and the commitments say.
    """
    evaluation = Evaluation.objects.select_for_update().get(pk=evaluation_id)
    if evaluation.sealed_at is not None:
        raise SealedError(_("This evaluation is sealed already."))
    runs = list(StageRun.objects.select_for_update().filter(evaluation=evaluation).order_by("position"))
    for run in runs:
        run.evaluation = evaluation
        _check(run)
    found = []
    for commitment, recomputed, where in commitments(evaluation):
        if commitment != recomputed:
            raise PanelsDifferError(
                _("A score was changed after it was handed in (%(where)s). Please tell an auditor.") % {"where": where}
            )
        found.append(commitment)
    for run in runs:
        _finish(run, now)
    evaluation.sealed_at, evaluation.count, evaluation.scores_root = now, len(found), scores_root(found)
    evaluation.save(update_fields=["sealed_at", "count", "scores_root"])
    record_round(
        "evaluation_sealed",
        actor=by,
        at=now,
        now=now,
        count=evaluation.count,
        root=evaluation.scores_root,
        round_id=evaluation.round_id,
    )
    return evaluation


def _check(run: StageRun) -> None:
    if missing := queries.missing_sheets(run):
        raise SheetsMissingError(queries.missing_words(missing), missing)
    nobody = not queries.participant_count(run)
    if run.state != RunState.CLOSED and not (run.state == RunState.DRAFT and nobody):
        raise EvaluationError(
            _("Stage %(stage)s has not been closed yet. Please close it first.") % {"stage": run.stage}
        )
    stage = panels.rules_of(run.evaluation).stage(run.stage)
    if not nobody and panels.deal(run.evaluation, stage, panels.stage_rows(run)).seats != panels.seats_of(run):
        raise PanelsDifferError(_("The stored panels are not those that the procedure gives. Please tell an engineer."))


def _finish(run: StageRun, now: datetime) -> None:
    """Lead a stage to its end; one in which nobody took part goes there step by step."""
    if run.state == RunState.DRAFT:
        run.assigned_at, run.opened_at, run.closed_at = now, now, now
        run.panels_digest = panels.panels_digest({})
        for state in (RunState.ASSIGNED, RunState.OPEN, RunState.CLOSED):
            check(RUN, run.state, state)
            run.state = state
            run.opened_at = None if state == RunState.ASSIGNED else now
            run.save()
    check(RUN, run.state, RunState.SEALED)
    run.state, run.sealed_at = RunState.SEALED, now
    run.save(update_fields=["state", "sealed_at"])
