"""Business days in Korea, and the moments at which a deadline's day begins and ends.

Public holidays come from the `holidays` package; a table of our own overrules it, because temporary holidays
are declared at short notice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar, Final

import holidays
from pydantic import ConfigDict

from panro.korea.tables import (
    FORBID_UNKNOWN,
    Confidence,
    Day,
    file_text,
    packaged_text,
    read_table,
    table_error,
)
from panro.korea.text import ExplainedError, Text

# Korea has kept UTC+9 without summer time since 1988-10-09; a fixed offset needs no time zone data.
SEOUL: Final = timezone(timedelta(hours=9), "Asia/Seoul")
_FIRST_DAY_OF_WEEKEND: Final = 5


class CalendarError(ExplainedError):
    """A moment or a year that the calendar cannot place."""


class DayKind(StrEnum):
    """What an overruled day is."""

    HOLIDAY = "holiday"
    WORKING_DAY = "working_day"


@dataclass(frozen=True, slots=True)
class DayOverride:
    """One day on which our table goes before the library."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    date: Day
    kind: DayKind
    name_ko: str
    name_en: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class _Layout:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    day: tuple[DayOverride, ...] = ()


@cache
def _library_holidays(year: int) -> dict[date, str]:
    """Return the public holidays of a year with their Korean names, as the library knows them."""
    known = holidays.country_holidays("KR", years=year, language="ko")
    if not known:
        raise CalendarError(
            Text(
                ko=f"{year}년의 공휴일을 알 수 없습니다. 1948년부터 2100년 사이의 날짜를 써 주세요.",
                en=f"the holidays of {year} are not known; use a date between 1948 and 2100",
            )
        )
    return dict(known.items())


class BusinessCalendar:
    """Saturdays, Sundays and public holidays are no business days, unless the override table says so."""

    def __init__(self, overrides: Iterable[DayOverride], *, name: str) -> None:
        self.overrides: dict[date, DayOverride] = {}
        for row in overrides:
            if row.date in self.overrides:
                raise table_error(
                    name, f"day {row.date}", "같은 날이 두 번 있습니다.", "this day stands twice; keep one"
                )
            self.overrides[row.date] = row

    def holiday_name(self, day: date) -> str | None:
        """Return the Korean name of the public holiday on that day, None where there is none.

        Raises:
            CalendarError: the year lies outside the library's range.
        """
        override = self.overrides.get(day)
        if override is not None:
            return override.name_ko if override.kind is DayKind.HOLIDAY else None
        return _library_holidays(day.year).get(day)

    def is_business_day(self, day: date) -> bool:
        """Return whether business is done on that day.

        Raises:
            CalendarError: the year lies outside the library's range.
        """
        override = self.overrides.get(day)
        if override is not None:
            return override.kind is DayKind.WORKING_DAY
        return day.weekday() < _FIRST_DAY_OF_WEEKEND and day not in _library_holidays(day.year)

    def add_business_days(self, day: date, count: int) -> date:
        """Return the day that lies a number of business days after (or, below zero, before) a day.

        The day itself is not counted (민법 제157조), so the result is always a business day; with 0 it is the
        day itself if business is done on it, otherwise the next business day.

        Raises:
            CalendarError: the reckoning leaves the library's range of years.
        """
        step = timedelta(days=-1 if count < 0 else 1)
        if count == 0:
            while not self.is_business_day(day):
                day += step
        for _ in range(abs(count)):
            day += step
            while not self.is_business_day(day):
                day += step
        return day


def read_calendar(text: str, name: str) -> BusinessCalendar:
    """Return the calendar whose overrides stand in a TOML text.

    Raises:
        TableError: a key is unknown, missing or of the wrong type, or a day stands twice.
    """
    return BusinessCalendar(read_table(_Layout, text, name).day, name=name)


def load_calendar(path: Path) -> BusinessCalendar:
    """Return the calendar whose overrides stand in a file, as `read_calendar`."""
    return read_calendar(file_text(path), str(path))


@cache
def business_calendar() -> BusinessCalendar:
    """Return the calendar that is delivered with the program."""
    return read_calendar(packaged_text("holidays.toml"), "holidays.toml")


def is_business_day(day: date) -> bool:
    """Return whether business is done on that day, as `BusinessCalendar.is_business_day`."""
    return business_calendar().is_business_day(day)


def add_business_days(day: date, count: int) -> date:
    """Return the day so many business days on, as `BusinessCalendar.add_business_days`."""
    return business_calendar().add_business_days(day, count)


def day_start(day: date) -> datetime:
    """Return the moment at which a day begins in Seoul, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SEOUL).astimezone(UTC)


def deadline_end(day: date) -> datetime:
    """Return the moment at which a deadline's day has passed in Seoul, in UTC.

    It is the next midnight and exclusive: what happens before it is in time, what happens at it is late.
    """
    return day_start(day + timedelta(days=1))


def seoul_date(moment: datetime) -> date:
    """Return the date in Seoul at a moment.

    Raises:
        CalendarError: the moment has no time zone.
    """
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise CalendarError(
            Text(
                ko=f"시각 {moment}에 시간대가 없습니다. UTC 시각을 넘겨 주세요.",
                en=f"the moment {moment} has no time zone; pass one in UTC",
            )
        )
    return moment.astimezone(SEOUL).date()
