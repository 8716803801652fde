"""Validity of papers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.korea.certificates import (
    CertificateError,
    Validity,
    certificate_validity,
    hundred_year_store_validity,
    local_tax_clearance_validity,
    national_tax_clearance_validity,
    paper_terms,
    read_paper_terms,
)
from panro.korea.tables import Confidence, TableError
from panro.korea.text import ExplainedError


@pytest.mark.parametrize(
    ("issued", "month", "founded", "first", "last"),
    [
        ("2021-03-17", 12, None, "2020-04-01", "2021-03-31"),
        ("2021-03-31", 12, "2015-06-01", "2020-04-01", "2021-03-31"),
        ("2021-04-01", 12, "2015-06-01", "2021-04-01", "2022-03-31"),
        ("2021-03-01", 12, "2021-02-10", "2021-02-10", "2022-03-31"),
        ("2021-02-01", 12, "2020-10-05", "2020-10-05", "2021-03-31"),
        ("2021-03-31", 12, "2020-10-05", "2020-10-05", "2021-03-31"),
        ("2021-04-01", 12, "2020-10-05", "2021-04-01", "2022-03-31"),
        ("2021-01-02", 12, "2020-12-31", "2020-12-31", "2021-03-31"),
        ("2021-01-02", 12, "2021-01-01", "2021-01-01", "2022-03-31"),
        ("2020-12-31", 9, None, "2020-01-01", "2020-12-31"),
        ("2021-01-01", 9, None, "2021-01-01", "2021-12-31"),
        ("2021-05-31", 2, None, "2020-06-01", "2021-05-31"),
        ("2024-02-29", 11, None, "2023-03-01", "2024-02-29"),
    ],
)
def test_certificate_years(issued: str, month: int, founded: str | None, first: str, last: str) -> None:
    day = date.fromisoformat
    found = certificate_validity(day(issued), month, None if founded is None else day(founded))
    assert found == Validity(day(first), day(last))


def test_the_cliff_of_31_march() -> None:
    shown_on_opening_day = certificate_validity(date(2021, 3, 17), 12)
    assert shown_on_opening_day.covers(date(2021, 3, 31)) is True
    assert shown_on_opening_day.covers(date(2021, 4, 1)) is False
    assert shown_on_opening_day.renewable_from == date(2021, 4, 1)


issue_days = st.dates(date(2016, 1, 1), date(2030, 12, 31))


def _three_months_after_year_end(year: int, month: int) -> date:
    """Step day by day through three month changes after the year's end: the oracle."""
    day = date(year + month // 12, month % 12 + 1, 1)  # first day after the business year
    for _ in range(3):
        day += timedelta(days=32)
        day = day.replace(day=1)
    return day


@given(issue_days, st.integers(1, 12))
def test_an_old_firm_is_valid_on_issue_from_three_months_after_its_year(issued: date, month: int) -> None:
    starts = [_three_months_after_year_end(year, month) for year in range(issued.year - 3, issued.year + 2)]
    start = max(day for day in starts if day <= issued)
    end = min(day for day in starts if day > issued)
    assert certificate_validity(issued, month) == Validity(start, end - timedelta(days=1))


@given(issue_days, st.integers(1, 12), st.integers(0, 4000))
def test_a_certificate_covers_its_issue_and_never_the_time_before_founding(issued: date, month: int, age: int) -> None:
    founded = issued - timedelta(days=age)
    found = certificate_validity(issued, month, founded)
    assert found.covers(issued)
    assert found.first_day >= founded
    assert (found.last_day - found.first_day).days < 365 + 92 + 1
    following = certificate_validity(found.renewable_from, month, founded)
    assert following.first_day == found.renewable_from


@pytest.mark.parametrize("month", [0, 13])
def test_there_is_no_such_month(month: int) -> None:
    with pytest.raises(CertificateError, match=f"found {month}"):
        certificate_validity(date(2021, 4, 1), month)


def test_no_certificate_before_the_founding() -> None:
    with pytest.raises(ExplainedError, match="before the founding"):
        certificate_validity(date(2021, 4, 1), 12, date(2021, 4, 2))


@pytest.mark.parametrize(
    ("designated", "last"),
    [
        (date(2021, 5, 10), date(2026, 5, 9)),
        (date(2021, 3, 1), date(2026, 2, 28)),
        (date(2019, 3, 1), date(2024, 2, 29)),
        (date(2020, 2, 29), date(2025, 2, 28)),
    ],
)
def test_a_hundred_year_store_holds_five_years(designated: date, last: date) -> None:
    assert hundred_year_store_validity(designated) == Validity(designated, last)


def test_the_printed_end_goes_before_the_reckoning() -> None:
    designated = date(2021, 5, 10)
    printed = date(2024, 5, 31)
    assert hundred_year_store_validity(designated, printed_last_day=printed) == Validity(designated, printed)
    with pytest.raises(CertificateError, match="before it begins"):
        hundred_year_store_validity(designated, printed_last_day=date(2021, 5, 9))


@pytest.mark.parametrize("validity", [national_tax_clearance_validity, local_tax_clearance_validity])
@pytest.mark.parametrize(
    ("due", "last"),
    [
        (None, date(2021, 4, 16)),
        (date(2021, 4, 17), date(2021, 4, 16)),
        (date(2021, 4, 16), date(2021, 4, 16)),
        (date(2021, 4, 15), date(2021, 4, 15)),
        (date(2021, 3, 17), date(2021, 3, 17)),
        (date(2021, 3, 16), date(2021, 4, 16)),
    ],
)
def test_a_tax_clearance_holds_thirty_days_or_to_the_next_due_tax(
    validity: object, due: date | None, last: date
) -> None:
    assert callable(validity)
    assert validity(date(2021, 3, 17), notified_tax_due_on=due) == Validity(date(2021, 3, 17), last)


def test_terms_are_data() -> None:
    assert paper_terms().national_tax_clearance.confidence is Confidence.FROM_MEMORY
    assert paper_terms().government24_check.days == 90
    with pytest.raises(TableError, match=r"t\.toml: hundred_year_store: this key is required"):
        read_paper_terms(
            '[small_merchant_certificate]\nmonths_after_year_end = 3\nyears = 1\nsource = "x"\nconfidence = "unsure"\n',
            "t.toml",
        )
