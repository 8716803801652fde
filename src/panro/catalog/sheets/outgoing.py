"""Writing spreadsheets: products, a template with its guide, rejected rows. Nothing written is ever a formula."""

from __future__ import annotations

import csv
import io
from itertools import chain
from typing import IO, TYPE_CHECKING, Final

import openpyxl
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from panro.catalog.choices import categories, countries
from panro.catalog.fields import BY_KEY, ITEM
from panro.catalog.sheets import cells, columns
from panro.catalog.sheets.limits import ROWS
from panro.catalog.writing import value_of
from panro.korea import disclosures

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from panro.catalog.faults import Fault
    from panro.catalog.fields import Value
    from panro.catalog.models import Product
    from panro.korea.text import Text

FORMS: Final = ("xlsx", "csv", "csv-cp949")
MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "csv-cp949": "text/csv; charset=euc-kr",
}
SUFFIXES: Final = {"xlsx": "xlsx", "csv": "csv", "csv-cp949": "csv"}
_HEAD: Final = PatternFill("solid", fgColor="E8EEF7")
_WIDTH: Final = 18
_WIDE: Final = 60

type Row = Sequence[Value]


def write(stream: IO[bytes], form: str, header: Sequence[str], rows: Iterable[Row], *, language: str) -> int:
    """Write a table; returns how many cells lost signs that the old Korean code page does not have.

    Args:
        stream: where to.
        form: one of :data:`FORMS`.
        header: the headings.
        rows: their cells, texts and whole numbers.
        language: of the sheet's name, ``ko`` or ``en``.
    """
    if form == "xlsx":
        book = openpyxl.Workbook(write_only=True)
        _table(book, "상품" if language == "ko" else "Products", header, rows)
        book.save(stream)
        return 0
    return _csv(stream, "utf-8-sig" if form == "csv" else "cp949", chain([header], rows))


def template(stream: IO[bytes], form: str, keys: Sequence[str], *, language: str) -> None:
    """Write an empty table with these columns; a workbook also gets a sheet that explains them."""
    header = [columns.header(key, language) for key in keys]
    if form != "xlsx":
        write(stream, form, header, [], language=language)
        return
    book = openpyxl.Workbook(write_only=True)
    _table(book, "상품" if language == "ko" else "Products", header, [])
    with translation.override(language):
        _guide(book, keys, language)
    book.save(stream)


def product_row(product: Product, disclosed: dict[str, str], keys: Sequence[str], language: str) -> list[Value]:
    """Return the cells of a product."""
    found: list[Value] = []
    for key in keys:
        value = value_of(product, disclosed, key)
        if key.startswith(ITEM):
            found.append(disclosures.shown(str(value)).in_(language))
        else:
            found.append(BY_KEY[key].written(value, language))
    return found


def rejected_row(line: int, written: dict[str, str], faults: Sequence[Fault], keys: Sequence[str]) -> list[Value]:
    """Return the cells of a rejected row: where it stood, what to mend, and what it said."""
    said = " / ".join(f"{_name(fault.field)}: {fault.sentence}" if fault.field else fault.sentence for fault in faults)
    return [line, said, *(written.get(key, "") for key in keys)]


def _name(key: str) -> str:
    return columns.header(key, (translation.get_language() or "ko")[:2])


def _csv(stream: IO[bytes], codec: str, rows: Iterable[Row]) -> int:
    lost = 0
    stream.write(b"\xef\xbb\xbf" if codec == "utf-8-sig" else b"")
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([cells.defused(cell) if isinstance(cell, str) else cell for cell in row])
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        if codec == "cp949":
            lost += sum(not _fits(cell) for cell in row if isinstance(cell, str))
            stream.write(text.encode("cp949", errors="replace"))
        else:
            stream.write(text.encode("utf-8"))
    return lost


def _fits(text: str) -> bool:
    try:
        text.encode("cp949")
    except UnicodeEncodeError:
        return False
    return True


def _table(book: openpyxl.Workbook, title: str, header: Sequence[str], rows: Iterable[Row]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "C2"
    for place in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH
    sheet.append([_heading(sheet, text) for text in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _heading(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = _cell(sheet, text)
    cell.font, cell.fill = Font(bold=True), _HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: Value) -> WriteOnlyCell:
    """Return a cell that is a number or a text, never a formula, even once it is edited and saved as CSV."""
    cell = WriteOnlyCell(sheet, value=None)
    if isinstance(value, int):
        cell.value = value
    elif value:
        text = _printable(value)
        cell.value = text
        cell.data_type = "s"
        if cells.is_risky(text):
            cell.quotePrefix = True
    return cell


def _printable(text: str) -> str:
    """Return a text without the signs that XML cannot carry."""
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t")


def _guide(book: openpyxl.Workbook, keys: Sequence[str], language: str) -> None:
    sheet = book.create_sheet("안내" if language == "ko" else "Guide")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = _WIDTH * 2, _WIDE
    sentences = [
        _("One row is one product. A file takes up to %(rows)s rows.") % {"rows": f"{ROWS:,}"},
        _("A row with the code of one of your products changes that product; without a code it becomes a new one."),
        _("An empty cell leaves what is stored. A new product needs a name; everything else can be added later."),
        _("Items of the notice may say “see the detail page” where that is allowed."),
        _("Formulas are not worked out. Paste values."),
    ]
    for text in sentences:
        sheet.append([_cell(sheet, text)])
    sheet.append([])
    sheet.append([_heading(sheet, _("Column")), _heading(sheet, _("What to write"))])
    for key in keys:
        sheet.append([_cell(sheet, columns.header(key, language)), _cell(sheet, _explained(key, language))])
    sheet.append([])
    sheet.append([_heading(sheet, _("Category")), _heading(sheet, _("Category group"))])
    for category in categories().values():
        sheet.append([_cell(sheet, category.name.in_(language)), _cell(sheet, category.group.in_(language))])
    sheet.append([])
    sheet.append([_heading(sheet, _("Country")), _heading(sheet, _("Code"))])
    for code, name in countries().items():
        sheet.append([_cell(sheet, name.in_(language)), _cell(sheet, code)])


def _explained(key: str, language: str) -> str:
    if key.startswith(ITEM):
        return _item_help()[key.removeprefix(ITEM)].in_(language)
    one = BY_KEY[key]
    words = ", ".join(text.in_(language) for text in one.words.values()) if one.words else ""
    return " ".join(filter(None, [str(one.help), words]))


def _item_help() -> dict[str, Text]:
    found: dict[str, Text] = {}
    for code in disclosures.codes():
        for version in disclosures.versions(code):
            for item in version.items:
                found.setdefault(item.key, item.help)
    return found
