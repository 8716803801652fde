"""The receipt as a PDF, in the language of the page, with the font of the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from panro.ui.printing import FAMILY, INK, LINE, SOFT, begun_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import fpdf

LABEL: Final = 42.0  # mm
HASH_COLUMNS: Final = 32
_LINE: Final = (177, 184, 190)


@dataclass(frozen=True, slots=True)
class Printed:
    """What a receipt says. ``rows`` are labels and values, ``then`` what happens next, day by day."""

    title: str
    number: str
    rows: Sequence[tuple[str, str]]
    then: Sequence[tuple[str, str]]
    commitment: str
    issued_at: datetime
    agency: str


def receipt_pdf(receipt: Printed) -> bytes:
    """Print a receipt on one page of A4 (more if its names are very long).

    Raises:
        FontMissingError: says how to make the font ready.
    """
    sheet = begun_sheet(f"{receipt.title} {receipt.number}", author=receipt.agency, at=receipt.issued_at)
    _head(sheet, receipt)
    for label, value in receipt.rows:
        _row(sheet, label, value)
    _hash(sheet, receipt.commitment)
    if receipt.then:
        _heading(sheet, _("What happens next"))
        for label, value in receipt.then:
            _row(sheet, label, value)
    _foot(sheet, receipt)
    return bytes(sheet.output())


def _head(sheet: fpdf.FPDF, receipt: Printed) -> None:
    sheet.set_font(FAMILY, "", 11)
    sheet.set_text_color(*SOFT)
    sheet.multi_cell(0, LINE, receipt.agency, new_x="LMARGIN", new_y="NEXT")
    sheet.set_font(FAMILY, "B", 22)
    sheet.set_text_color(*INK)
    sheet.multi_cell(0, 12, receipt.title, new_x="LMARGIN", new_y="NEXT")
    sheet.set_font(FAMILY, "B", 14)
    sheet.multi_cell(0, 9, receipt.number, new_x="LMARGIN", new_y="NEXT")
    sheet.ln(3)
    _rule(sheet)


def _heading(sheet: fpdf.FPDF, text: str) -> None:
    sheet.ln(5)
    sheet.set_font(FAMILY, "B", 13)
    sheet.set_text_color(*INK)
    sheet.multi_cell(0, 9, text, new_x="LMARGIN", new_y="NEXT")
    _rule(sheet)


def _row(sheet: fpdf.FPDF, label: str, value: str) -> None:
    """A label and its value; a long value goes on under itself, and the pair never parts at the foot of a page."""
    shown = value or "–"
    sheet.set_font(FAMILY, "", 11)
    width = sheet.w - sheet.l_margin - sheet.r_margin - LABEL
    height = LINE * max(_lines(sheet, LABEL, label), _lines(sheet, width, shown))
    if sheet.will_page_break(height):
        sheet.add_page()
    top = sheet.get_y()
    sheet.set_text_color(*SOFT)
    sheet.multi_cell(LABEL, LINE, label, align="L", new_x="RIGHT", new_y="TOP")
    sheet.set_xy(sheet.l_margin + LABEL, top)
    sheet.set_text_color(*INK)
    sheet.multi_cell(width, LINE, shown, align="L", new_x="LMARGIN", new_y="NEXT")
    sheet.set_y(top + height + 1.5)
    _rule(sheet)


def _lines(sheet: fpdf.FPDF, width: float, text: str) -> int:
    found = sheet.multi_cell(width, LINE, text, align="L", dry_run=True, output="LINES")
    return len(found) if isinstance(found, list) else 1


def _hash(sheet: fpdf.FPDF, commitment: str) -> None:
    """The hash in two lines of equal length, so that it can be compared by eye."""
    halves = [commitment[at : at + HASH_COLUMNS] for at in range(0, len(commitment), HASH_COLUMNS)]
    _row(sheet, _("Hash of this receipt"), "\n".join(halves))
    sheet.set_font(FAMILY, "", 9.5)
    sheet.set_text_color(*SOFT)
    text = _("With this hash you find your line in the published results. Nobody else learns from it who you are.")
    sheet.multi_cell(0, 5, text, new_x="LMARGIN", new_y="NEXT")


def _foot(sheet: fpdf.FPDF, receipt: Printed) -> None:
    sheet.ln(8)
    sheet.set_font(FAMILY, "", 9.5)
    sheet.set_text_color(*SOFT)
    text = _("The time of submission has no influence on the selection.")
    sheet.multi_cell(0, 5, text, new_x="LMARGIN", new_y="NEXT")
    sheet.multi_cell(0, 5, receipt.agency, new_x="LMARGIN", new_y="NEXT")


def _rule(sheet: fpdf.FPDF) -> None:
    sheet.set_draw_color(*_LINE)
    sheet.line(sheet.l_margin, sheet.get_y(), sheet.w - sheet.r_margin, sheet.get_y())
    sheet.ln(1.5)
