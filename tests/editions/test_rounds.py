from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from panro.editions.calendars import Occasion, Sort, feed_text
from panro.editions.clock import day_of
from panro.editions.rounds import Intake, RoundState, intake_on, state_on


@dataclass(frozen=True)
class Days:
    opens: date = date(2021, 4, 1)
    closes: date = date(2021, 4, 30)
    results_on: date = date(2021, 5, 20)
    objections_until: date = date(2021, 5, 30)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2021, 3, 31), RoundState.UPCOMING),
        (date(2021, 4, 1), RoundState.OPEN),
        (date(2021, 4, 15), RoundState.OPEN),
        (date(2021, 4, 16), RoundState.CLOSING),
        (date(2021, 4, 30), RoundState.CLOSING),
        (date(2021, 5, 1), RoundState.REVIEW),
        (date(2021, 5, 19), RoundState.REVIEW),
        (date(2021, 5, 20), RoundState.OBJECTIONS),
        (date(2021, 5, 30), RoundState.OBJECTIONS),
        (date(2021, 5, 31), RoundState.OVER),
    ],
)
def test_a_round_stands_where_its_days_say(day: date, state: RoundState) -> None:
    assert state_on(Days(), day) == state


def test_a_programme_is_open_before_it_is_anything_else() -> None:
    later = Days(date(2021, 6, 1), date(2021, 6, 30), date(2021, 7, 20), date(2021, 7, 30))
    assert intake_on([later, Days()], date(2021, 4, 2)) == Intake(RoundState.OPEN, date(2021, 4, 30))
    assert intake_on([later, Days()], date(2021, 5, 5)) == Intake(RoundState.UPCOMING, date(2021, 6, 1))
    assert intake_on([later, Days()], date(2021, 7, 1)) == Intake(RoundState.REVIEW, date(2021, 7, 20))
    assert intake_on([later, Days()], date(2021, 8, 1)) == Intake(RoundState.OVER, None)
    assert intake_on([], date(2021, 8, 1)) == Intake(None, None)


@pytest.mark.parametrize(("hour", "day"), [(14, 16), (15, 17)])
def test_a_day_ends_at_midnight_in_seoul(hour: int, day: int) -> None:
    assert day_of(datetime(2021, 3, 16, hour, tzinfo=UTC)) == date(2021, 3, day)


def test_the_feed_folds_lines_and_excludes_the_last_day() -> None:
    title = "소상공인, 온라인; 판로 " * 8
    one = Occasion(date(2021, 6, 24), date(2021, 7, 11), Sort.EVENT, title, "", "/p/", "2021-sale")
    text = feed_text(
        [one], code="2021", stamp=datetime(2021, 3, 10, tzinfo=UTC), address=lambda path: f"https://x{path}"
    )
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20210624\r\nDTEND;VALUE=DATE:20210712\r\n" in whole
    assert title.replace(",", "\\,").replace(";", "\\;") in whole
    assert "URL:https://x/p/\r\n" in whole
    assert text.endswith("END:VCALENDAR\r\n")
