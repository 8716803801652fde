"""Files that arrive in pieces: begun, continued after every interruption, put together, given up.

A piece is stored before it is written down, and written down only if it begins where the upload ends; of two that
arrive at once one is thrown away. No piece lies on the disk of one node, so the next may arrive at another.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, transaction

from panro.accounts.ids import new_id
from panro.accounts.lifecycles import check
from panro.files import content, names, storage
from panro.files.actions import (
    check_head,
    claim_room,
    first_guess,
    outside_of_a_transaction,
    write_down,
)
from panro.files.models import Piece, StoredFile, Upload
from panro.files.purposes import purpose
from panro.files.refusals import FileRefusedError, Refusal
from panro.files.states import UPLOAD_TRANSITIONS, UploadState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

PIECE_BYTES: Final = 8 * 1024 * 1024
LIFETIME: Final = timedelta(days=1)
"""An upload that is not continued for this long is given up."""
LEASE: Final = timedelta(minutes=5)
"""Putting together that takes longer was interrupted, and may be begun again."""


class OffsetError(ValueError):
    """A piece does not begin where the upload ends; ``expected`` says where that is."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"the next piece must begin at {expected}")
        self.expected = expected


class NotOpenError(RuntimeError):
    """The upload takes no more pieces: finished, cancelled or given up."""


class BusyError(RuntimeError):
    """The upload is being put together at this moment; ask again in a few seconds."""


class IncompleteError(RuntimeError):
    """The upload cannot be finished, because not all of it is there."""


def begin(*, owner: UUID, purpose_code: str, name: str, size: int, now: datetime) -> Upload:
    """Begin an upload of a known size.

    Raises:
        UnknownPurposeError: nobody takes files for this.
        FileRefusedError: empty, too large, or one too many.
    """
    wanted = purpose(purpose_code)
    if size < 1:
        raise FileRefusedError(Refusal.EMPTY)
    if size > wanted.max_bytes:
        raise FileRefusedError(Refusal.TOO_LARGE)
    with transaction.atomic():
        claim_room(wanted, owner)
        return Upload.objects.create(
            owner_id=owner, purpose=wanted.code, name=names.clean(name), size=size, created=now, expires=now + LIFETIME
        )


def find(upload: UUID, *, owner: UUID) -> Upload:
    """Return an upload of an account.

    Raises:
        Upload.DoesNotExist: there is none, or it is somebody else's.
    """
    return Upload.objects.get(pk=upload, owner=owner)


def add(upload: UUID, *, owner: UUID, offset: int, data: bytes, now: datetime) -> int:
    """Add a piece; returns where the next one must begin.

    Raises:
        InTransactionError: called inside of a transaction.
        Upload.DoesNotExist: there is none, or it is somebody else's.
        NotOpenError, OffsetError: it cannot be added.
        FileRefusedError: more than was announced, or the file is of a wrong kind.
        OSError: the storage failed; nothing is left behind.
    """
    outside_of_a_transaction()
    held = find(upload, owner=owner)
    _check_piece(held, offset, len(data))
    if not data:
        return held.received
    if offset == 0 and (len(data) >= content.HEAD or len(data) == held.size):
        check_head(purpose(held.purpose), data, held.name)
    key = storage.new_key(storage.PIECES, held.pk, now)
    storage.write(key, [data], limit=len(data))
    try:
        with transaction.atomic():
            held = Upload.objects.select_for_update().get(pk=upload, owner=owner)
            _check_piece(held, offset, len(data))
            Piece.objects.create(upload=held, offset=offset, size=len(data), key=key)
            held.received += len(data)
            held.expires = max(held.expires, now + LIFETIME)
            held.save(update_fields=["received", "expires"])
    except BaseException:
        storage.forget(key)
        raise
    return held.received


def finish(upload: UUID, *, owner: UUID, now: datetime) -> StoredFile:
    """Put an upload together; finishing again returns the same file.

    Raises:
        InTransactionError: called inside of a transaction.
        Upload.DoesNotExist: there is none, or it is somebody else's.
        NotOpenError, BusyError, IncompleteError: it cannot be finished, or not now.
        FileRefusedError: of a wrong kind, or a piece of it is lost.
        OSError: the storage failed; the pieces are still there, and it may be tried again.
    """
    outside_of_a_transaction()
    held = _claim(upload, owner, now)
    if held.file is not None:
        return held.file
    try:
        file = _put_together(held, now)
    except BaseException as wrong:
        _release(held, given_up=isinstance(wrong, FileRefusedError))
        raise
    try:
        finished = _settle(held, file, now)
    except BaseException:
        storage.forget(file.key)
        with suppress(DatabaseError):  # then its lease lets it go
            _release(held, given_up=False)
        raise
    if finished.pk == file.pk:
        forget_pieces(held.pk)
    else:
        storage.forget(file.key)
    return finished


