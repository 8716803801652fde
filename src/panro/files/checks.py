"""What the tables of files cannot hold by themselves: that the bytes are there, and are those that came."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.db.models import F, Max, Sum
from django.db.models.functions import Coalesce

from panro.files import storage
from panro.files.models import StoredFile, Upload
from panro.files.states import State, UploadState
from panro.record.doctor import Broken, Check, register

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK: Final = 1_000


def register_checks() -> None:
    """Add the checks of this room."""
    register(Check("files: every stored file has its bytes, in its size", missing_bytes))
    register(Check("files: every stored file hashes to what was noted when it came", changed_bytes, slow=True))
    register(Check("files: an upload has received what its pieces hold, without a gap", torn_uploads))


def missing_bytes() -> Iterator[Broken]:
    """Yield files whose bytes are gone or of another size."""
    store = storage.files_storage()
    kept = StoredFile.objects.exclude(state=State.DESTROYED).order_by("id")
    for identity, key, size in kept.values_list("id", "key", "size").iterator(chunk_size=_CHUNK):
        try:
            found = f"{store.size(key)} bytes"
        except FileNotFoundError:
            found = "nothing"
        if found != f"{size} bytes":
            yield Broken(f"file {identity}", f"{size} bytes", found)


def changed_bytes() -> Iterator[Broken]:
    """Yield files whose bytes are not those that came; reads them all."""
    store = storage.files_storage()
    kept = StoredFile.objects.exclude(state=State.DESTROYED).order_by("id")
    for identity, key, noted in kept.values_list("id", "key", "sha256").iterator(chunk_size=_CHUNK):
        try:
            with store.open(key) as stream:
                found = hashlib.sha256()
                for chunk in stream.chunks(storage.CHUNK):
                    found.update(chunk)
        except FileNotFoundError:
            continue  # said by the check above
        if found.hexdigest() != noted:
            yield Broken(f"file {identity}", noted, found.hexdigest())


def torn_uploads() -> Iterator[Broken]:
    """Yield open uploads whose pieces do not add up to what was received."""
    unfinished = Upload.objects.filter(state__in=[UploadState.OPEN, UploadState.FINISHING])
    summed = unfinished.annotate(
        held=Coalesce(Sum("pieces__size"), 0),
        end=Coalesce(Max(F("pieces__offset") + F("pieces__size")), 0),
    )
    odd = summed.exclude(held=F("received"), end=F("received"))
    for identity, received, held, end in odd.order_by("id").values_list("id", "received", "held", "end"):
        yield Broken(f"upload {identity}", f"{received} bytes without a gap", f"{held} bytes up to {end}")
