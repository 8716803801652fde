"""Making an export in a worker: rows from a cursor of the database into a file, and the file into the storage."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING, Final

from django.utils import translation

from panro.files import storage
from panro.insight import actions, sheets
from panro.insight.datasets import BATCH, Content
from panro.insight.models import ExportJob
from panro.insight.states import ExportState
from panro.ui.clock import day_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from uuid import UUID

EXPORTS: Final = "office-exports"
KEPT: Final = timedelta(days=7)
SILENCE: Final = timedelta(minutes=5)
"""A worker that tells nothing for so long is given up."""
MOST: Final = 500


class TakenAwayError(RuntimeError):
    """Another worker makes this export now."""


def make(job_id: UUID, *, clock: Callable[[], datetime]) -> bool:
    """Make one export; returns whether it was this call that finished it."""
    job = actions.claim(job_id, now=clock())
    if job is None:
        return False
    try:
        with translation.override(job.language):
            return _make(job, clock)
    except TakenAwayError:
        return False
    except Exception as wrong:
        actions.fail(job, now=clock())
        if isinstance(wrong, OSError):  # the storage is away; the page offers to try again
            return False
        raise


def silent(now: datetime) -> list[UUID]:
    """Return exports whose worker has not been heard of."""
    rows = ExportJob.objects.filter(state=ExportState.RUNNING, heard_at__lt=now - SILENCE)
    return list(rows.order_by("asked_at", "id").values_list("pk", flat=True)[:MOST])


def forgotten(now: datetime) -> list[UUID]:
    """Return exports that wait although their task must have come by: the queue lost it."""
    rows = ExportJob.objects.filter(state=ExportState.QUEUED, asked_at__lt=now - SILENCE)
    return list(rows.order_by("asked_at", "id").values_list("pk", flat=True)[:MOST])


def too_old(now: datetime) -> list[UUID]:
    """Return exports whose seven days are over."""
    rows = ExportJob.objects.filter(state__in=[ExportState.DONE, ExportState.FAILED], asked_at__lt=now - KEPT)
    return list(rows.order_by("asked_at", "id").values_list("pk", flat=True)[:MOST])


def _make(job: ExportJob, clock: Callable[[], datetime]) -> bool:
    content = Content(job, day_of(job.asked_at))
    passed = _Counted(job, content, clock)
    key = storage.new_key(EXPORTS, job.pk, clock())
    with tempfile.TemporaryFile() as made:
        sheets.write(made, job.form, content.title, content.header, passed.rows())
        length = made.tell()
        made.seek(0)
        storage.write(key, storage.pieces(made), limit=length)
    parties = batched(sorted(content.parties), BATCH, strict=False)
    settled = False
    try:
        settled = actions.settle(job, key=key, length=length, rows=passed.count, parties=parties, now=clock())
    finally:
        if not settled:
            storage.forget(key)
    return settled


class _Counted:
    """Rows on their way into the file; after each batch the job says how far it is."""

    def __init__(self, job: ExportJob, content: Content, clock: Callable[[], datetime]) -> None:
        self.job = job
        self.content = content
        self.clock = clock
        self.count = 0

    def rows(self) -> Iterator[sheets.Row]:
        total = self.content.count()
        self._tell(total)
        for row in self.content.rows():
            yield row
            self.count += 1
            if self.count % BATCH == 0:
                self._tell(total)

    def _tell(self, total: int) -> None:
        if not actions.tell(self.job, done=self.count, total=total, now=self.clock()):
            raise TakenAwayError
