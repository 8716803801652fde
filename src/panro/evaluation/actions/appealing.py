"""New panels for objections, after the seal: opened, seated as the procedure says, and sealed by themselves.

Nothing of phase 0 is touched. Triggers of migration 0004 let seats and scores of phase 1 in while their appeal is open,
and nothing after it is sealed.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from panro.evaluation import panels
from panro.evaluation.errors import EvaluationError, PanelsDifferError, SealedError, SheetsMissingError
from panro.evaluation.models import Appeal, Assignment, Evaluation, Participant, Reviewer, ScoreVersion, StageRun
from panro.evaluation.queries import missing_words
from panro.record.actions import record
from panro.rules.selection.model import Score
from panro.rules.selection.sealing import score_sealer, scores_root

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID

    from panro.evaluation.actions.setting_up import Entrant


@transaction.atomic
def open_appeal(evaluation_id: UUID, numbers: Collection[int], *, by: str, now: datetime) -> Appeal:
    """Begin to judge some result numbers anew by other panels; the evaluation is sealed, and no appeal is open.

    Raises:
        EvaluationError: the evaluation is not sealed, an appeal is open, or a number was judged anew before.
    """
    evaluation = Evaluation.objects.select_for_update().get(pk=evaluation_id)
    if evaluation.sealed_at is None:
        raise EvaluationError(_("The evaluation is not sealed yet, so nothing of it can be judged anew."))
    before = list(Appeal.objects.filter(evaluation=evaluation).order_by("number"))
    if any(one.sealed_at is None for one in before):
        raise EvaluationError(_("Other new panels are still judging. Please let them finish first."))
    if set(numbers) & {number for one in before for number in one.numbers}:
        raise EvaluationError(_("An application can be judged anew only once."))
    appeal = Appeal.objects.create(
        evaluation=evaluation, number=len(before) + 1, numbers=sorted(numbers), opened_at=now, opened_by=by
    )
    record(
        "appeal_opened",
        actor=by,
        subject=f"round:{evaluation.round_id}",
        at=now,
        now=now,
        public={"number": appeal.number, "results": list(appeal.numbers)},
    )
    return appeal


@transaction.atomic
def seat_anew(
    appeal_id: UUID,
    stage: str,
    seats: Mapping[int, tuple[str, ...]],
    entrants: Mapping[int, Entrant],
    *,
    by: str,
    now: datetime,
) -> list[Assignment]:
    """Seat the new panels of a stage: reviewers by result number, in the order of slots; who sits there stays.

    Args:
        appeal_id: the appeal.
        stage: its code.
        seats: as `panro.dossier.build.objection_panels` gives them.
        entrants: who takes part in this stage only now, by result number.
        by: the id of an account, or ``system:`` and the name of a task.
        now: the moment.

    Raises:
        SealedError: the appeal is sealed.
        EvaluationError: a result number is none of the appeal's, or takes part without an entrant.
    """
    appeal = _open(appeal_id)
    run = StageRun.objects.select_for_update().get(evaluation=appeal.evaluation, stage=stage)
    if not set(seats) <= set(appeal.numbers):
        raise EvaluationError(_("One of these applications is not judged anew here."))
    known = set(Participant.objects.filter(run=run, result_no__in=seats).values_list("result_no", flat=True))
    Participant.objects.bulk_create(
        Participant(run=run, result_no=number, receipt=one.receipt, application_id=one.application, appeal=appeal)
        for number, one in sorted(entrants.items())
        if number in seats and number not in known
    )
    places = dict(Participant.objects.filter(run=run, result_no__in=seats).values_list("result_no", "pk"))
    people = dict(Reviewer.objects.filter(rosters__run=run).values_list("code", "pk"))
    if set(places) != set(seats):
        raise EvaluationError(_("One of these applications does not take part in this stage."))
    there = set(
        Assignment.objects.filter(run=run, phase=1, participant__in=places.values()).values_list(
            "participant_id", "reviewer_id"
        )
    )
    made = Assignment.objects.bulk_create(
        Assignment(
            run=run,
            participant_id=places[number],
            reviewer_id=people[code],
            slot=slot,
            phase=1,
            appeal=appeal,
            seated_at=now,
        )
        for number, members in sorted(seats.items())
        for slot, code in enumerate(members, 1)
        if (places[number], people[code]) not in there
    )
    record(
        "appeal_seated",
        actor=by,
        subject=f"round:{appeal.evaluation.round_id}",
        at=now,
        now=now,
        public={"number": appeal.number, "stage": stage, "panels": panels.panels_digest(seats)},
    )
    return made


@transaction.atomic
def seal_appeal(appeal_id: UUID, *, by: str, now: datetime) -> Appeal:
    """Seal the scores of new panels: from now on none of them changes, and the record has their count and root.

    Raises:
        SealedError: it is sealed already.
        SheetsMissingError: sheets are missing; names whose.
        PanelsDifferError: a stored score is not what its commitment says.
    """
    appeal = _open(appeal_id)
    rows = Assignment.objects.filter(appeal=appeal, left_at=None, latest=0).order_by()
    counted = rows.values("reviewer__user__name").annotate(count=Count("pk")).order_by("reviewer__user__name")
    missing = {row["reviewer__user__name"]: row["count"] for row in counted}
    if missing:
        raise SheetsMissingError(missing_words(missing), missing)
    found = _commitments(appeal)
    appeal.sealed_at, appeal.count, appeal.scores_root = now, len(found), scores_root(found)
    appeal.save(update_fields=["sealed_at", "count", "scores_root"])
    record(
        "appeal_sealed",
        actor=by,
        subject=f"round:{appeal.evaluation.round_id}",
        at=now,
        now=now,
        public={"number": appeal.number, "count": appeal.count, "root": appeal.scores_root},
    )
    return appeal


def _open(appeal_id: UUID) -> Appeal:
    """Take an appeal for oneself, after its evaluation."""
    evaluation = Evaluation.objects.select_for_update().get(appeals=appeal_id)
    appeal = Appeal.objects.select_for_update().get(pk=appeal_id)
    appeal.evaluation = evaluation
    if appeal.sealed_at is not None:
        raise SealedError(_("These new panels have finished. Nothing in them changes any more."))
    return appeal


def _commitments(appeal: Appeal) -> list[str]:
    sealers = {stage.code: score_sealer(stage) for stage in panels.rules_of(appeal.evaluation).stages}
    found = []
    rows = ScoreVersion.objects.filter(assignment__appeal=appeal).select_related(
        "assignment__run", "assignment__participant", "assignment__reviewer"
    )
    for row in rows.order_by("assignment_id", "version"):
        seat = row.assignment
        score = Score(
            stage=seat.run.stage,
            result_no=seat.participant.result_no,
            reviewer=seat.reviewer.code,
            version=row.version,
            phase=1,
            points=tuple(row.points),
            at=row.at.astimezone(UTC),
            salt=row.salt,
        )
        if sealers[seat.run.stage](score, seat.participant.receipt) != row.commitment:
            raise PanelsDifferError(_("A score was changed after it was handed in. Please tell an auditor."))
        found.append(row.commitment)
    return found
