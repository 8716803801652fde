"""Reading tables that people hand in: any encoding they use, every bad line named, the good ones kept."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from panro.korea.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

LONGEST_CELL: Final = 20_000
_LARGEST_FIELD: Final = 1 << 26
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t")
_SHOWN: Final = 200


class FileError(ValueError):
    """A file cannot be used at all; one line that says why and how to mend it."""


class LineError(ValueError):
    """One line cannot be used; the text says what is wrong with it and how to mend it."""

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(ko=ko, en=en)


class Line(NamedTuple):
    """One row of a table with the number of the line on which it begins, from 1."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that was left out, and why."""

    file: str
    line: int
    reason: Text
    content: str


@dataclass(slots=True)
class Rejects:
    """All lines that were left out."""

    rows: list[Reject] = field(default_factory=list)

    def add(self, file: str, line: Line, reason: Text) -> None:
        """Leave a line out."""
        content = ",".join(line.cells.values())
        self.rows.append(Reject(file, line.number, reason, content[:_SHOWN]))

    def write(self, path: Path) -> None:
        """Write the list, ready for a spreadsheet: UTF-8 with its mark, no cell that would be taken for a formula."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("file", "line", "reason_ko", "reason_en", "content"))
            for one in sorted(self.rows, key=lambda row: (row.file, row.line)):
                rows.writerow((one.file, one.line, one.reason.ko, one.reason.en, _harmless(one.content)))


def decoded(path: Path) -> str:
    """Read a text file as UTF-8, with or without its mark, or else as CP949 (as Korean spreadsheets save it).

    Raises:
        FileError: the file cannot be read, or is neither.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror})") from error
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(f"{path}: neither UTF-8 nor CP949; save it as 'CSV UTF-8' and try again")


def read_lines(path: Path, *, required: Collection[str], known: Collection[str], rejects: Rejects) -> Iterator[Line]:
    """Read a table with a header line; lines that are broken as such go to the rejects.

    Raises:
        FileError: no header, columns missing, unknown or twice, or a file that is no CSV.
    """
    csv.field_size_limit(_LARGEST_FIELD)
    rows = csv.reader(io.StringIO(decoded(path), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        _check_header(path, header, required, known)
        before = rows.line_num
        for cells in rows:
            number, before = before + 1, rows.line_num
            if not any(cell.strip() for cell in cells):
                continue
            line = Line(number, dict(zip(header, (_clean(cell) for cell in cells), strict=False)))
            fault = _fault(cells, len(header))
            if fault is None:
                yield line
            else:
                rejects.add(path.name, line, fault)
    except csv.Error as error:
        raise FileError(
            f"{path}, line {rows.line_num}: not a CSV table ({error}); check the quotation marks"
        ) from error


def _check_header(path: Path, header: list[str], required: Collection[str], known: Collection[str]) -> None:
    missing = sorted(set(required) - set(header))
    unknown = sorted(set(header) - set(known))
    twice = sorted({name for name in header if header.count(name) > 1})
    faults = [
        f"{what} {', '.join(repr(name)[1:-1] or 'an empty name' for name in names)}"
        for what, names in (("missing columns:", missing), ("unknown columns:", unknown), ("columns twice:", twice))
        if names
    ]
    if faults:
        raise FileError(f"{path}: {'; '.join(faults)}")


def _fault(cells: list[str], columns: int) -> Text | None:
    if len(cells) != columns:
        return Text(
            ko=f"칸이 {len(cells)}개인데 머리글은 {columns}개입니다. 쉼표와 따옴표를 확인해 주세요.",
            en=f"{len(cells)} cells under {columns} columns; check commas and quotation marks",
        )
    for cell in cells:
        if len(cell) > LONGEST_CELL:
            return Text(
                ko=f"{LONGEST_CELL:,}자를 넘는 칸이 있습니다. 줄여 주세요.",
                en=f"a cell of more than {LONGEST_CELL:,} characters; shorten it",
            )
        if any(unicodedata.category(sign) == "Cc" for sign in cell.strip()):
            return Text(
                ko="칸 안에 보이지 않는 제어 문자(줄바꿈, NUL 등)가 있습니다. 지워 주세요.",
                en="a control character (line break, NUL) inside a cell; take it out",
            )
    return None


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.strip())


def _harmless(content: str) -> str:
    """Keep a spreadsheet from reading text as a formula, and a terminal from being steered."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in content)
    return f"'{shown}" if shown.startswith(_FORMULA_SIGNS) else shown
