"""What is done with files: taken in whole, examined again, destroyed."""

from __future__ import annotations

from itertools import chain
from typing import IO, TYPE_CHECKING

from django.db import connection, transaction

from panro.accounts.ids import new_id
from panro.accounts.lifecycles import check
from panro.files import content, names, storage
from panro.files.models import StoredFile, Upload
from panro.files.purposes import Purpose, purpose
from panro.files.refusals import FileRefusedError, Refusal
from panro.files.states import TRANSITIONS, State, UploadState
from panro.files.tasks import erase, examine
from panro.record.actions import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.core.files.base import File


class InTransactionError(RuntimeError):
    """Bytes would have been stored inside of a transaction, which would stay open as long as that takes."""


def store(*, owner: UUID, purpose_code: str, name: str, stream: IO[bytes] | File[bytes], now: datetime) -> StoredFile:
    """Take a file in. It is stored first and written down after, so that what is written down is there.

    Args:
        owner: the account that hands it in.
        purpose_code: what for.
        name: as the person gave it.
        stream: its bytes, from where it stands.
        now: the moment.

    Raises:
        InTransactionError: called inside of a transaction.
        UnknownPurposeError: nobody takes files for this.
        FileRefusedError: empty, too large, of a wrong kind, or one too many.
        OSError: the storage failed; nothing is left behind.
    """
    outside_of_a_transaction()
    wanted = purpose(purpose_code)
    if room(wanted, owner) < 1:
        raise FileRefusedError(Refusal.TOO_MANY)
    chunks = storage.pieces(stream)
    head = b""
    while len(head) < content.HEAD and (chunk := next(chunks, b"")):
        head += chunk
    kinds = check_head(wanted, head, name)
    identity = new_id()
    key = storage.new_key(storage.FILES, identity, now)
    measured = storage.write(key, chain([head], chunks), limit=wanted.max_bytes)
    file = StoredFile(
        id=identity,
        owner_id=owner,
        purpose=wanted.code,
        name=names.clean(name),
        size=measured.length,
        sha256=measured.sha256,
        type=first_guess(kinds),
        key=key,
        created=now,
    )
    try:
        with transaction.atomic():
            claim_room(wanted, owner)
            write_down(file, now=now)
    except BaseException:
        storage.forget(key)
        raise
    return file


def write_down(file: StoredFile, *, now: datetime) -> None:
    """Add a file that lies in the storage, and its entry, and have it examined; in the caller's transaction."""
    file.save(force_insert=True)
    record(
        "file_received",
        actor=str(file.owner_id),
        subject=f"file:{file.pk}",
        at=now,
        now=now,
        public={"purpose": file.purpose},
        payload={"sha256": file.sha256, "size": file.size},
    )
    examine.enqueue(str(file.pk))


@transaction.atomic
def examine_again(files: Sequence[UUID], *, actor: str, now: datetime) -> int:
    """Have failed files examined once more, as an officer decides; returns how many.

    Raises:
        WrongStateError: one of them has not failed.
    """
    rows = _locked(files)
    for row in rows:
        check(TRANSITIONS, row.state, State.PENDING)
        row.state, row.reason, row.attempts, row.claimed, row.examined = State.PENDING, "", 0, None, None
        row.save(update_fields=["state", "reason", "attempts", "claimed", "examined"])
        record("file_examined_again", actor=actor, subject=f"file:{row.pk}", at=now, now=now)
        examine.enqueue(str(row.pk))
    return len(rows)


@transaction.atomic
def destroy(files: Sequence[UUID], *, actor: str, reason: str, now: datetime) -> int:
    """Destroy files whose purpose has ended; returns how many. What was destroyed before is left out.

    From this transaction on nobody can open them; their names are gone with it, their bytes by the task after it
    (Personal Information Protection Act, art. 21).
    """
    rows = [row for row in _locked(files) if row.state != State.DESTROYED]
    for row in rows:
        check(TRANSITIONS, row.state, State.DESTROYED)
        row.state, row.name, row.destroyed = State.DESTROYED, "", now
        row.save(update_fields=["state", "name", "destroyed"])
        record(
            "file_destroyed",
            actor=actor,
            subject=f"file:{row.pk}",
            at=now,
            now=now,
            public={"purpose": row.purpose, "reason": reason},
        )
    Upload.objects.filter(file__in=rows).update(name="-")
    if rows:
        erase.enqueue([row.key for row in rows])
    return len(rows)


def check_head(wanted: Purpose, head: bytes, name: str) -> frozenset[content.Kind]:
    """Return what a file may be by its beginning, of what the purpose takes.

    Raises:
        FileRefusedError: nothing of it, or the file is empty.
    """
    if not head:
        raise FileRefusedError(Refusal.EMPTY)
    kinds = content.possible(head[: content.HEAD], name) & wanted.kinds
    if not kinds:
        raise FileRefusedError(Refusal.WRONG_TYPE)
    return kinds


def first_guess(kinds: frozenset[content.Kind]) -> str:
    """Return the media type until the file was examined."""
    return next(iter(kinds)).media_type if len(kinds) == 1 else content.Kind.ZIP.media_type


def claim_room(wanted: Purpose, owner: UUID) -> None:
    """Make sure that one more file fits, and let no other transaction add one until this one ends.

    Raises:
        FileRefusedError: there are as many as allowed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"files:{owner}:{wanted.code}"])
    if room(wanted, owner) < 1:
        raise FileRefusedError(Refusal.TOO_MANY)


def room(wanted: Purpose, owner: UUID) -> int:
    """Return how many more files an account may hand in for a purpose; those arriving are counted."""
    there = StoredFile.objects.filter(owner=owner, purpose=wanted.code).exclude(
        state__in=[State.DESTROYED, State.REFUSED, State.INFECTED]
    )
    arriving = Upload.objects.filter(
        owner=owner, purpose=wanted.code, state__in=[UploadState.OPEN, UploadState.FINISHING]
    )
    return wanted.max_files - there.count() - arriving.count()


def outside_of_a_transaction() -> None:
    """Refuse to store bytes while a transaction waits.

    Raises:
        InTransactionError: there is one.
    """
    if connection.in_atomic_block:
        raise InTransactionError("files are stored outside of any transaction")


def _locked(files: Sequence[UUID]) -> list[StoredFile]:
    return list(StoredFile.objects.select_for_update().filter(pk__in=files).order_by("id"))
