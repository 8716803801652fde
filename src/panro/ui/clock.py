"""The day on which the pages stand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

SEOUL: Final = ZoneInfo("Asia/Seoul")


def pretended_day() -> date | None:
    """The day that a demo pretends it is (setting ``PRETENDED_DAY``); None where the clock counts."""
    day = getattr(settings, "PRETENDED_DAY", None)
    return day if isinstance(day, date) else None


def today() -> date:
    """The day in Seoul by which rounds are open or closed on the pages."""
    return pretended_day() or timezone.now().astimezone(SEOUL).date()


def day_of(moment: datetime) -> date:
    """The day in Seoul of an aware moment."""
    return moment.astimezone(SEOUL).date()
