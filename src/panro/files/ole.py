"""As much of the compound file format (MS-CFB) as it takes to see whether a file is a Hangul document.

Runs in workers only. Every chain of sectors is bounded by the size of the file, so one that bites its tail ends.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO, Final

MAGIC: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_HEADER: Final = 512
_ENTRY: Final = 128
_LAST_SECTOR: Final = 0xFFFFFFFA
_STREAM: Final = 2
_ROOT: Final = 5
_HEADER_SECTORS: Final = 109
_SHIFTS: Final = frozenset({9, 12})
_MINI_SHIFT: Final = 6
_LONGEST: Final = 64 * 1024


class NotCompoundError(ValueError):
    """The file is no compound file, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the directory."""

    name: str
    kind: int
    start: int
    size: int


class Compound:
    """A compound file, opened on a seekable stream of a known size in bytes."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        """Read header, allocation table and directory.

        Raises:
            NotCompoundError: says what is wrong.
        """
        self._stream = stream
        header = self._at(0, _HEADER)
        if header[:8] != MAGIC:
            raise NotCompoundError("no compound file")
        shift, mini_shift = struct.unpack_from("<HH", header, 0x1E)
        if shift not in _SHIFTS or mini_shift != _MINI_SHIFT:
            raise NotCompoundError("sizes of sectors that do not exist")
        self._sector = 1 << shift
        self._most = size // self._sector + 1
        directory, self._cutoff, mini_table = struct.unpack_from("<I4xII", header, 0x30)
        self._table = self._allocation(header)
        self._mini_table = self._numbers(self._chain(mini_table))
        self.entries = self._entries(self._chain(directory))
        root = next((entry for entry in self.entries if entry.kind == _ROOT), None)
        self._mini_sectors = self._chain(root.start) if root else []

    def stream(self, name: str) -> bytes | None:
        """Return the beginning of a stream, at most 64 KiB; None if there is none of this name.

        Raises:
            NotCompoundError: the file is damaged.
        """
        entry = next((entry for entry in self.entries if entry.name == name and entry.kind == _STREAM), None)
        if entry is None:
            return None
        length = min(entry.size, _LONGEST)
        if entry.size >= self._cutoff:
            needed = -(-length // self._sector)
            content = b"".join(self._read(sector) for sector in self._chain(entry.start)[:needed])
        else:
            content = self._mini(entry.start, length)
        if len(content) < length:
            raise NotCompoundError(f"the stream {name} ends too early")
        return content[:length]

    def _at(self, offset: int, length: int) -> bytes:
        self._stream.seek(offset)
        content = self._stream.read(length)
        if len(content) < length:
            raise NotCompoundError("the file ends too early")
        return content

    def _read(self, sector: int) -> bytes:
        return self._at((sector + 1) * self._sector, self._sector)

    def _numbers(self, sectors: list[int]) -> list[int]:
        return [number for sector in sectors for (number,) in struct.iter_unpack("<I", self._read(sector))]

    def _allocation(self, header: bytes) -> list[int]:
        """Read the allocation table: its first 109 sectors are named in the header, more in a chain of their own."""
        (count,) = struct.unpack_from("<I", header, 0x2C)
        if count > self._most:
            raise NotCompoundError("an allocation table larger than the file")
        named = list(struct.unpack_from(f"<{_HEADER_SECTORS}I", header, 0x4C))
        (following,) = struct.unpack_from("<I", header, 0x44)
        while len(named) < count and following < _LAST_SECTOR:
            *more, following = struct.unpack(f"<{self._sector // 4}I", self._read(following))
            named += more
        return self._numbers([sector for sector in named[:count] if sector < _LAST_SECTOR])

    def _chain(self, sector: int, table: list[int] | None = None) -> list[int]:
        table = self._table if table is None else table
        chain: list[int] = []
        while sector < _LAST_SECTOR:
            if sector >= len(table) or len(chain) > self._most * (self._sector >> _MINI_SHIFT):
                raise NotCompoundError("a chain of sectors that does not end")
            chain.append(sector)
            sector = table[sector]
        return chain

    def _entries(self, sectors: list[int]) -> list[Entry]:
        content = b"".join(self._read(sector) for sector in sectors)
        return [self._entry(content[at : at + _ENTRY]) for at in range(0, len(content), _ENTRY)]

    def _entry(self, raw: bytes) -> Entry:
        (length,) = struct.unpack_from("<H", raw, 64)
        name = raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<II", raw, 116)
        return Entry(name, raw[66], start, size)

    def _mini(self, start: int, length: int) -> bytes:
        mini = 1 << _MINI_SHIFT
        content = b""
        for number in self._chain(start, self._mini_table)[: -(-length // mini)]:
            sector, offset = divmod(number * mini, self._sector)
            if sector >= len(self._mini_sectors):
                raise NotCompoundError("a small stream outside of its sectors")
            content += self._read(self._mini_sectors[sector])[offset : offset + mini]
        return content
