"""A letter as a PDF, in the language of the page, with the font of the pages."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

import fpdf
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from panro.intake.printing import FAMILY, FONTS, LINE, MARGIN, WEIGHTS, FontMissingError
from panro.selection.after.told import official_day
from panro.ui.clock import SEOUL

if TYPE_CHECKING:
    from panro.korea.text import Text
    from panro.selection.after.told import Document

INDENT: Final = (0.0, 0.0, 8.0)  # mm, by level
MARK: Final = 8.0  # mm
_INK: Final = (30, 33, 36)
_SOFT: Final = (70, 76, 83)


def letter_pdf(letter: Document) -> bytes:
    """Print a letter on A4, on more than one page where its body is long.

    Raises:
        FontMissingError: says how to make the font ready.
    """
    sheet = fpdf.FPDF(format="A4")
    noon = datetime.combine(letter.day, time(12), tzinfo=SEOUL)
    sheet.set_creation_date(noon.astimezone(UTC))
    sheet.set_title(f"{letter.number} {_say(letter.title)}")
    sheet.set_author(_say(letter.agency))
    sheet.set_lang((get_language() or "ko")[:2])
    sheet.set_margins(MARGIN, MARGIN, MARGIN)
    sheet.set_auto_page_break(auto=True, margin=MARGIN)
    for style, name in WEIGHTS.items():
        if not (FONTS / name).is_file():
            raise FontMissingError(f"{FONTS / name} is missing: run scripts/setup.sh, which unpacks the font")
        sheet.add_font(FAMILY, style, FONTS / name)
    sheet.add_page()
    _head(sheet, letter)
    _body(sheet, letter)
    _foot(sheet, letter)
    return bytes(sheet.output())


def _say(text: Text) -> str:
    return text.in_(get_language() or "ko")


def _write(sheet: fpdf.FPDF, text: str, size: float, *, bold: bool = False, align: str = "L") -> None:
    sheet.set_font(FAMILY, "B" if bold else "", size)
    sheet.multi_cell(0, LINE * max(1.0, size / 11), text, align=align, new_x="LMARGIN", new_y="NEXT")


def _rule(sheet: fpdf.FPDF) -> None:
    sheet.ln(1.5)
    sheet.set_draw_color(*_INK)
    sheet.line(sheet.l_margin, sheet.get_y(), sheet.w - sheet.r_margin, sheet.get_y())
    sheet.ln(3)


def _head(sheet: fpdf.FPDF, letter: Document) -> None:
    sheet.set_text_color(*_INK)
    if letter.simulated:
        _write(sheet, _("This letter comes from a rehearsal. It has no effect."), 11, bold=True)
    _write(sheet, _say(letter.agency), 20, bold=True, align="C")
    sheet.ln(6)
    _write(sheet, _("To  %(name)s") % {"name": letter.recipient}, 11)
    _write(sheet, _("Subject  %(title)s") % {"title": _say(letter.title)}, 12, bold=True)
    _rule(sheet)


def _body(sheet: fpdf.FPDF, letter: Document) -> None:
    last = len(letter.body) - 1
    for place, one in enumerate(letter.body):
        text = _say(one.text) + (f"  {_('End.')}" if place == last else "")
        sheet.set_font(FAMILY, "", 11)
        indent = INDENT[one.level]
        width = sheet.w - sheet.l_margin - sheet.r_margin - indent - MARK
        lines = sheet.multi_cell(width, LINE, text, dry_run=True, output="LINES")
        if sheet.will_page_break(LINE * min(3, len(lines) if isinstance(lines, list) else 1)):
            sheet.add_page()
        sheet.set_x(sheet.l_margin + indent)
        sheet.cell(MARK, LINE, one.mark)
        sheet.multi_cell(width, LINE, text, align="L", new_x="LMARGIN", new_y="NEXT")
        sheet.ln(1.5)


def _foot(sheet: fpdf.FPDF, letter: Document) -> None:
    if sheet.will_page_break(50):
        sheet.add_page()
    sheet.ln(12)
    _write(sheet, _say(letter.sender), 18, bold=True, align="C")
    sheet.ln(8)
    _rule(sheet)
    sheet.set_text_color(*_SOFT)
    drafter = letter.drafter or _say(letter.office)
    people = _("Drafted by %(drafter)s    Approved by %(approver)s") % {
        "drafter": drafter,
        "approver": letter.approver or "-",
    }
    _write(sheet, people, 9.5)
    number = {"number": letter.number, "day": official_day(letter.day)}
    _write(sheet, _("Issued as %(number)s (%(day)s)") % number, 9.5)
