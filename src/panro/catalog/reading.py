"""Reading single values as people write them, in a form or in a cell: the same rules for both."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from panro.catalog import choices, gtin
from panro.catalog.faults import FaultError
from panro.catalog.models.products import ADDRESS, CODE, CODE_LENGTH, TEXT
from panro.korea.text import compatibility_form, nfc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from panro.korea.text import Text

    type Reader = Callable[[str], str | int | None]

FOUND: Final = 40
"""So much of what was written is repeated in an error."""
_WON: Final = re.compile(r"[\s,원₩\\]|KRW|won", re.IGNORECASE)
_WHOLE: Final = re.compile(r"[+-]?\d{1,18}(?:\.0+)?")
_DATE: Final = re.compile(r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[일.]?(?:\s+00:00:00)?")
_SCHEMES: Final = ("http", "https")


def short(written: str) -> str:
    """Return what an error repeats of something written."""
    return written if len(written) <= FOUND else written[: FOUND - 1] + "…"


def line(most: int) -> Reader:
    """Return a reader of one line of text."""

    def read(written: str) -> str:
        text = _text(written, most)
        if "\n" in text:
            raise FaultError("line_breaks")
        return text

    return read


def long_text(written: str) -> str:
    """Read a text of several lines."""
    return _text(written, TEXT)


def name(most: int) -> Reader:
    """Return a reader of a line that must not be empty."""
    inner = line(most)

    def read(written: str) -> str:
        text = str(inner(written))
        if not text:
            raise FaultError("no_name")
        return text

    return read


def code(written: str) -> str:
    """Read the code of a product."""
    text = compatibility_form(written).strip()
    if len(text) > CODE_LENGTH or not re.fullmatch(CODE.removeprefix("^").removesuffix("$"), text):
        raise FaultError("no_code", found=short(text))
    return text


def whole(least: int, most: int) -> Reader:
    """Return a reader of a whole number, or None for nothing; ``12,000원`` and ``₩12,000`` are understood."""

    def read(written: str) -> int | None:
        text = _WON.sub("", compatibility_form(written))
        if not text:
            return None
        if not _WHOLE.fullmatch(text):
            raise FaultError("not_whole", found=short(written.strip()))
        number = int(text.partition(".")[0])
        if number < least:
            raise FaultError("too_small", least=f"{least:,}")
        if number > most:
            raise FaultError("too_large", most=f"{most:,}")
        return number

    return read


def choice(words: Mapping[str, Text]) -> Reader:
    """Return a reader of one of some words, by code or by either name."""
    known = {choices.plain(word): key for key, text in words.items() for word in (key, text.ko, text.en)}

    def read(written: str) -> str:
        word = choices.plain(written)
        if word and word not in known:
            names = ", ".join(f"{text.ko} ({text.en})" for text in words.values())
            raise FaultError("no_choice", found=short(written.strip()), choices=names)
        return known.get(word, "")

    return read


def category(written: str) -> str:
    """Read a category by code or name."""
    if not written.strip():
        return ""
    found = choices.category_code(written)
    if found is None:
        raise FaultError("no_category", found=short(written.strip()))
    return found


def country(written: str) -> str:
    """Read a country by code or name."""
    if not written.strip():
        return ""
    found = choices.country_code(written)
    if found is None:
        raise FaultError("no_country", found=short(written.strip()))
    return found


def barcode(written: str) -> str:
    """Read a barcode and check its last digit."""
    digits = gtin.plain(written)
    if not digits:
        return ""
    if not gtin.has_form(digits):
        raise FaultError("no_barcode", found=short(written.strip()))
    if not gtin.is_valid(digits):
        raise FaultError("barcode_check", found=digits)
    return digits


def address(written: str) -> str:
    """Read an address of the web."""
    text = _text(written, ADDRESS)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in _SCHEMES or not host or "." not in host or re.search(r"\s", text) or parts.username:
        raise FaultError("no_address", found=short(text))
    return text


def day(written: str) -> dt.date | None:
    """Read a day such as ``2021-03-15`` or ``2021. 3. 15.``; None for nothing."""
    text = compatibility_form(written).strip()
    if not text:
        return None
    found = _DATE.fullmatch(text)
    try:
        return dt.date(*map(int, found.groups())) if found else _refuse_day(written)
    except ValueError as wrong:
        if isinstance(wrong, FaultError):
            raise
        return _refuse_day(written)


def _refuse_day(written: str) -> dt.date:
    raise FaultError("no_date", found=short(written.strip()))


def _text(written: str, most: int) -> str:
    text = nfc(written).replace("\r\n", "\n").replace("\r", "\n").strip()
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in text):
        raise FaultError("control")
    if len(text) > most:
        raise FaultError("too_long", most=f"{most:,}", found=f"{len(text):,}")
    return text
