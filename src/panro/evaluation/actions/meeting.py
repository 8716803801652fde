"""Panels that meet: what they wrote down, who presents when, which places were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from panro.evaluation.actions.locks import lock_run
from panro.evaluation.errors import EvaluationError
from panro.evaluation.models import PanelMinute, Participant, SiteVisit, TimetableSlot, VisitPhoto
from panro.evaluation.models.sheets import MINUTE_LENGTH
from panro.evaluation.states import RunState
from panro.record.actions import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.evaluation.models import StageRun


@transaction.atomic
def write_minute(run_id: UUID, text: str, *, result_no: int | None = None, by: User, now: datetime) -> PanelMinute:
    """Write down what a panel discussed, of one application or of the whole stage. It stays as it is.

    Raises:
        SealedError: the evaluation is sealed.
        EvaluationError: nothing was written, or the stage is not judged yet.
    """
    run = lock_run(run_id, RunState.OPEN, RunState.CLOSED)
    said = text.strip()
    if not said or len(said) > MINUTE_LENGTH:
        raise EvaluationError(_("Please write what was discussed, in at most 8,000 characters."))
    minute = PanelMinute.objects.create(
        run=run, participant=None if result_no is None else _participant(run, result_no), text=said, by=by, at=now
    )
    _note("minute_written", run, by, now, {"text": said})
    return minute


@transaction.atomic
def plan_presentation(
    run_id: UUID, result_no: int, place: str, starts: datetime, ends: datetime, *, by: User, now: datetime
) -> TimetableSlot:
    """Say when and where an applicant presents; saying it again moves the appointment.

    Raises:
        EvaluationError: the place is taken then, or the end is not after the beginning.
    """
    run = lock_run(run_id, RunState.DRAFT, RunState.ASSIGNED, RunState.OPEN)
    if ends <= starts or not place.strip():
        raise EvaluationError(_("An appointment needs a place, and an end after its beginning."))
    participant = _participant(run, result_no)
    others = TimetableSlot.objects.filter(run=run, place=place, starts__lt=ends, ends__gt=starts)
    if others.exclude(participant=participant).exists():
        raise EvaluationError(_("Somebody else presents there at that time."))
    slot, _made = TimetableSlot.objects.update_or_create(
        participant=participant, defaults={"run": run, "place": place, "starts": starts, "ends": ends}
    )
    _note("presentation_planned", run, by, now, {"receipt": participant.receipt, "starts": starts.isoformat()})
    return slot


@transaction.atomic
def plan_visit(run_id: UUID, result_no: int, place: str, planned: datetime, *, by: User, now: datetime) -> SiteVisit:
    """Say when a place is looked at; saying it again moves the visit.

    Raises:
        EvaluationError: no place, or the visit has been carried out.
    """
    run = lock_run(run_id, RunState.DRAFT, RunState.ASSIGNED, RunState.OPEN)
    participant = _participant(run, result_no)
    if not place.strip():
        raise EvaluationError(_("A visit needs a place."))
    if SiteVisit.objects.filter(participant=participant, visited_at__isnull=False).exists():
        raise EvaluationError(_("This visit has been carried out."))
    visit, _made = SiteVisit.objects.update_or_create(
        participant=participant, defaults={"place": place, "planned": planned, "by": by}
    )
    _note("visit_planned", run, by, now, {"receipt": participant.receipt, "planned": planned.isoformat()})
    return visit


@transaction.atomic
def tell_visit(
    visit_id: UUID, note: str, photos: Sequence[UUID], *, visited_at: datetime, by: User, now: datetime
) -> SiteVisit:
    """Tell what was seen on a visit, with photographs (ids of stored files).

    Raises:
        EvaluationError: nothing was written, it was told before, or a photograph belongs elsewhere.
    """
    visit = SiteVisit.objects.select_related("participant").get(pk=visit_id)
    run = lock_run(visit.participant.run_id, RunState.OPEN, RunState.CLOSED)
    visit = SiteVisit.objects.select_for_update(of=("self",)).select_related("participant").get(pk=visit_id)
    if visit.visited_at is not None:
        raise EvaluationError(_("This visit has been carried out."))
    if not note.strip():
        raise EvaluationError(_("Please write what was seen."))
    visit.visited_at, visit.note, visit.by = visited_at, note.strip(), by
    visit.save(update_fields=["visited_at", "note", "by"])
    try:
        with transaction.atomic():
            VisitPhoto.objects.bulk_create(
                VisitPhoto(visit=visit, file_id=file, position=place) for place, file in enumerate(photos, 1)
            )
    except IntegrityError as taken:
        raise EvaluationError(_("One of the photographs belongs to another visit.")) from taken
    _note("visit_carried_out", run, by, now, {"receipt": visit.participant.receipt, "photos": str(len(photos))})
    return visit


def _participant(run: StageRun, result_no: int) -> Participant:
    found = Participant.objects.filter(run=run, result_no=result_no).first()
    if found is None:
        raise EvaluationError(_("Result number %(number)s does not take part in this stage.") % {"number": result_no})
    return found


def _note(act: str, run: StageRun, by: User, now: datetime, payload: dict[str, str]) -> None:
    subject = f"round:{run.evaluation.round_id}"
    record(act, actor=str(by.pk), subject=subject, at=now, now=now, public={"stage": run.stage}, payload=payload)
