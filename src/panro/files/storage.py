"""Where the bytes lie: Django's storage, a folder or a bucket, under keys that say nothing about anybody."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from panro.files.refusals import FileRefusedError, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

    _Bytes = File[bytes]
else:
    _Bytes = File  # generic for the type checker alone

FILES: Final = "files"
PIECES: Final = "pieces"
CHUNK: Final = 256 * 1024


def files_storage() -> Storage:
    """Return the storage called ``files`` if the settings have one, else the default one."""
    return storages["files" if "files" in settings.STORAGES else "default"]


def new_key(kind: str, identity: UUID, now: datetime) -> str:
    """Return a key that was never used: by day, so that a day's keys can be listed."""
    return f"{kind}/{now:%Y%m%d}/{identity}-{secrets.token_hex(8)}"


class Measured(_Bytes):
    """Content on its way into the storage, counted and hashed as it passes; given as chunks, read once."""

    def __init__(self, chunks: Iterable[bytes], *, limit: int) -> None:
        super().__init__(None)
        self._chunks = chunks
        self._limit = limit
        self._hash = hashlib.sha256()
        self.length = 0

    def __bool__(self) -> bool:
        return True

    @property
    def sha256(self) -> str:
        """The hash of what has passed, as 64 hexadecimal digits."""
        return self._hash.hexdigest()

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield the content once.

        Raises:
            FileRefusedError: there is more of it than allowed; what was stored of it must be thrown away.
        """
        del chunk_size
        for chunk in self._chunks:
            self.length += len(chunk)
            if self.length > self._limit:
                raise FileRefusedError(Refusal.TOO_LARGE)
            self._hash.update(chunk)
            yield chunk


def write(key: str, chunks: Iterable[bytes], *, limit: int) -> Measured:
    """Store content under a key that is not there yet; either whole or not at all.

    Raises:
        FileRefusedError: more than ``limit`` bytes.
        OSError: the storage failed.
    """
    content = Measured(chunks, limit=limit)
    storage = files_storage()
    try:
        stored = storage.save(key, content)
    except BaseException as wrong:
        forget(key)
        if content.length > limit and not isinstance(wrong, FileRefusedError):  # a library wrapped it
            raise FileRefusedError(Refusal.TOO_LARGE) from wrong
        raise
    if stored != key:
        forget(stored)
        raise OSError(f"the storage has {key} already")
    return content


def forget(key: str) -> None:
    """Delete what lies under a key; if that fails now, the sweep does it later."""
    with suppress(OSError):
        files_storage().delete(key)


def pieces(stream: IO[bytes] | File[bytes]) -> Iterator[bytes]:
    """Yield a stream in chunks."""
    while chunk := stream.read(CHUNK):
        yield chunk


class LocalStorage(FileSystemStorage):
    """A folder; a file appears in it under its name only when it is whole, readable by the program alone."""

    def __init__(self, location: str) -> None:
        super().__init__(location=location, file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=target.parent, prefix=".arriving-")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.link(made, target)  # fails if the name is taken, as a rename would not
        finally:
            Path(made).unlink()
        return name
