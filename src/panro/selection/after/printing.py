"""A letter as a PDF, in the language of the page, with the font of the pages."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from panro.accounts.language import say
from panro.selection.after.told import official_day
from panro.ui.clock import SEOUL
from panro.ui.printing import FAMILY, INK, LINE, SOFT, begun_sheet

if TYPE_CHECKING:
    import fpdf

    from panro.selection.after.told import Document

INDENT: Final = (0.0, 0.0, 8.0)  # mm, by level
MARK: Final = 8.0  # mm


def letter_pdf(letter: Document) -> bytes:
    """Print a letter on A4, on more than one page where its body is long.

    Raises:
        FontMissingError: says how to make the font ready.
    """
    noon = datetime.combine(letter.day, time(12), tzinfo=SEOUL)
    title = f"{letter.number} {say(letter.title)}"
    sheet = begun_sheet(title, author=say(letter.agency), at=noon.astimezone(UTC))
    _head(sheet, letter)
    _body(sheet, letter)
    _foot(sheet, letter)
    return bytes(sheet.output())


def _write(sheet: fpdf.FPDF, text: str, size: float, *, bold: bool = False, align: str = "L") -> None:
    sheet.set_font(FAMILY, "B" if bold else "", size)
    sheet.multi_cell(0, LINE * max(1.0, size / 11), text, align=align, new_x="LMARGIN", new_y="NEXT")


def _rule(sheet: fpdf.FPDF) -> None:
    sheet.ln(1.5)
    sheet.set_draw_color(*INK)
    sheet.line(sheet.l_margin, sheet.get_y(), sheet.w - sheet.r_margin, sheet.get_y())
    sheet.ln(3)


def _head(sheet: fpdf.FPDF, letter: Document) -> None:
    sheet.set_text_color(*INK)
    if letter.simulated:
        _write(sheet, _("This letter comes from a rehearsal. It has no effect."), 11, bold=True)
    _write(sheet, say(letter.agency), 20, bold=True, align="C")
    sheet.ln(6)
    _write(sheet, _("To  %(name)s") % {"name": letter.recipient}, 11)
    _write(sheet, _("Subject  %(title)s") % {"title": say(letter.title)}, 12, bold=True)
    _rule(sheet)


def _body(sheet: fpdf.FPDF, letter: Document) -> None:
    last = len(letter.body) - 1
    for place, one in enumerate(letter.body):
        text = say(one.text) + (f"  {_('End.')}" if place == last else "")
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
    _write(sheet, say(letter.sender), 18, bold=True, align="C")
    sheet.ln(8)
    _rule(sheet)
    sheet.set_text_color(*SOFT)
    drafter = letter.drafter or say(letter.office)
    people = _("Drafted by %(drafter)s    Approved by %(approver)s") % {
        "drafter": drafter,
        "approver": letter.approver or "-",
    }
    _write(sheet, people, 9.5)
    number = {"number": letter.number, "day": official_day(letter.day)}
    _write(sheet, _("Issued as %(number)s (%(day)s)") % number, 9.5)