def cancel(upload: UUID, *, owner: UUID) -> None:
    """Give an upload up at once.

    Raises:
        Upload.DoesNotExist: there is none, or it is somebody else's.
        NotOpenError: it is finished.
    """
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload, owner=owner)
        if held.state not in {UploadState.OPEN, UploadState.FINISHING}:
            raise NotOpenError("the upload has ended already")
        check(UPLOAD_TRANSITIONS, held.state, UploadState.CANCELLED)
        held.state = UploadState.CANCELLED
        held.save(update_fields=["state"])
    forget_pieces(upload)


def forget_pieces(upload: UUID) -> None:
    """Delete the pieces of an upload that has ended."""
    for key in Piece.objects.filter(upload=upload).values_list("key", flat=True):
        storage.forget(key)
    Piece.objects.filter(upload=upload).delete()


def _check_piece(held: Upload, offset: int, length: int) -> None:
    if held.state != UploadState.OPEN:
        raise NotOpenError("the upload takes no more pieces")
    if offset != held.received:
        raise OffsetError(held.received)
    if length > PIECE_BYTES or offset + length > held.size:
        raise FileRefusedError(Refusal.TOO_LARGE)


@transaction.atomic
def _claim(upload: UUID, owner: UUID, now: datetime) -> Upload:
    # Not joined with the file: a row that was waited for is read anew, what it is joined with is not.
    held = Upload.objects.select_for_update().get(pk=upload, owner=owner)
    if held.state == UploadState.FINISHED:
        return held
    if held.state == UploadState.FINISHING:
        if held.claimed is not None and held.claimed > now - LEASE:
            raise BusyError("the upload is being put together")
        held.state = UploadState.OPEN
    if held.state != UploadState.OPEN:
        raise NotOpenError("the upload was cancelled or given up")
    if held.received != held.size:
        raise IncompleteError(f"{held.received} of {held.size} bytes are there")
    check(UPLOAD_TRANSITIONS, held.state, UploadState.FINISHING)
    held.state, held.claimed = UploadState.FINISHING, now
    held.save(update_fields=["state", "claimed"])
    return held


def _put_together(held: Upload, now: datetime) -> StoredFile:
    """Copy the pieces into one object; returns the file that is not written down yet."""
    wanted = purpose(held.purpose)
    chunks = _content(held)
    head = b""
    while len(head) < content.HEAD and (chunk := next(chunks, b"")):
        head += chunk
    kinds = check_head(wanted, head, held.name)
    identity = new_id()
    key = storage.new_key(storage.FILES, identity, now)

    def whole() -> Iterator[bytes]:
        yield head
        yield from chunks

    measured = storage.write(key, whole(), limit=held.size)
    if measured.length != held.size:
        storage.forget(key)
        raise FileRefusedError(Refusal.LOST)
    return StoredFile(
        id=identity,
        owner_id=held.owner_id,
        purpose=held.purpose,
        name=held.name,
        size=measured.length,
        sha256=measured.sha256,
        type=first_guess(kinds),
        key=key,
        created=now,
    )


def _content(held: Upload) -> Iterator[bytes]:
    expected = 0
    for piece in Piece.objects.filter(upload=held.pk).order_by("offset"):
        if piece.offset != expected:
            raise FileRefusedError(Refusal.LOST)
        try:
            with storage.files_storage().open(piece.key) as stream:
                yield from storage.pieces(stream)
        except FileNotFoundError:
            raise FileRefusedError(Refusal.LOST) from None
        expected += piece.size


@transaction.atomic
def _settle(held: Upload, file: StoredFile, now: datetime) -> StoredFile:
    current = Upload.objects.select_for_update().get(pk=held.pk)
    if current.file is not None:  # somebody else was faster after our lease had ended
        return current.file
    if current.state != UploadState.FINISHING or current.claimed != held.claimed:
        raise BusyError("the upload was taken over")
    write_down(file, now=now)
    check(UPLOAD_TRANSITIONS, current.state, UploadState.FINISHED)
    current.state, current.file = UploadState.FINISHED, file
    current.save(update_fields=["state", "file"])
    return file


def _release(held: Upload, *, given_up: bool) -> None:
    """Let an upload that could not be put together be tried again, or end it if that can never help."""
    with transaction.atomic():
        current = Upload.objects.select_for_update().get(pk=held.pk)
        if current.state != UploadState.FINISHING or current.claimed != held.claimed:
            return
        after = UploadState.CANCELLED if given_up else UploadState.OPEN
        check(UPLOAD_TRANSITIONS, current.state, after)
        current.state = after
        current.save(update_fields=["state"])
    if given_up:
        forget_pieces(held.pk)
