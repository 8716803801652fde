"""Counting months back from a day, as the Civil Act counts periods."""

import calendar
from datetime import date, timedelta
from typing import Final

_YEAR: Final = 12


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier; a month without that day gives its last day (민법 제160조)."""
    count = day.year * _YEAR + day.month - 1 - months
    year, month = count // _YEAR, count % _YEAR + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def first_free(decided: date, months: int) -> date:
    """Return the first closing date, counted back from which a decision no longer falls within the months."""
    closing = decided + timedelta(days=28 * months)
    while months_before(closing, months) <= decided:
        closing += timedelta(days=1)
    return closing
