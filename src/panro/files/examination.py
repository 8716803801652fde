"""Examining a file in a worker: whole as it was handed in, of an accepted kind, free of viruses.

Claimed in one short transaction, examined outside of any, settled in another. A scan that cannot be made leaves the
file pending, to be tried again; after some attempts it has failed. Nothing but a scanner's plain answer makes it clean.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import Q

from panro.accounts.lifecycles import check
from panro.files import content, storage
from panro.files.models import REASON_LENGTH, StoredFile
from panro.files.purposes import UnknownPurposeError, purpose
from panro.files.refusals import FileRefusedError, Refusal
from panro.files.scanner import Scan, Scanner, Verdict
from panro.files.states import TRANSITIONS, State
from panro.record.actions import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from uuid import UUID

LEASE: Final = timedelta(minutes=15)
"""After this an attempt counts as interrupted, or as failed for now, and the file is tried again."""
ATTEMPTS: Final = 6
ACTOR: Final = "system:examination"


class InTransactionError(RuntimeError):
    """A file would have been examined inside of a transaction."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an examination found; ``state`` None means that it must be tried again."""

    state: State | None
    reason: str = ""
    type: str = ""


def examine(file: UUID, *, scanner: Scanner, clock: Callable[[], datetime]) -> State | None:
    """Examine one file; returns its new state, or None if there is nothing to do now, or it must be tried again.

    Raises:
        InTransactionError: called inside of a transaction.
    """
    if connection.in_atomic_block:
        raise InTransactionError("files are examined outside of any transaction")
    claimed = _claim(file, clock())
    if claimed is None:
        return None
    finding = look_at(claimed, scanner)
    return _settle(claimed, finding, clock())


def waiting(now: datetime, *, limit: int = 500) -> list[UUID]:
    """Return the files that wait for an examination nobody is making, oldest first."""
    free = Q(claimed=None) | Q(claimed__lt=now - LEASE)
    rows = StoredFile.objects.filter(free, state=State.PENDING).order_by("created", "id")
    return list(rows.values_list("pk", flat=True)[:limit])


def look_at(file: StoredFile, scanner: Scanner) -> Finding:
    """Examine the bytes of a file; writes nothing."""
    try:
        with _bytes_of(file) as stream:
            if not _is_whole(stream, file):
                return Finding(State.FAILED, f"{Refusal.LOST}: the stored bytes are not those that were handed in")
            return _judge(file, stream, scanner)
    except FileNotFoundError:
        return Finding(State.FAILED, f"{Refusal.LOST}: the storage does not have it")
    except OSError as wrong:
        return Finding(None, f"{Refusal.NOT_CHECKED}: the storage failed: {wrong}")


def _judge(file: StoredFile, stream: IO[bytes], scanner: Scanner) -> Finding:
    scan = scanner.scan(stream)
    if scan.verdict is not Verdict.CLEAN:
        return _not_clean(scan)
    try:
        kind = content.examine(stream, file.size, file.name)
        if kind not in purpose(file.purpose).kinds:
            return Finding(State.REFUSED, f"{Refusal.WRONG_TYPE}: {kind}")
    except FileRefusedError as refused:
        return Finding(State.REFUSED, refused.refusal.value)
    except UnknownPurposeError as wrong:
        return Finding(State.FAILED, f"{Refusal.NOT_CHECKED}: {wrong}")
    return Finding(State.CLEAN, type=kind.media_type)


def _not_clean(scan: Scan) -> Finding:
    if scan.verdict is Verdict.INFECTED:
        return Finding(State.INFECTED, f"{Refusal.VIRUS}: {scan.detail}")
    if scan.verdict is Verdict.TOO_LARGE:
        return Finding(State.FAILED, f"{Refusal.TOO_LARGE_TO_CHECK}: {scan.detail}")
    return Finding(None, f"{Refusal.NOT_CHECKED}: {scan.detail}")


@contextmanager
def _bytes_of(file: StoredFile) -> Iterator[IO[bytes]]:
    with storage.files_storage().open(file.key) as opened:
        yield opened.file if opened.file is not None else opened


def _is_whole(stream: IO[bytes], file: StoredFile) -> bool:
    stream.seek(0)
    digest = hashlib.sha256()
    length = 0
    for chunk in storage.pieces(stream):
        digest.update(chunk)
        length += len(chunk)
    return length == file.size and digest.hexdigest() == file.sha256


@transaction.atomic
def _claim(file: UUID, now: datetime) -> StoredFile | None:
    row = StoredFile.objects.select_for_update(skip_locked=True).filter(pk=file, state=State.PENDING).first()
    if row is None or (row.claimed is not None and row.claimed >= now - LEASE):
        return None
    row.claimed = now
    row.attempts += 1
    row.save(update_fields=["claimed", "attempts"])
    return row


@transaction.atomic
def _settle(claimed: StoredFile, finding: Finding, now: datetime) -> State | None:
    row = StoredFile.objects.select_for_update().get(pk=claimed.pk)
    if row.state != State.PENDING or row.claimed != claimed.claimed:
        return None
    row.reason = finding.reason[:REASON_LENGTH]
    after = finding.state
    if after is None:
        if row.attempts < ATTEMPTS:
            row.save(update_fields=["reason"])
            return None
        after = State.FAILED
    check(TRANSITIONS, row.state, after)
    row.state, row.examined = after, now
    row.type = finding.type or row.type
    row.save(update_fields=["state", "reason", "examined", "type"])
    record("file_examined", actor=ACTOR, subject=f"file:{row.pk}", at=now, now=now, public={"state": after.value})
    _tell(row, now)
    return after


def _tell(file: StoredFile, now: datetime) -> None:
    try:
        settled = purpose(file.purpose).settled
    except UnknownPurposeError:
        return
    if settled is not None:
        settled(file, now)
