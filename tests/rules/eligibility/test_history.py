from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.korea.text import Text
from panro.rules.eligibility.dates import first_free, months_before
from rules.eligibility.world import asking, facts, found, head, programme, reason, round_data

RULE = "no_unfair_practice"
DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("closes", "first"),
    [
        (date(2021, 4, 16), date(2020, 4, 16)),
        (date(2021, 2, 28), date(2020, 2, 28)),
        (date(2024, 2, 29), date(2023, 2, 28)),
        (date(2025, 3, 1), date(2024, 3, 1)),
        (date(2021, 12, 31), date(2020, 12, 31)),
    ],
)
def test_the_year_counts_back_from_the_closing_date_with_both_its_days(closes: date, first: date) -> None:
    asked = asking(of=programme(rounds=[round_data(opens=closes, closes=closes)]), on=closes)

    def decided(day: date) -> str:
        return reason(RULE, facts(unfair_practice=[day.isoformat()]), asked)

    assert decided(first - timedelta(days=1)) == "no_unfair_practice"
    assert decided(first) == "unfair_practice"
    assert decided(closes) == "unfair_practice"
    assert decided(closes + timedelta(days=1)) == "no_unfair_practice"


def test_the_leap_day_itself_as_the_day_of_the_decision() -> None:
    def closing(day: date) -> str:
        asked = asking(of=programme(rounds=[round_data(opens=day, closes=day)]), on=day)
        return reason(RULE, facts(unfair_practice=["2020-02-29"]), asked)

    assert closing(date(2021, 2, 28)) == "unfair_practice"
    assert closing(date(2021, 3, 1)) == "no_unfair_practice"


def test_the_months_are_a_parameter_and_the_latest_decision_is_named() -> None:
    known = facts(unfair_practice=["2021-01-04", "2020-06-01"])
    assert reason(RULE, known, within_months=3) == "no_unfair_practice"
    assert found(RULE, known).message == Text(
        ko="2021. 1. 4.에 불공정행위 처분이 있었습니다. 2020. 4. 16.부터 2021. 4. 16.까지의 처분은 제외 사유입니다.",
        en="There is a decision on an unfair practice of 4 January 2021; "
        "decisions from 16 April 2020 to 16 April 2021 exclude.",
    )


@given(day=DAYS, months=st.integers(1, 36))
def test_counting_months_back_agrees_with_stepping_month_by_month(day: date, months: int) -> None:
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    last = calendar.monthrange(year, month)[1]
    assert months_before(day, months) == date(year, month, min(day.day, last))


@given(closes=DAYS, back=st.integers(0, 800))
def test_a_decision_excludes_exactly_within_a_year_by_an_independent_reckoning(closes: date, back: int) -> None:
    decided = closes - timedelta(days=back)
    leap_day = (closes.month, closes.day) == (2, 29)
    key = (closes.year - 1, 2, 28) if leap_day else (closes.year - 1, closes.month, closes.day)
    inside = (decided.year, decided.month, decided.day) >= key
    asked = asking(of=programme(rounds=[round_data(opens=closes, closes=closes)]), on=closes)
    known = facts(unfair_practice=[decided.isoformat()])
    assert (reason(RULE, known, asked) == "unfair_practice") == inside


@given(decided=DAYS, months=st.integers(1, 36))
def test_the_promised_first_free_closing_date_is_the_first(decided: date, months: int) -> None:
    free = first_free(decided, months)
    assert months_before(free, months) > decided
    assert months_before(free - timedelta(days=1), months) <= decided


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2021, 3, 17), "no_sanction"),
        (date(2021, 3, 18), "sanctioned"),
        (date(2021, 3, 31), "sanctioned"),
        (date(2021, 4, 1), "no_sanction"),
    ],
)
def test_a_sanction_runs_on_both_its_days(on: date, expected: str) -> None:
    rows = [
        {"from": "2019-01-01", "to": "2019-12-31", "reason": "old"},
        {"from": "2021-03-18", "to": "2021-03-31", "reason": "거짓 신청"},
    ]
    assert reason("no_sanction", facts(sanctions=rows), asking(on=on)) == expected


def test_a_sanction_without_end_runs_until_lifted() -> None:
    finding = found("no_sanction", facts(sanctions=[{"from": "2021-01-01", "to": None, "reason": "환수"}]))
    assert finding.message.ko == "해제될 때까지 참여 제한을 받고 있습니다(사유: 환수)."


AWARDS = [
    {"edition": "2021", "programme": "1-2", "round": "R1"},
    {"edition": "2020", "programme": "3-1", "round": "R1"},
    {"edition": "2019", "programme": "3-1", "round": "R2"},
    {"edition": "2022", "programme": "3-1", "round": "R1"},
]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "not_already_supported"),
        ({"within_editions": 1}, "already_supported"),
        ({"within_editions": 1, "at_most": 1}, "not_already_supported"),
        ({"within_editions": 2, "at_most": 1}, "already_supported"),
        ({"programmes": ["1-2"]}, "already_supported"),
        ({"programmes": ["1-2", "3-1"], "at_most": 1}, "not_already_supported"),
        ({"programmes": ["1-3"], "within_editions": 9}, "not_already_supported"),
    ],
)
def test_which_awards_count(parameters: dict[str, object], expected: str) -> None:
    assert reason("not_already_supported", facts(awards=AWARDS), asking(), **parameters) == expected


def test_years_whose_codes_are_no_numbers_count_only_if_equal() -> None:
    asked = asking(year=head(code="pilot"))
    rows = [{"edition": "pilot-0", "programme": "3-1", "round": "R1"}]
    known = facts(awards=rows)
    assert reason("not_already_supported", known, asked, within_editions=5) == "not_already_supported"
    same = facts(awards=[{"edition": "pilot", "programme": "3-1", "round": "R1"}])
    assert reason("not_already_supported", same, asked) == "already_supported"
