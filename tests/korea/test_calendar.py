"""Business days and deadlines."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panro.korea.calendar import (
    SEOUL,
    CalendarError,
    add_business_days,
    business_calendar,
    day_start,
    deadline_end,
    is_business_day,
    read_calendar,
    seoul_date,
)
from panro.korea.tables import TableError

days = st.dates(date(2016, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize("day", [date(2021, 8, 16), date(2021, 10, 4), date(2021, 10, 11)])
def test_substitute_holidays_of_2021_are_mondays_without_business(day: date) -> None:
    assert day.weekday() == 0
    assert is_business_day(day) is False
    assert is_business_day(day + timedelta(days=1)) is True
    assert add_business_days(day - timedelta(days=3), 1) == day + timedelta(days=1)


@pytest.mark.parametrize("day", [date(2021, 8, 16), date(2021, 10, 4), date(2021, 10, 11), date(2020, 8, 17)])
def test_pinned_days_agree_with_the_library(day: date) -> None:
    assert read_calendar("", "t.toml").is_business_day(day) is False
    assert day in business_calendar().overrides


def test_holidays_of_2021_on_weekdays() -> None:
    every_day = (date(2021, 1, 1) + timedelta(days=number) for number in range(365))
    off = [day.strftime("%m-%d") for day in every_day if day.weekday() < 5 and not is_business_day(day)]
    assert off == [
        *["01-01", "02-11", "02-12", "03-01", "05-05", "05-19", "08-16"],
        *["09-20", "09-21", "09-22", "10-04", "10-11"],
    ]
    assert sum(is_business_day(date(2021, 1, 1) + timedelta(days=number)) for number in range(365)) == 261 - 12


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2021, 2, 10), 3, date(2021, 2, 17)),
        (date(2021, 2, 10), 0, date(2021, 2, 10)),
        (date(2021, 2, 11), 0, date(2021, 2, 15)),
        (date(2021, 2, 15), -1, date(2021, 2, 10)),
        (date(2021, 2, 14), -1, date(2021, 2, 10)),
        (date(2020, 12, 31), 1, date(2021, 1, 4)),
    ],
)
def test_counting_over_holidays(day: date, count: int, expected: date) -> None:
    assert add_business_days(day, count) == expected


@settings(deadline=None)  # the first look at a year loads its holidays
@given(days, st.integers(1, 30))
def test_as_many_business_days_lie_between_as_were_added(day: date, count: int) -> None:
    later = add_business_days(day, count)
    between = [day + timedelta(days=number) for number in range(1, (later - day).days + 1)]
    assert sum(is_business_day(one) for one in between) == count
    assert is_business_day(later)
    if is_business_day(day):
        assert add_business_days(later, -count) == day


def test_a_table_overrules_the_library_both_ways() -> None:
    row = '[[day]]\ndate = {day}\nkind = "{kind}"\nname_ko = "가"\nname_en = "A"\nsource = "t"\nconfidence = "unsure"\n'
    text = row.format(day="2021-03-17", kind="holiday") + row.format(day="2021-03-01", kind="working_day")
    calendar = read_calendar(text, "t.toml")
    assert calendar.is_business_day(date(2021, 3, 17)) is False
    assert calendar.is_business_day(date(2021, 3, 1)) is True
    assert calendar.holiday_name(date(2021, 3, 17)) == "가"
    assert calendar.holiday_name(date(2021, 3, 1)) is None
    assert calendar.holiday_name(date(2021, 5, 5)) == "어린이날"
    with pytest.raises(TableError, match="day 2021-03-17: this day stands twice"):
        read_calendar(row.format(day="2021-03-17", kind="holiday") * 2, "t.toml")
    with pytest.raises(TableError, match=r"day\.0\.kind"):
        read_calendar(row.format(day="2021-03-17", kind="half_day"), "t.toml")


@pytest.mark.parametrize("year", [1947, 2101])
def test_years_out_of_range_are_not_guessed(year: int) -> None:
    with pytest.raises(CalendarError, match="between 1948 and 2100"):
        business_calendar().holiday_name(date(year, 5, 5))


def test_a_deadline_ends_at_the_next_midnight_in_seoul() -> None:
    assert deadline_end(date(2021, 12, 31)) == datetime(2021, 12, 31, 15, 0, tzinfo=UTC)
    assert deadline_end(date(2021, 12, 31)).tzinfo is UTC
    moment = deadline_end(date(2021, 12, 31))
    assert seoul_date(moment - timedelta(microseconds=1)) == date(2021, 12, 31)
    assert seoul_date(moment) == date(2022, 1, 1)


@given(days)
def test_the_fixed_offset_agrees_with_the_time_zone_database(day: date) -> None:
    expected = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Seoul")).astimezone(UTC)
    assert day_start(day) == expected
    assert deadline_end(day) == day_start(day + timedelta(days=1))
    assert seoul_date(expected) == day
    assert seoul_date(expected.astimezone(SEOUL)) == day


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(CalendarError, match="no time zone"):
        seoul_date(datetime(2021, 1, 1))  # noqa: DTZ001 - the refusal of a naive moment is the point
