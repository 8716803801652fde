"""Files in a bucket of an S3-compatible service (see docs/decisions/0006-object-storage.md)."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import obstore
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible
from obstore.exceptions import BaseError
from obstore.store import S3Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from obstore.store import S3Config

ONE_CALL: Final = 5 * 1024 * 1024
"""Up to this many bytes an object is put in one call; beyond, in parts of this size."""
IN_MEMORY: Final = 1024 * 1024


@deconstructible
class S3Storage(Storage):
    """A bucket. An object appears under its name only when it is whole; errors are ``OSError``."""

    def __init__(self, *, bucket: str, key: str, secret: str, region: str, endpoint: str = "") -> None:
        config: S3Config = {"region": region, "access_key_id": key, "secret_access_key": secret}
        if endpoint:
            config["endpoint"] = endpoint
        self._store = S3Store(
            bucket,
            config=config,
            client_options={
                "timeout": timedelta(seconds=60),
                "connect_timeout": timedelta(seconds=5),
                "allow_http": endpoint.startswith("http://"),
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
        )

    def exists(self, name: str) -> bool:
        """Whether there is an object of this name."""
        try:
            self._head(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        """Return the length of an object in bytes."""
        return int(self._head(name)["size"])

    def get_modified_time(self, name: str) -> datetime:
        """Return when an object was stored."""
        stored: datetime = self._head(name)["last_modified"]
        return stored

    def delete(self, name: str) -> None:
        """Delete an object; one that is not there is as good as deleted."""
        try:
            obstore.delete(self._store, name)
        except FileNotFoundError:
            return
        except BaseError as wrong:
            raise OSError(str(wrong)) from wrong

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the names right below a path: those that go on, and objects."""
        try:
            found = obstore.list_with_delimiter(self._store, path or None)
        except BaseError as wrong:
            raise OSError(str(wrong)) from wrong
        folders = [prefix.rstrip("/").rpartition("/")[2] for prefix in found["common_prefixes"]]
        return sorted(folders), sorted(entry["path"].rpartition("/")[2] for entry in found["objects"])

    def _head(self, name: str) -> Any:  # noqa: ANN401 - the library's own mapping
        try:
            return obstore.head(self._store, name)
        except BaseError as wrong:
            raise OSError(str(wrong)) from wrong

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """Fetch the object into a temporary file, because archives are read from their end."""
        if mode != "rb":
            raise ValueError("objects are written whole; open them to read only")
        local = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - handed to the caller, who closes it
        try:
            for chunk in obstore.get(self._store, name).stream(min_chunk_size=IN_MEMORY):
                local.write(chunk)
        except BaseException as wrong:
            local.close()
            if isinstance(wrong, BaseError):
                raise OSError(str(wrong)) from wrong
            raise
        local.seek(0)
        return File(local, name)

    def _save(self, name: str, content: File[Any]) -> str:
        chunks = content.chunks()
        first = _gather(chunks)
        try:
            if len(first) < ONE_CALL:
                obstore.put(self._store, name, first, use_multipart=False)
            else:
                obstore.put(self._store, name, chain([first], chunks), chunk_size=ONE_CALL)
        except BaseError as wrong:
            raise OSError(str(wrong)) from wrong
        return name


def _gather(chunks: Iterator[bytes]) -> bytes:
    """Take chunks until there are enough for a part, or no more."""
    gathered = bytearray()
    for chunk in chunks:
        gathered += chunk
        if len(gathered) >= ONE_CALL:
            break
    return bytes(gathered)
