"""Files of every kind, made from their formats' descriptions; and accounts, purposes and moments for tests."""

import io
import struct
import zipfile
import zlib
from datetime import UTC, datetime

from panro.accounts.models import User
from panro.files.content import Kind
from panro.files.purposes import Purpose

NOW = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PAPER = Purpose("paper", frozenset(Kind), max_bytes=1_000_000, max_files=3)
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00\x00\x00\x08mdat"
HEIC_BY_COMPATIBLE_BRAND = b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic"
AVIF = b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif"
HWP3 = b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05" + bytes(100)


def png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def packed(entries: dict[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(name, body, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return made.getvalue()


def hwpx() -> bytes:
    entries = {"mimetype": b"application/hwp+zip", "version.xml": b"<v/>", "Contents/header.xml": b"<h/>"}
    return packed(entries, stored=("mimetype",))


def xlsx() -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<r/>", "xl/workbook.xml": b"<w/>"})


def docx() -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<r/>", "word/document.xml": b"<w/>"})


def compound(name: str = "FileHeader", body: bytes = b"", *, flags: int = 0) -> bytes:
    """A compound file (MS-CFB, version 3) with one stream, small or large."""
    body = body or b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010000, flags) + bytes(216)
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    small = len(body) < 4096
    sectors = -(-len(body) // 512)
    table = [fat, end, end, *range(4, 3 + sectors), end]
    table += [free] * (128 - len(table))
    minis = -(-len(body) // 64) if small else 0
    mini_table = [*range(1, minis), end] if small else []
    mini_table += [free] * (128 - len(mini_table))

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = title.encode("utf-16-le") + b"\0\0"
        head = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw) if title else 0, kind, 1, free, free, child)
        return head + bytes(36) + struct.pack("<IQ", start, size)

    root = entry("Root Entry", 5, 1, 3 if small else end, sectors * 512 if small else 0)
    stream = entry(name, 2, free, 0 if small else 3, len(body))
    directory = root + stream + entry("", 0, free, 0, 0) * 2
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 2, 1, end, 0, 0)
    header += struct.pack("<108I", *[free] * 108)
    body_sectors = body.ljust(sectors * 512, b"\0")
    return header + struct.pack("<128I", *table) + directory + struct.pack("<128I", *mini_table) + body_sectors


KINDS: dict[str, tuple[str, bytes, Kind]] = {
    "pdf": ("확인서.pdf", PDF, Kind.PDF),
    "png": ("사진.png", png(), Kind.PNG),
    "jpeg": ("사진.jpg", JPEG, Kind.JPEG),
    "heic": ("사진.heic", HEIC, Kind.HEIC),
    "hwp": ("신청서.hwp", compound(), Kind.HWP),
    "hwp3": ("옛.hwp", HWP3, Kind.HWP),
    "hwpx": ("신청서.hwpx", hwpx(), Kind.HWPX),
    "xlsx": ("목록.xlsx", xlsx(), Kind.XLSX),
    "docx": ("계획서.docx", docx(), Kind.DOCX),
    "zip": ("모음.zip", packed({"a.txt": b"a"}), Kind.ZIP),
    "text": ("메모.txt", "안녕하세요".encode(), Kind.TEXT),
    "text in the old code page": ("메모.txt", "안녕하세요 판로".encode("cp949"), Kind.TEXT),
    "csv": ("목록.CSV", "가,나\n1,2\n".encode(), Kind.CSV),
}


def somebody(email: str = "shop@example.com") -> User:
    return User.objects.create_user(email, name="김판로")
