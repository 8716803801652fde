"""Whole numbers, decimals, rounding, dates and times (section 1).

There is no floating point in this program. A decimal is an int that counts units of its last digit:
`83.50` with two fraction digits is 8350. Only the ten ASCII digits are digits.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_FRACTION_DIGITS = 100
HASH_DIGITS = 64
REMEMBERED = 1 << 16  # texts read or written before, as points and scores repeat
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")
_DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,100}))?")
_HASH = re.compile(r"[0-9a-f]{64}")
_HEXADECIMAL = re.compile(r"[0-9a-f]*")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CLOCK = re.compile(r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")


class Step(NamedTuple):
    """The step of a decimal: `units` of the last of `digits` fraction digits; `0.05` is 5 units of 2 digits."""

    units: int
    digits: int


HUNDREDTH = Step(1, 2)
TEN_THOUSANDTH = Step(1, 4)


def is_hash(text: str) -> bool:
    """Whether `text` is 64 lower-case hexadecimal digits."""
    return _HASH.fullmatch(text) is not None


def all_hashes(texts: Sequence[str]) -> bool:
    """Whether every one of `texts` is 64 lower-case hexadecimal digits."""
    return {HASH_DIGITS}.issuperset(map(len, texts)) and _HEXADECIMAL.fullmatch("".join(texts)) is not None


def whole(text: str) -> int | None:
    """Return the whole number that `text` writes, or None if it writes none; at most 15 digits are read."""
    return int(text) if _WHOLE.fullmatch(text) else None


@lru_cache(REMEMBERED)
def decimal(text: str, digits: int) -> int | None:
    """Return the decimal `text` in units of its last digit, or None unless it has exactly `digits` of them."""
    match = _DECIMAL.fullmatch(text)
    if match is None or len(match[3] or "") != digits:
        return None
    value = int(match[2] + (match[3] or ""))
    if match[1]:
        return -value if value else None
    return value


def step(text: str) -> Step | None:
    """Return the step that `text` writes (a decimal above zero), or None if it writes none."""
    digits = len(text.partition(".")[2])
    units = decimal(text, digits) if digits <= MOST_FRACTION_DIGITS else None
    return Step(units, digits) if units is not None and units > 0 else None


@lru_cache(REMEMBERED)
def written(value: int, digits: int) -> str:
    """Write `value`, counted in units of the last of `digits` fraction digits, as a decimal."""
    if digits == 0:
        return str(value)
    whole_part, fraction = divmod(abs(value), 10**digits)
    return f"{'-' if value < 0 else ''}{whole_part}.{fraction:0{digits}d}"


@lru_cache(REMEMBERED)
def rounded(numerator: int, denominator: int, to: Step) -> int:
    """Return round(numerator / denominator, step): half goes up, also below zero (section 1).

    The fraction is a plain number; the result is counted in units of the step's last digit.
    """
    steps: int = (2 * numerator * 10**to.digits + denominator * to.units) // (2 * denominator * to.units)
    return steps * to.units


@lru_cache(REMEMBERED)
def is_date(text: str) -> bool:
    """Whether `text` is a day of the calendar, as `YYYY-MM-DD`."""
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """Whether `text` is a moment of the calendar in UTC, as `YYYY-MM-DDTHH:MM:SSZ`."""
    return _CLOCK.fullmatch(text, 10) is not None and is_date(text[:10])
