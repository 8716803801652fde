"""Clearing away: uploads nobody continued, and bytes that no row knows."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from panro.accounts.lifecycles import check
from panro.files import storage, uploads
from panro.files.models import Piece, StoredFile, Upload
from panro.files.states import UPLOAD_TRANSITIONS, State, UploadState

if TYPE_CHECKING:
    from uuid import UUID

    from django.core.files.storage import Storage

AGE: Final = timedelta(days=2)
"""Younger bytes may belong to a transaction that has not ended."""
BATCH: Final = 1_000


def expire_uploads(*, now: datetime) -> int:
    """Give up the uploads whose time is over, and delete their pieces; returns how many."""
    given_up = _expired(now)
    for upload in given_up:
        uploads.forget_pieces(upload)
    return len(given_up)


def sweep(*, now: datetime) -> int:
    """Delete stored bytes older than two days that no row knows, or that were to be destroyed; returns how many.

    Looks through one listing per day; what is right costs no more than being listed.
    """
    store = storage.files_storage()
    deleted = 0
    for kind in (storage.FILES, storage.PIECES):
        for day in _days(store, kind, now):
            keys = [f"{kind}/{day}/{name}" for name in _names(store, f"{kind}/{day}")]
            for start in range(0, len(keys), BATCH):
                for key in _unknown(keys[start : start + BATCH]):
                    store.delete(key)
                    deleted += 1
    return deleted


@transaction.atomic
def _expired(now: datetime) -> list[UUID]:
    rows = Upload.objects.select_for_update(skip_locked=True).filter(
        state__in=[UploadState.OPEN, UploadState.FINISHING], expires__lt=now
    )
    ended = []
    for row in rows.order_by("id"):
        if row.state == UploadState.FINISHING:
            check(UPLOAD_TRANSITIONS, row.state, UploadState.OPEN)
            row.state = UploadState.OPEN
        check(UPLOAD_TRANSITIONS, row.state, UploadState.EXPIRED)
        row.state = UploadState.EXPIRED
        row.save(update_fields=["state"])
        ended.append(row.pk)
    return ended


def _days(store: Storage, kind: str, now: datetime) -> list[str]:
    """Return the days of a kind that are old enough, of what is there."""
    last = f"{(now.astimezone(UTC) - AGE):%Y%m%d}"
    with suppress(FileNotFoundError):
        return [day for day in sorted(store.listdir(kind)[0]) if day.isdecimal() and day <= last]
    return []


def _names(store: Storage, path: str) -> list[str]:
    with suppress(FileNotFoundError):
        return sorted(store.listdir(path)[1])
    return []


def _unknown(keys: list[str]) -> list[str]:
    kept = set(StoredFile.objects.filter(key__in=keys).exclude(state=State.DESTROYED).values_list("key", flat=True))
    ended = [UploadState.FINISHED, UploadState.CANCELLED, UploadState.EXPIRED]
    kept |= set(Piece.objects.filter(key__in=keys).exclude(upload__state__in=ended).values_list("key", flat=True))
    return [key for key in keys if key not in kept]
