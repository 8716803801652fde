"""Asking for an export, making it, and putting it away.

Of personal data every line that leaves is in the access log (개인정보의 안전성 확보조치 기준, art. 8), and nothing
leaves without a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction

from panro.accounts.lifecycles import WrongStateError, check, leads
from panro.insight.access import may_export, may_open
from panro.insight.models import ExportJob
from panro.insight.states import TRANSITIONS, ExportState
from panro.record import access_log
from panro.record.actions import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.editions.models import Edition

EXPORTED: Final = "exported"
"""The word of the access log."""
WHY_LENGTH: Final = 300
_MAKER: Final = "system:insight"


class NoReasonError(ValueError):
    """An export of personal data was asked for without saying why."""


class NotYoursError(PermissionDenied):
    """Somebody else asked for this export."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported; empty texts narrow nothing."""

    dataset: str
    form: str
    language: str
    edition: Edition
    programme: str = ""
    round_code: str = ""
    state: str = ""

    @property
    def subject(self) -> str:
        """What it is about, as the record names subjects."""
        return "season:" + "/".join(filter(None, (self.edition.code, self.programme, self.round_code)))


def ask_for(wanted: Wanted, reason: str, *, by: User, now: datetime) -> ExportJob:
    """Ask for an export; a worker makes it at once. A refusal is recorded as well.

    Raises:
        PermissionDenied: neither officer nor chief.
        NoReasonError: nobody says why.
    """
    if not may_export(by):
        _refused(wanted, "role", by, now)
        raise PermissionDenied
    if not reason.strip():
        _refused(wanted, "no_reason", by, now)
        raise NoReasonError
    return _queue(wanted, reason.strip(), by, now)


@transaction.atomic
def _queue(wanted: Wanted, reason: str, by: User, now: datetime) -> ExportJob:
    from panro.insight.tasks import make_export  # noqa: PLC0415 - the task carries out this module's acts

    job = ExportJob.objects.create(
        dataset=wanted.dataset,
        form=wanted.form,
        language=wanted.language,
        edition=wanted.edition,
        programme=wanted.programme,
        round_code=wanted.round_code,
        state_filter=wanted.state,
        reason=reason,
        asked_by=by,
        asked_at=now,
    )
    record(
        "export_asked",
        actor=str(by.pk),
        subject=f"export:{job.pk}",
        at=now,
        now=now,
        payload={"reason": reason},
        public={"dataset": wanted.dataset, "of": wanted.subject, "state": wanted.state},
    )
    make_export.enqueue(str(job.pk))
    return job


@transaction.atomic
def _refused(wanted: Wanted, why: str, by: User, now: datetime) -> None:
    record(
        "export_refused",
        actor=str(by.pk),
        subject=wanted.subject,
        at=now,
        now=now,
        public={"dataset": wanted.dataset, "why": why},
    )


@transaction.atomic
def ask_again(job_id: UUID, *, by: User, now: datetime) -> ExportJob:
    """Have a failed export made once more.

    Raises:
        NotYoursError: somebody else asked for it.
        WrongStateError: it has not failed.
    """
    from panro.insight.tasks import make_export  # noqa: PLC0415 - the task carries out this module's acts

    job = ExportJob.objects.select_for_update(of=("self",)).get(pk=job_id)
    if not may_open(by, job):
        raise NotYoursError
    if job.state == ExportState.RUNNING:  # that way is for workers that fell silent
        raise WrongStateError("the export is being made")
    check(TRANSITIONS, job.state, ExportState.QUEUED)
    job.state, job.heard_at, job.done, job.total = ExportState.QUEUED, None, 0, None
    job.save(update_fields=["state", "heard_at", "done", "total"])
    record("export_asked_again", actor=str(by.pk), subject=f"export:{job.pk}", at=now, now=now)
    make_export.enqueue(str(job.pk))
    return job


