"""What a cell says as text, and what is written into one so that no spreadsheet program runs it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from panro.catalog.faults import Fault

LONGEST: Final = 5_000
"""No cell is kept longer than this; its field refuses it anyway."""
MARK: Final = "'"
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_QUOTED: Final = re.compile(r'="([^"]*)"')


def defused(text: str) -> str:
    """Return a text that no program takes for a formula: one that begins like it gets an apostrophe in front.

    A text that begins with such an apostrophe already gets another, so that :func:`restored` undoes this exactly.
    """
    return MARK + text if is_risky(text.lstrip(MARK)) else text


def restored(text: str) -> str:
    """Return what :func:`defused` was given."""
    return text.removeprefix(MARK) if text.startswith(MARK) and is_risky(text.lstrip(MARK)) else text


def is_risky(text: str) -> bool:
    """Whether a program may take a text for a formula (OWASP, CSV injection)."""
    return text.startswith(_RISKY)


def of_xlsx(value: object, data_type: str) -> str | Fault:
    """Return what a cell of a workbook says; a formula or an error is a fault, never worked out."""
    if data_type == "f":
        return Fault("formula")
    if data_type == "e":
        return Fault("cell_error", "", {"found": str(value)[:20]})
    return _plain(value)[:LONGEST].strip()


def of_csv(text: str) -> str | Fault:
    """Return what a cell of a text file says; ``="0012"``, with which people keep zeros, is the text inside."""
    text = text[:LONGEST].strip()
    if quoted := _QUOTED.fullmatch(text):
        return quoted[1]
    if text.startswith("="):
        return Fault("formula")
    return restored(text)


def _plain(value: object) -> str:
    """Return a value as somebody would have typed it: whole numbers without a point, days without an hour."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
        case _:
            return restored(str(value))
