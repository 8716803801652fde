"""From the frozen pool to open panels: the round begun, rosters set, conflicts found, panels dealt, stages closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from panro.accounts.lifecycles import check
from panro.evaluation import applicants, panels, queries
from panro.evaluation.actions.locks import lock_run
from panro.evaluation.detecting import find
from panro.evaluation.errors import EvaluationError, SheetsMissingError
from panro.evaluation.models import (
    Assignment,
    Conflict,
    Evaluation,
    PanelConflict,
    Participant,
    Reviewer,
    RosterPlace,
    StageRun,
)
from panro.evaluation.states import RUN, ReviewerState, RunState, Source
from panro.record.actions import new_salt, record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.editions.models import EditionVersion
    from panro.proof.canonical import Json
    from panro.rules.selection.round_rules import RoundRules

DETECTOR: Final = "system:conflicts"
BATCH: Final = 2_000
DIGITS: Final = 6
"""Fraction digits of points that a score row holds."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """An eligible application of the frozen pool: its result number, its receipt's commitment, its id."""

    result_no: int
    receipt: str
    application: UUID


@transaction.atomic
def begin(
    version: EditionVersion,
    rules: RoundRules,
    entrants: Sequence[Entrant],
    *,
    pool_root: str,
    by: str,
    now: datetime,
    salt: Callable[[str], str] | None = None,
) -> Evaluation:
    """Begin the evaluation of a round whose pool is frozen and whose requirements are decided.

    Args:
        version: the notice under which it runs.
        rules: as frozen when the round opened.
        entrants: the eligible ones; they take part in the first scored stage.
        pool_root: the root of the frozen pool.
        by: the id of an account, or ``system:`` and the name of a task.
        now: the moment.
        salt: gives the salt of a stage's commitment by its code; by default a fresh one.

    Raises:
        EvaluationError: it was begun before, or points are finer than can be kept.
    """
    if Evaluation.objects.filter(round_id=rules.round_id).exists():
        raise EvaluationError(_("The evaluation of %(round)s has begun already.") % {"round": rules.round_id})
    for stage in rules.stages:
        if stage.point_grid.digits > DIGITS:
            raise EvaluationError(_("Points may have at most six digits after the point."))
    evaluation = Evaluation.objects.create(
        version=version, round_id=rules.round_id, rules=rules.to_json(), pool_root=pool_root, begun_at=now
    )
    runs = StageRun.objects.bulk_create(
        StageRun(
            evaluation=evaluation,
            stage=stage.code,
            position=position,
            point_step=stage.point_step,
            maxima=[criterion.max for criterion in stage.criteria],
            panel=stage.panel,
            salt=new_salt() if salt is None else salt(stage.code),
        )
        for position, stage in enumerate(rules.stages)
    )
    if runs:
        _enter_participants(runs[0], entrants)
    _note("evaluation_begun", evaluation, by, now, {"participants": len(entrants)})
    return evaluation


@transaction.atomic
def set_up(run_id: UUID, roster: Collection[UUID], *, by: str, now: datetime) -> StageRun:
    """Say who may judge at a stage, in place of what was said before; then look for conflicts.

    Raises:
        EvaluationError: the stage is assigned already, or somebody on the roster is no active reviewer.
    """
    run = lock_run(run_id, RunState.DRAFT)
    able = set(Reviewer.objects.filter(pk__in=roster, state=ReviewerState.ACTIVE).values_list("pk", flat=True))
    if able != set(roster):
        raise EvaluationError(_("Somebody on this roster is no active reviewer. Please take them off."))
    RosterPlace.objects.filter(run=run).exclude(reviewer__in=able).delete()
    RosterPlace.objects.bulk_create(
        [RosterPlace(run=run, reviewer_id=one) for one in sorted(able)], ignore_conflicts=True, batch_size=BATCH
    )
    _note("roster_set", run.evaluation, by, now, {"stage": run.stage, "reviewers": len(able)})
    detect_conflicts(run_id, now=now)
    return run