@transaction.atomic
def claim(job_id: UUID, *, now: datetime) -> ExportJob | None:
    """Begin to make an export; None if it is not waiting, or another worker was faster."""
    job = ExportJob.objects.select_for_update(of=("self",)).select_related("edition").filter(pk=job_id).first()
    if job is None or not leads(TRANSITIONS, job.state, ExportState.RUNNING):
        return None
    job.state, job.heard_at, job.done, job.total = ExportState.RUNNING, now, 0, None
    job.attempt += 1
    job.save(update_fields=["state", "heard_at", "done", "total", "attempt"])
    return job


def tell(job: ExportJob, *, done: int, total: int, now: datetime) -> bool:
    """Say how far an export is; returns whether it is still this worker's. One statement."""
    mine = ExportJob.objects.filter(pk=job.pk, state=ExportState.RUNNING, attempt=job.attempt)
    return mine.update(done=done, total=max(done, total), heard_at=now) == 1


@transaction.atomic
def settle(
    job: ExportJob, *, key: str, length: int, rows: int, parties: Iterable[Sequence[UUID]], now: datetime
) -> bool:
    """Note where an export lies, and in the access log whose data is in it; returns whether it was still awaited.

    Args:
        job: as :func:`claim` gave it.
        key: under which the storage has the file.
        length: of the file, in bytes.
        rows: how many it has.
        parties: whose data, in batches, each party once.
        now: aware.
    """
    row = ExportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if row.state != ExportState.RUNNING or row.attempt != job.attempt:
        return False
    check(TRANSITIONS, row.state, ExportState.DONE)
    row.state, row.key, row.length, row.made_at = ExportState.DONE, key, length, now
    row.done = row.total = rows
    row.save(update_fields=["state", "key", "length", "made_at", "done", "total"])
    for batch in parties:
        access_log.note_all(
            actor=str(row.asked_by_id),
            parties=[f"party:{party}" for party in batch],
            what=EXPORTED,
            why=row.reason[:WHY_LENGTH],
            at=now,
            now=now,
        )
    record("export_made", actor=_MAKER, subject=f"export:{row.pk}", at=now, now=now, public={"rows": rows})
    return True


@transaction.atomic
def fail(job: ExportJob, *, now: datetime) -> None:
    """Note that an export could not be made, if it is still this worker's."""
    row = ExportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if row.state != ExportState.RUNNING or row.attempt != job.attempt:
        return
    check(TRANSITIONS, row.state, ExportState.FAILED)
    row.state = ExportState.FAILED
    row.save(update_fields=["state"])
    record("export_failed", actor=_MAKER, subject=f"export:{row.pk}", at=now, now=now)


@transaction.atomic
def give_back(jobs: Sequence[UUID], *, silent_since: datetime) -> list[UUID]:
    """Queue exports whose worker has not been heard of; returns those that wait again."""
    rows = ExportJob.objects.select_for_update(of=("self",)).filter(
        pk__in=jobs, state=ExportState.RUNNING, heard_at__lt=silent_since
    )
    found = []
    for row in rows.order_by("id"):
        check(TRANSITIONS, row.state, ExportState.QUEUED)
        row.state, row.heard_at = ExportState.QUEUED, None
        row.save(update_fields=["state", "heard_at"])
        found.append(row.pk)
    return found


@transaction.atomic
def expire(jobs: Sequence[UUID], *, now: datetime) -> list[str]:
    """Note that exports are deleted; returns the keys whose bytes are to go."""
    keys = []
    rows = ExportJob.objects.select_for_update(of=("self",)).filter(
        pk__in=jobs, state__in=[ExportState.DONE, ExportState.FAILED]
    )
    for row in rows.order_by("id"):
        check(TRANSITIONS, row.state, ExportState.EXPIRED)
        keys.append(row.key)
        row.state, row.key = ExportState.EXPIRED, ""
        row.save(update_fields=["state", "key"])
        record("export_expired", actor=_MAKER, subject=f"export:{row.pk}", at=now, now=now)
    return [key for key in keys if key]


@transaction.atomic
def note_opening(job: ExportJob, *, by: User, source: str, now: datetime) -> None:
    """Record that the file of an export is handed out."""
    record(
        "export_opened",
        actor=str(by.pk),
        subject=f"export:{job.pk}",
        at=now,
        now=now,
        payload={"from": source},
    )
