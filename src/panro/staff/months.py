"""Months as Seoul counts them."""

from __future__ import annotations

from datetime import date, datetime, time

from panro.ui.clock import SEOUL

DECEMBER = 12


def month_of(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of a day's month, and the first moment after it."""
    first = day.replace(day=1)
    after = date(first.year + 1, 1, 1) if first.month == DECEMBER else first.replace(month=first.month + 1)
    return datetime.combine(first, time.min, SEOUL), datetime.combine(after, time.min, SEOUL)
