"""Reading a spreadsheet that somebody handed in; in workers only, and within bounds stated beforehand.

Whether a file is a workbook or a text is known by its content (panro.files). Of a workbook only the sheet with the
columns is read, row by row; macros are refused before, formulas are pointed out and never worked out.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException

from panro.catalog.faults import Fault, FaultError
from panro.catalog.sheets import cells, columns
from panro.catalog.sheets.limits import COLUMNS, LINES, ROWS, UNPACKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    type Line = Sequence[str | Fault]

HEADER_WITHIN: Final = 10
_SIGNS_OF_A_HEADER: Final = 2
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    DefusedXmlException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    NotImplementedError,
    RecursionError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, what its cells say by key of column, and what is wrong with them as cells."""

    line: int
    cells: dict[str, str]
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class Sheet:
    """What was read: the rows, and the headings nobody knows, whose columns were passed over."""

    rows: list[Row] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read(stream: IO[bytes], *, is_workbook: bool) -> Sheet:
    """Read a spreadsheet.

    Raises:
        FaultError: it cannot be read, has no columns known here, no rows, or more than 5,000.
    """
    return _workbook(stream) if is_workbook else _text(stream)


def _workbook(stream: IO[bytes]) -> Sheet:
    try:
        _check_size(stream)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        try:
            names = [sheet.title for sheet in book.worksheets]
            for sheet in book.worksheets:
                found = _header(_lines_of(sheet))
                if found is not None:
                    return _rows(_lines_of(sheet), *found)
        finally:
            book.close()
    except FaultError:
        raise
    except _DAMAGED:
        raise FaultError("unreadable") from None
    raise FaultError("no_header", sheets=", ".join(names)[:100] or "–")


def _check_size(stream: IO[bytes]) -> None:
    """Refuse a workbook that unpacks to more than a list of products needs, by what its own directory says.

    That the directory tells the truth was made sure when the file was examined (panro.files.content).
    """
    with zipfile.ZipFile(stream) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > UNPACKED:
            raise FaultError("too_much_inside")
    stream.seek(0)


def _lines_of(sheet: ReadOnlyWorksheet) -> Iterator[Line]:
    sheet.reset_dimensions()  # a file may say anything about its size
    before: object = None
    seen = 0
    for row in sheet.iter_rows(max_col=COLUMNS):
        if row is before:  # lines that the file leaves out are all the same object, and there may be a million
            yield ()
            continue
        before, seen = row, seen + 1
        if seen > LINES:
            raise FaultError("too_much_inside")
        filled = any(cell.value is not None for cell in row)
        yield [cells.of_xlsx(cell.value, cell.data_type) for cell in row] if filled else ()


def _text(stream: IO[bytes]) -> Sheet:
    text = _decoded(stream.read())
    found = _header(_lines_of_text(text))
    if found is None:
        raise FaultError("no_header", sheets="–")
    return _rows(_lines_of_text(text), *found)


def _decoded(body: bytes) -> str:
    for codec in ("utf-8-sig", "cp949"):
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            continue
    raise FaultError("unreadable")


def _lines_of_text(text: str) -> Iterator[Line]:
    first = text.partition("\n")[0]
    delimiter = max((",", "\t", ";"), key=first.count)
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [cells.of_csv(cell) for cell in line[:COLUMNS]]
    except csv.Error:
        raise FaultError("unreadable") from None


def _header(lines: Iterator[Line]) -> tuple[int, list[str | None], list[str]] | None:
    """Return the line of the headings, the key of each column, and headings nobody knows; None if there is none."""
    for number, line in enumerate(islice(lines, HEADER_WITHIN), start=1):
        headings = [cell if isinstance(cell, str) else "" for cell in line]
        keys = [columns.key_of(heading) if heading else None for heading in headings]
        known = [key for key in keys if key]
        if len(known) < _SIGNS_OF_A_HEADER and "name" not in known:
            continue
        if "name" not in known and "code" not in known:
            raise FaultError("no_name_column", wanted=_both("name"))
        for key in known:
            if known.count(key) > 1:
                raise FaultError("double_column", found=_both(key))
        unread = [
            heading[:60]
            for heading, key in zip(headings, keys, strict=True)
            if heading and not key and not columns.is_passed_over(heading)
        ]
        return number, keys, unread
    return None


def _rows(lines: Iterable[Line], header: int, keys: Sequence[str | None], unread: list[str]) -> Sheet:
    sheet = Sheet(unread=unread)
    for number, line in enumerate(lines, start=1):
        if number <= header or not any(line):
            continue
        if len(sheet.rows) >= ROWS:
            raise FaultError("too_many_rows", most=f"{ROWS:,}")
        found = [(key, cell) for key, cell in zip(keys, line, strict=False) if key]
        texts = {key: cell for key, cell in found if isinstance(cell, str) and cell}
        faults = tuple(cell.at(key) for key, cell in found if isinstance(cell, Fault))
        if texts or faults:
            sheet.rows.append(Row(number, texts, faults))
    if not sheet.rows:
        raise FaultError("no_rows")
    return sheet


def _both(key: str) -> str:
    """Return the heading of a column in both languages: who reads the fault later may read it in either."""
    return " / ".join(dict.fromkeys(columns.header(key, language) for language in columns.LANGUAGES))
