"""Sheets to print: A4 in the language of the page, with the font of the pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import fpdf

import panro.ui
from panro.accounts.language import page_language

if TYPE_CHECKING:
    from datetime import datetime

FONTS: Final = Path(panro.ui.__file__).parent / "static" / "vendor" / "krds" / "fonts"
FAMILY: Final = "Pretendard GOV"
WEIGHTS: Final = {"": "PretendardGOV-Regular.ttf", "B": "PretendardGOV-Bold.ttf"}
MARGIN: Final = 20.0  # mm
LINE: Final = 6.5  # mm
INK: Final = (30, 33, 36)
SOFT: Final = (70, 76, 83)


class FontMissingError(RuntimeError):
    """The font of the pages was not made ready."""


def begun_sheet(title: str, *, author: str, at: datetime) -> fpdf.FPDF:
    """Begin a document with its first page; the same words and moment give the same bytes.

    Raises:
        FontMissingError: says how to make the font ready.
    """
    sheet = fpdf.FPDF(format="A4")
    sheet.set_creation_date(at)
    sheet.set_title(title)
    sheet.set_author(author)
    sheet.set_lang(page_language())
    sheet.set_margins(MARGIN, MARGIN, MARGIN)
    sheet.set_auto_page_break(auto=True, margin=MARGIN)
    for style, name in WEIGHTS.items():
        if not (FONTS / name).is_file():
            raise FontMissingError(f"{FONTS / name} is missing: run scripts/setup.sh, which unpacks the font")
        sheet.add_font(FAMILY, style, FONTS / name)
    sheet.add_page()
    return sheet