@transaction.atomic
def detect_conflicts(run_id: UUID, *, now: datetime) -> list[Conflict]:
    """Compare everybody on a stage's roster with everybody who takes part; returns what is new. Constant queries.

    What is found after the assignment changes no panel by itself: the office sees it, and replaces.
    """
    run = StageRun.objects.select_related("evaluation").get(pk=run_id)
    found = set(find(applicants.judges(run), applicants.applicants(run)))
    known = set(Conflict.objects.filter(reviewer__rosters__run=run).values_list("reviewer_id", "application_id", "why"))
    made = Conflict.objects.bulk_create(
        [
            Conflict(reviewer_id=who, application_id=what, why=why, source=Source.DETECTED, at=now, by=DETECTOR)
            for who, what, why in sorted(found - known)
        ],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    if made:
        _note("conflicts_detected", run.evaluation, DETECTOR, now, {"stage": run.stage, "count": len(made)})
    return made


@transaction.atomic
def assign(run_id: UUID, value: str, *, by: str, now: datetime) -> StageRun:
    """Deal the panels of a stage from the value of the public event that the notice names.

    Conflicts known now are frozen with the panels; what is found later leads to replacements.

    Raises:
        EvaluationError: another value was used for this round, or none is given.
        SelectionError: too few reviewers are without conflict; add some to the roster.
    """
    run = lock_run(run_id, RunState.DRAFT)
    evaluation = run.evaluation
    if not value.strip() or not value.isprintable():
        raise EvaluationError(_("Please give the value of the public event, in one line."))
    if evaluation.assignment_value not in {"", value}:
        raise EvaluationError(
            _("This round is assigned by the value %(value)s; all its stages are.")
            % {"value": evaluation.assignment_value}
        )
    evaluation.assignment_value = value
    evaluation.save(update_fields=["assignment_value"])
    detect_conflicts(run_id, now=now)
    _freeze_conflicts(run)
    stage = panels.rules_of(evaluation).stage(run.stage)
    seats = panels.deal(evaluation, stage, panels.stage_rows(run)).seats
    check(RUN, run.state, RunState.ASSIGNED)
    run.state, run.assigned_at, run.panels_digest = RunState.ASSIGNED, now, panels.panels_digest(seats)
    run.save(update_fields=["state", "assigned_at", "panels_digest"])
    people = dict(Reviewer.objects.filter(rosters__run=run).values_list("code", "pk"))
    places = dict(Participant.objects.filter(run=run).values_list("result_no", "pk"))
    Assignment.objects.bulk_create(
        (
            Assignment(run=run, participant_id=places[number], reviewer_id=people[code], slot=slot, seated_at=now)
            for number, members in seats.items()
            for slot, code in enumerate(members, 1)
        ),
        batch_size=BATCH,
    )
    _note("panels_assigned", evaluation, by, now, {"stage": run.stage, "value": value, "panels": run.panels_digest})
    return run


@transaction.atomic
def open_(run_id: UUID, due: date | None, *, by: str, now: datetime) -> StageRun:
    """Let the reviewers begin; ``due`` is the last day they are asked to keep."""
    run = lock_run(run_id, RunState.ASSIGNED)
    check(RUN, run.state, RunState.OPEN)
    run.state, run.opened_at, run.due = RunState.OPEN, now, due
    run.save(update_fields=["state", "opened_at", "due"])
    _note("stage_opened", run.evaluation, by, now, {"stage": run.stage})
    return run


@transaction.atomic
def close(run_id: UUID, *, by: str, now: datetime) -> StageRun:
    """End a stage: every sheet is in, and whoever passed takes part in the next one.

    Raises:
        SheetsMissingError: sheets are missing; names whose.
        EvaluationError: somebody judged in spite of a conflict that was found since the assignment.
    """
    run = lock_run(run_id, RunState.OPEN)
    if missing := queries.missing_sheets(run):
        raise SheetsMissingError(queries.missing_words(missing), missing)
    if late := queries.late_conflicts(run):
        whose = ", ".join(sorted({str(one.reviewer.user) for one in late}))
        raise EvaluationError(
            _("%(whose)s judged an application in spite of a conflict. Please replace them there first.")
            % {"whose": whose}
        )
    check(RUN, run.state, RunState.CLOSED)
    run.state, run.closed_at = RunState.CLOSED, now
    run.save(update_fields=["state", "closed_at"])
    following = _following(run)
    if following is not None:
        passed = queries.outcome(run).passed
        rows = Participant.objects.filter(run=run, result_no__in=passed).order_by("result_no")
        _enter_participants(following, [Entrant(one.result_no, one.receipt, one.application_id) for one in rows])
    _note("stage_closed", run.evaluation, by, now, {"stage": run.stage})
    return run


@transaction.atomic
def reopen(run_id: UUID, why: str, *, by: str, now: datetime) -> StageRun:
    """Let reviewers go on with a stage that was closed.

    Raises:
        EvaluationError: no reason, or the next stage is assigned already.
    """
    run = lock_run(run_id, RunState.CLOSED)
    if not why.strip():
        raise EvaluationError(_("Please say why, in one line."))
    following = _following(run)
    if following is not None:
        if following.state != RunState.DRAFT:
            raise EvaluationError(_("The next stage is assigned already, so this one stays closed."))
        Participant.objects.filter(run=following).delete()
    check(RUN, run.state, RunState.OPEN)
    run.state, run.closed_at = RunState.OPEN, None
    run.save(update_fields=["state", "closed_at"])
    _note("stage_reopened", run.evaluation, by, now, {"stage": run.stage, "why": why})
    return run


def _following(run: StageRun) -> StageRun | None:
    """Lock the stage after a stage; None after the last."""
    return StageRun.objects.select_for_update().filter(evaluation=run.evaluation_id, position=run.position + 1).first()


def _enter_participants(run: StageRun, entrants: Sequence[Entrant]) -> None:
    Participant.objects.bulk_create(
        (
            Participant(run=run, result_no=one.result_no, receipt=one.receipt, application_id=one.application)
            for one in entrants
        ),
        batch_size=BATCH,
    )


def _freeze_conflicts(run: StageRun) -> None:
    places = dict(Participant.objects.filter(run=run).values_list("application_id", "pk"))
    found = queries.first_reasons(
        Conflict.objects.filter(
            reviewer__rosters__run=run, application__in=Participant.objects.filter(run=run).values("application")
        )
    )
    PanelConflict.objects.bulk_create(
        (PanelConflict(participant_id=places[what], reviewer_id=who, why=why) for (who, what), why in found.items()),
        batch_size=BATCH,
    )


def _note(act: str, evaluation: Evaluation, by: str, now: datetime, public: dict[str, Json]) -> None:
    record(act, actor=by, subject=f"round:{evaluation.round_id}", at=now, now=now, public=public)
