"""The size test of a small merchant."""

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.korea.industries import classification
from panro.korea.small_merchants import (
    EmployeeCountError,
    MonthEndCount,
    SizeAnswer,
    SizeReason,
    read_size_tables,
    regular_employees,
    size_tables,
    small_merchant_test,
)
from panro.korea.tables import Confidence, TableError

OPENING_DAY = date(2021, 3, 17)
HUNDRED_MILLION = 100_000_000
# 중소기업기본법 시행령 별표 3 as of 2021, division by division, in units of 100 million won.
EXPECTED = {
    120: "10 11 14 15 19 20 21 23 24 25 26 28 29 30 32 35 36",
    80: "01 02 03 05 06 07 08 12 13 16 17 18 22 27 31 33 41 42 49 50 51 52 64 65 66",
    50: "45 46 47 58 59 60 61 62 63",
    30: "37 38 39 68 70 71 72 73 74 75 76 90 91",
    10: "34 55 56 85 86 87 94 95 96",
}
NONE_SET = ["84", "97", "98", "99"]


def limit_of(industry: str, day: date = OPENING_DAY, revision: str = "10") -> int | None:
    row = size_tables().sales_limit(industry, revision, on=day)
    return None if row is None else row.limit


def test_limits_of_2021_by_division() -> None:
    expected = {code: band * HUNDRED_MILLION for band, codes in EXPECTED.items() for code in codes.split()}
    found = {code: limit_of(code) for code in classification().divisions}
    assert {code: limit for code, limit in found.items() if limit is not None} == expected
    assert [code for code, limit in found.items() if limit is None] == NONE_SET


def test_the_table_has_43_industries() -> None:
    bands = {
        id(row): row
        for code in classification().divisions
        if (row := size_tables().sales_limit(code, "10", on=OPENING_DAY))
    }
    assert sum(len(row.prefixes) for row in bands.values()) == 43
    assert {row.confidence for row in bands.values()} == {Confidence.SECONDARY}


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (date(2015, 12, 31), None),
        (date(2016, 1, 1), 50 * HUNDRED_MILLION),
        (date(2025, 8, 31), 50 * HUNDRED_MILLION),
        (date(2025, 9, 1), None),
    ],
)
def test_limits_outside_the_known_days_are_not_guessed(day: date, limit: int | None) -> None:
    assert limit_of("47911", day) == limit


def test_limits_of_another_revision_are_not_known() -> None:
    verdict = small_merchant_test("47911", "11", 1, Decimal(1), on=OPENING_DAY, tables=size_tables())
    assert verdict.answer is SizeAnswer.UNKNOWN
    assert (verdict.sales.reason, verdict.employees.reason) == (SizeReason.LIMIT_NOT_KNOWN,) * 2


@pytest.mark.parametrize(
    ("industry", "sales", "employees", "answer"),
    [
        ("10797", 120 * HUNDRED_MILLION, Decimal("9.5"), SizeAnswer.YES),
        ("10797", 120 * HUNDRED_MILLION + 1, Decimal("9.5"), SizeAnswer.NO),
        ("10797", 120 * HUNDRED_MILLION, Decimal(10), SizeAnswer.NO),
        ("47911", 50 * HUNDRED_MILLION, Decimal("4.5"), SizeAnswer.YES),
        ("47911", 50 * HUNDRED_MILLION + 1, Decimal("4.5"), SizeAnswer.NO),
        ("47911", 50 * HUNDRED_MILLION, Decimal(5), SizeAnswer.NO),
        ("47911", None, Decimal("4.5"), SizeAnswer.UNKNOWN),
        ("47911", None, Decimal(5), SizeAnswer.NO),
        ("47911", 50 * HUNDRED_MILLION, None, SizeAnswer.UNKNOWN),
        ("47911", 50 * HUNDRED_MILLION + 1, None, SizeAnswer.NO),
        ("84111", 1, Decimal(1), SizeAnswer.UNKNOWN),
    ],
)
def test_both_halves_decide(industry: str, sales: int | None, employees: Decimal | None, answer: SizeAnswer) -> None:
    verdict = small_merchant_test(industry, "10", sales, employees, on=OPENING_DAY, tables=size_tables())
    assert verdict.answer is answer


