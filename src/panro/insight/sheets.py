"""Writing tables row by row, as a workbook or as text. Nothing written is ever a formula."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Final

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from panro.catalog.sheets import cells
from panro.insight.states import Form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

type Cell = str | int | Decimal | None
type Row = Sequence[Cell]

MARK: Final = "\ufeff"
"""By which spreadsheet programs know UTF-8."""
MEDIA_TYPES: Final = {
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "text/csv; charset=utf-8",
}
_LONGEST: Final = 32_767
"""Signs that a cell of a workbook holds."""


def write(stream: IO[bytes], form: str, title: str, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table; rows are taken one by one, and none is kept.

    Args:
        stream: where to.
        form: one of :class:`Form`.
        title: the name of the workbook's sheet.
        header: the headings.
        rows: cells of text, whole numbers and points; None for an empty one.
    """
    if form == Form.XLSX:
        _workbook(stream, title, header, rows)
        return
    for text in csv_lines(header, rows):
        stream.write(text.encode())


def csv_lines(header: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Give a table as lines of CSV (RFC 4180) with the mark of UTF-8 in front."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write(MARK)
    writer.writerow(header)
    yield _taken(buffer)
    for row in rows:
        writer.writerow([cells.defused(cell) if isinstance(cell, str) else cell for cell in row])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _workbook(stream: IO[bytes], title: str, header: Sequence[str], rows: Iterable[Row]) -> None:
    book = openpyxl.Workbook(write_only=True)  # keeps its rows in a file beside it
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    headings = [_text(sheet, text) for text in header]
    for heading in headings:
        heading.font = Font(bold=True)
    sheet.append(headings)
    for row in rows:
        sheet.append([_text(sheet, value) if isinstance(value, str) else value for value in row])
    book.save(stream)


def _text(sheet: WriteOnlyWorksheet, value: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=None)
    cell.value = "".join(sign for sign in value if sign >= " " or sign in "\n\t")[:_LONGEST]
    cell.data_type = "s"
    if cells.is_risky(value):
        cell.quotePrefix = True  # a text even once it is edited
    return cell
