"""Making the sizes of a picture that was handed in: claimed, made outside of any transaction, settled."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q

from panro.catalog import sizing
from panro.catalog.actions.pictures import settle_picture
from panro.catalog.models import Picture
from panro.catalog.states import PictureState
from panro.files import storage
from panro.files.states import State
from panro.ui.clock import today

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from panro.files.models import StoredFile

LEASE: Final = timedelta(minutes=10)
PICTURES: Final = "pictures"
_IN_MEMORY: Final = 8 * 1024 * 1024


def make(file: UUID, *, clock: Callable[[], datetime]) -> bool:
    """Make the sizes of one picture; returns whether it was this call that settled it."""
    picture = _claim(file, clock())
    if picture is None:
        return False
    now = clock()
    if picture.file.state != State.CLEAN:
        return settle_picture(file, made=[], reason=_reason(picture.file), now=now, today=today())
    try:
        with bytes_of(picture.file) as stream:
            made = sizing.sizes(stream)
    except sizing.UnusablePictureError as wrong:
        return settle_picture(file, made=[], reason=wrong.word, now=now, today=today())
    kept = [_keep(size, picture.file, now) for size in made]
    settled = False
    try:
        settled = settle_picture(file, made=kept, reason="", now=now, today=today())
    finally:
        if not settled:
            for one in kept:
                storage.forget(one.key)
    return settled


def waiting(now: datetime, *, limit: int = 500) -> list[UUID]:
    """Return pictures whose file was examined and whose sizes nobody is making, oldest first."""
    free = Q(claimed=None) | Q(claimed__lt=now - LEASE)
    rows = Picture.objects.filter(free, state=PictureState.ARRIVING).exclude(file__state=State.PENDING)
    return list(rows.order_by("file__created", "file_id").values_list("file_id", flat=True)[:limit])


@transaction.atomic
def _claim(file: UUID, now: datetime) -> Picture | None:
    row = (
        Picture.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("file")
        .filter(pk=file, state=PictureState.ARRIVING)
        .exclude(file__state=State.PENDING)
        .first()
    )
    if row is None or (row.claimed is not None and row.claimed >= now - LEASE):
        return None
    row.claimed = now
    row.save(update_fields=["claimed"])
    return row


def _reason(file: StoredFile) -> str:
    """Return the word of the files' own refusals, so that a page explains it."""
    return file.reason.partition(":")[0] or "file_not_checked"


def bytes_of(file: StoredFile) -> tempfile.SpooledTemporaryFile[bytes]:
    """Return the bytes in a file that can be sought in, wherever they are stored."""
    made = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    with storage.files_storage().open(file.key) as opened:
        for chunk in storage.pieces(opened):
            made.write(chunk)
    made.seek(0)
    return made


def _keep(size: sizing.Size, file: StoredFile, now: datetime) -> sizing.Made:
    key = storage.new_key(PICTURES, file.pk, now)
    storage.write(key, [size.body], limit=len(size.body))
    return sizing.Made(size.side, size.width, size.height, len(size.body), key)
