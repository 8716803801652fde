"""What a file is, by its content and never by its name alone.

The first bytes are looked at where a file arrives (:func:`possible`); it is read as a whole in a worker
(:func:`examine`). One thing only a name can tell: whether a text is a table (``.csv``).
"""

from __future__ import annotations

import codecs
import enum
import zipfile
import zlib
from typing import IO, Final

from panro.files.ole import MAGIC as OLE
from panro.files.ole import Compound, NotCompoundError
from panro.files.refusals import FileRefusedError, Refusal

HEAD: Final = 4096
ENTRIES: Final = 5_000
UNPACKED: Final = 300 * 1024 * 1024
RATIO: Final = 200
RATIO_FROM: Final = 20 * 1024 * 1024
"""From this size on, in bytes, what unpacks to 200 times the archive is a bomb; small documents pack well honestly."""
_CHUNK: Final = 1024 * 1024


class Kind(enum.StrEnum):
    """The kinds of files that people hand in; the value is what a purpose names."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    HEIC = "heic"
    HWP = "hwp"
    HWPX = "hwpx"
    XLSX = "xlsx"
    DOCX = "docx"
    ZIP = "zip"
    TEXT = "text"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """The media type it is handed out with."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES: Final[dict[Kind, str]] = {
    Kind.PDF: "application/pdf",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.HEIC: "image/heic",
    Kind.HWP: "application/x-hwp",
    Kind.HWPX: "application/hwp+zip",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.ZIP: "application/zip",
    Kind.TEXT: "text/plain",
    Kind.CSV: "text/csv",
}
_MAGIC: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"%PDF-", Kind.PDF),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (OLE, Kind.HWP),
    (b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05", Kind.HWP),
)
_ZIP: Final = b"PK\x03\x04"
_PACKED: Final = frozenset({Kind.HWPX, Kind.XLSX, Kind.DOCX, Kind.ZIP})
_HWPX_TYPE: Final = b"application/hwp+zip"
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_TEXT_CODECS: Final = ("utf-8", "cp949")
_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f")
_HWP_SIGNATURE: Final = b"HWP Document File"
_HWP_FLAGS: Final = 36
_HWP_PASSWORD: Final = 0x02


def possible(head: bytes, name: str) -> frozenset[Kind]:
    """Return what a file may be by its first 4,096 bytes (or all, if it has fewer); empty for nothing known."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return frozenset({kind})
    if head[4:8] == b"ftyp":
        return frozenset({Kind.HEIC}) if _brands(head) & _HEIC_BRANDS else frozenset()
    if head.startswith(_ZIP):
        hwpx = head[30:38] == b"mimetype" and _HWPX_TYPE in head[38:80]
        return frozenset({Kind.HWPX}) if hwpx else _PACKED
    return frozenset({_table_or_text(name)}) if _reads_as_text(head, final=len(head) < HEAD) else frozenset()


def examine(stream: IO[bytes], size: int, name: str) -> Kind:
    """Read a file as a whole and return what it is; in workers only.

    Args:
        stream: seekable.
        size: in bytes.
        name: as the person gave it.

    Raises:
        FileRefusedError: it is nothing known, damaged, locked, or unpacks to too much.
    """
    stream.seek(0)
    kinds = possible(stream.read(HEAD), name)
    if not kinds:
        raise FileRefusedError(Refusal.WRONG_TYPE)
    if kinds <= _PACKED:
        return _packed(stream, size)
    (kind,) = kinds
    if kind is Kind.HWP:
        _check_hwp(stream, size)
    elif kind in {Kind.TEXT, Kind.CSV}:
        _check_text(stream)
    elif kind is Kind.PDF:
        _check_pdf(stream, size)
    return kind


def _brands(head: bytes) -> frozenset[bytes]:
    length = min(int.from_bytes(head[:4]), len(head))
    return frozenset({head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))})


def _table_or_text(name: str) -> Kind:
    return Kind.CSV if name.lower().endswith(".csv") else Kind.TEXT


def _reads_as_text(content: bytes, *, final: bool) -> bool:
    if not content or _CONTROLS & set(content):
        return False
    for codec in _TEXT_CODECS:
        try:
            codecs.getincrementaldecoder(codec)().decode(content, final)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _check_text(stream: IO[bytes]) -> None:
    for codec in _TEXT_CODECS:
        stream.seek(0)
        decoder = codecs.getincrementaldecoder(codec)()
        try:
            while chunk := stream.read(_CHUNK):
                if _CONTROLS & set(chunk):
                    raise FileRefusedError(Refusal.WRONG_TYPE)
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return
    raise FileRefusedError(Refusal.WRONG_TYPE)


def _check_pdf(stream: IO[bytes], size: int) -> None:
    """A PDF ends with its mark; some programs write a little behind it."""
    stream.seek(max(0, size - 2048))
    if b"%%EOF" not in stream.read():
        raise FileRefusedError(Refusal.DAMAGED)


def _check_hwp(stream: IO[bytes], size: int) -> None:
    stream.seek(0)
    if not stream.read(len(OLE)).startswith(OLE):
        return  # version 3, which is no compound file
    try:
        header = Compound(stream, size).stream("FileHeader")
    except NotCompoundError:
        raise FileRefusedError(Refusal.DAMAGED) from None
    if header is None or not header.startswith(_HWP_SIGNATURE):
        raise FileRefusedError(Refusal.WRONG_TYPE)  # an old Word or Excel file, or a locked one
    if len(header) > _HWP_FLAGS and header[_HWP_FLAGS] & _HWP_PASSWORD:
        raise FileRefusedError(Refusal.ENCRYPTED)


def _packed(stream: IO[bytes], size: int) -> Kind:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            names = _check_entries(archive, size)
            _unpack_all(archive)
            return _kind_of_archive(archive, names)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as wrong:
        if isinstance(wrong, FileRefusedError):
            raise
        raise FileRefusedError(Refusal.DAMAGED) from None


def _check_entries(archive: zipfile.ZipFile, size: int) -> frozenset[str]:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES or total > UNPACKED or (total > RATIO_FROM and total > RATIO * size):
        raise FileRefusedError(Refusal.BOMB)
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefusedError(Refusal.ENCRYPTED)
    if any(_leads_outside(entry.filename) for entry in entries):
        raise FileRefusedError(Refusal.UNSAFE_NAMES)
    return frozenset(entry.filename for entry in entries)


def _leads_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or (len(name) > 1 and name[1] == ":") or "\x00" in name


def _unpack_all(archive: zipfile.ZipFile) -> None:
    """Unpack everything into nothing: checks every sum, and never yields more than the sizes that were added up."""
    for entry in archive.infolist():
        with archive.open(entry) as unpacked:
            while unpacked.read(_CHUNK):
                pass


def _kind_of_archive(archive: zipfile.ZipFile, names: frozenset[str]) -> Kind:
    if any(name.rpartition("/")[2].lower() == "vbaproject.bin" for name in names):
        raise FileRefusedError(Refusal.MACROS)
    if "mimetype" in names and archive.read("mimetype")[: len(_HWPX_TYPE) + 1].strip() == _HWPX_TYPE:
        return Kind.HWPX
    if "[Content_Types].xml" in names:
        if "xl/workbook.xml" in names:
            return Kind.XLSX
        if "word/document.xml" in names:
            return Kind.DOCX
    return Kind.ZIP
