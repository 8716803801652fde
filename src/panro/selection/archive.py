"""A dossier as one file to download: a zip that is the same, byte for byte, for the same dossier."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from hashlib import file_digest
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold; the files' own times say nothing
READABLE: Final = 0o100644 << 16
UNIX: Final = 3
CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Archive:
    """A written zip: where it lies, its length in bytes and its SHA-256."""

    path: Path
    length: int
    sha256: str


def write_archive(folder: Path, names: Sequence[str], target: Path) -> Archive:
    """Zip the named files of a folder, in the order given, under the folder's own name.

    Links are not followed: a name that is one raises ValueError.
    """
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in names:
            source = folder / name
            if source.is_symlink() or not source.is_file():
                raise ValueError(f"{source}: not a plain file")
            entry = zipfile.ZipInfo(name, date_time=EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = UNIX
            entry.external_attr = READABLE
            with source.open("rb") as read, archive.open(entry, "w", force_zip64=True) as write:
                while block := read.read(CHUNK):
                    write.write(block)
    with target.open("rb") as written:
        digest = file_digest(written, "sha256").hexdigest()
    return Archive(target, target.stat().st_size, digest)