def test_employee_limits_by_section() -> None:
    ten = {
        row.section
        for code, row in classification().divisions.items()
        if (limit := size_tables().employee_limit(code, "10", on=OPENING_DAY)) and limit.below == 10
    }
    assert ten == {"B", "C", "F", "H"}


@pytest.mark.parametrize(
    ("day", "act"),
    [(date(2021, 2, 4), "소상공인 보호 및 지원에 관한 법률 제2조"), (date(2021, 2, 5), "소상공인기본법 제2조")],
)
def test_the_act_changed_in_february_2021(day: date, act: str) -> None:
    verdict = small_merchant_test("47911", "10", 1, Decimal(1), on=day, tables=size_tables())
    assert verdict.employees.limit is not None
    assert verdict.employees.limit.source.split(",")[0] == act


def test_regular_employees_is_the_mean_of_month_ends_with_part_timers_half() -> None:
    assert regular_employees([MonthEndCount(4, 1)] * 12) == Decimal("4.5")
    assert regular_employees([MonthEndCount(4)] * 6 + [MonthEndCount(6)] * 6) == Decimal(5)
    assert regular_employees([MonthEndCount(3)]) == Decimal(3)


counts = st.builds(MonthEndCount, st.integers(0, 30), st.integers(0, 30))


@given(st.lists(counts, min_size=1, max_size=12), st.integers(1, 20), st.integers(1, 9))
def test_rounding_never_moves_a_firm_over_a_limit(months: list[MonthEndCount], below: int, precision: int) -> None:
    exact = Fraction(sum(2 * month.full_time + month.part_time for month in months), 2 * len(months))
    with localcontext(prec=precision):
        mean = regular_employees(months)
    assert (mean < below) == (exact < below)
    assert abs(Fraction(mean) - exact) < Fraction(1, 10**20)


@pytest.mark.parametrize("months", [[], [MonthEndCount(1)] * 13, [MonthEndCount(-1)], [MonthEndCount(1, -1)]])
def test_impossible_counts_are_refused(months: list[MonthEndCount]) -> None:
    with pytest.raises(EmployeeCountError):
        regular_employees(months)


BAND = """
[[band]]
prefixes = {prefixes}
revision = "10"
limit = {limit}
valid_from = {start}
source = "test"
confidence = "unsure"
"""
EMPLOYEES = """
[[employees]]
below = 5
valid_from = 2016-01-01
source = "test"
confidence = "unsure"
"""


def test_another_table_is_only_data_and_the_longest_prefix_wins() -> None:
    text = BAND.format(prefixes='["G"]', limit=5, start="2025-09-01")
    text += BAND.format(prefixes='["4791"]', limit=7, start="2025-09-01") + EMPLOYEES
    tables = read_size_tables(text, "t.toml")
    found = {
        code: row.limit if (row := tables.sales_limit(code, "10", on=date(2025, 9, 1))) else None
        for code in ("47911", "4791", "47921", "479", "47", "46")
    }
    assert found == {"47911": 7, "4791": 7, "47921": 5, "479": None, "47": None, "46": 5}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (BAND.format(prefixes='["G"]', limit=5, start="2020-01-01") + "colour = 1\n" + EMPLOYEES, "band.0.colour"),
        (BAND.format(prefixes='["G"]', limit='"5"', start="2020-01-01") + EMPLOYEES, "band.0.limit"),
        (BAND.format(prefixes='["G", "G"]', limit=5, start="2020-01-01") + EMPLOYEES, "band G"),
        (BAND.format(prefixes='["G"]', limit=5, start="2020-01-01") + EMPLOYEES * 2, "employees None"),
        (EMPLOYEES, "band: this key is required"),
    ],
)
def test_a_wrong_table_is_refused(text: str, part: str) -> None:
    with pytest.raises(TableError, match=part):
        read_size_tables(text, "t.toml")
