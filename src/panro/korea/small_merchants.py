"""Is a firm a small merchant (소상공인)? Sales by industry and regular employees, by date.

소상공인기본법 제2조: a small enterprise (소기업, 중소기업기본법 제2조 제2항, limits in its decree, table 3) with
fewer regular employees than the limit of its main industry. The test says size alone: a firm that outgrew it
may stay a small merchant for three years (grace), which its certificate shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Final, NamedTuple

from pydantic import ConfigDict

from panro.korea.industries import DIVISION_LENGTH, KSIC_10, classification
from panro.korea.tables import (
    FORBID_UNKNOWN,
    Confidence,
    Day,
    Whole,
    file_text,
    packaged_text,
    read_table,
    table_error,
)
from panro.korea.text import ExplainedError, Text

MONTHS_OF_A_YEAR: Final = 12
# A context of our own: the caller's precision must not change who is small.
_ARITHMETIC: Final = Context(prec=28)


class EmployeeCountError(ExplainedError):
    """Month-end counts from which no number of regular employees can be worked out."""


@dataclass(frozen=True, slots=True)
class SalesLimit:
    """One band: industries that share a limit of average yearly sales in won, inclusive."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    prefixes: tuple[str, ...]
    revision: str
    limit: Whole
    valid_from: Day
    source: str
    confidence: Confidence
    valid_to: Day | None = None


@dataclass(frozen=True, slots=True)
class EmployeeLimit:
    """A limit of regular employees, exclusive; without sections it holds for all sections not named elsewhere."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    below: Whole
    valid_from: Day
    source: str
    confidence: Confidence
    valid_to: Day | None = None
    sections: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Layout:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    band: tuple[SalesLimit, ...]
    employees: tuple[EmployeeLimit, ...]


def _holds(row: SalesLimit | EmployeeLimit, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


def _overlap[Row: (SalesLimit, EmployeeLimit)](rows: Sequence[Row]) -> bool:
    ordered = sorted(rows, key=lambda row: row.valid_from)
    return any(earlier.valid_to is None or later.valid_from <= earlier.valid_to for earlier, later in pairwise(ordered))


class SizeTables:
    """Limits of sales and employees, by industry and day. Days without a row are unknown, never guessed."""

    def __init__(self, bands: Iterable[SalesLimit], employees: Iterable[EmployeeLimit], *, name: str) -> None:
        self.name = name
        self._sales: dict[tuple[str, str], list[SalesLimit]] = {}
        self._employees: dict[str | None, list[EmployeeLimit]] = {}
        for band in bands:
            for prefix in band.prefixes:
                self._sales.setdefault((band.revision, prefix), []).append(band)
        for limit in employees:
            for section in limit.sections or (None,):
                self._employees.setdefault(section, []).append(limit)
        self._too_short = {
            (revision, prefix[:length])
            for revision, prefix in self._sales
            for length in range(DIVISION_LENGTH, len(prefix))
        }
        self._check()

    def _check(self) -> None:
        twice = [f"band {prefix}" for (_, prefix), rows in self._sales.items() if _overlap(rows)]
        twice += [f"employees {section}" for section, rows in self._employees.items() if _overlap(rows)]
        if twice:
            raise table_error(
                self.name,
                twice[0],
                "같은 날에 두 줄이 해당합니다. 기간을 나누어 주세요.",
                "two rows hold on one day; part their dates",
            )

    def sales_limit(self, industry: str, revision: str, *, on: date) -> SalesLimit | None:
        """Return the band of an industry on that day, by the longest prefix; None where none is known.

        None as well for a short code under which the table parts further.
        """
        if (revision, industry) in self._too_short:
            return None
        prefixes = [industry[:length] for length in range(len(industry), DIVISION_LENGTH - 1, -1)]
        section = _section(industry, revision)
        if section is not None:
            prefixes.append(section)
        rows = (row for prefix in prefixes for row in self._sales.get((revision, prefix), []))
        return next((row for row in rows if _holds(row, on)), None)

    def employee_limit(self, industry: str, revision: str, *, on: date) -> EmployeeLimit | None:
        """Return the limit of regular employees on that day; None where the section or the day is unknown."""
        section = _section(industry, revision)
        if section is None:
            return None
        rows = [*self._employees.get(section, []), *self._employees.get(None, [])]
        return next((row for row in rows if _holds(row, on)), None)


def _section(industry: str, revision: str) -> str | None:
    """Return the section letter of a KSIC-10 code; the sections of other revisions are not known here."""
    division = classification().divisions.get(industry[:DIVISION_LENGTH]) if revision == KSIC_10 else None
    return None if division is None else division.section


def read_size_tables(text: str, name: str) -> SizeTables:
    """Return the limits in a TOML text.

    Raises:
        TableError: a key is unknown, missing or of the wrong type, or two rows hold on one day.
    """
    layout = read_table(_Layout, text, name)
    return SizeTables(layout.band, layout.employees, name=name)


def load_size_tables(path: Path) -> SizeTables:
    """Return the limits in a file, as `read_size_tables`."""
    return read_size_tables(file_text(path), str(path))


@cache
def size_tables() -> SizeTables:
    """Return the limits that are delivered with the program."""
    return read_size_tables(packaged_text("sales_limits.toml"), "sales_limits.toml")


class SizeAnswer(StrEnum):
    """Within the limit, above it, or not yet known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class SizeReason(StrEnum):
    """What decided one half of the test."""

    WITHIN_LIMIT = "within_limit"
    ABOVE_LIMIT = "above_limit"
    FIGURE_MISSING = "figure_missing"
    LIMIT_NOT_KNOWN = "limit_not_known"


class SalesCheck(NamedTuple):
    """The sales half of the test, with the band used (its `limit` in won, `source`, `confidence`)."""

    answer: SizeAnswer
    reason: SizeReason
    limit: SalesLimit | None


class EmployeeCheck(NamedTuple):
    """The employee half of the test, with the limit used (its `below`, `source`, `confidence`)."""

    answer: SizeAnswer
    reason: SizeReason
    limit: EmployeeLimit | None


class SmallMerchantVerdict(NamedTuple):
    """Yes if both halves are, no if one is, else unknown."""

    answer: SizeAnswer
    sales: SalesCheck
    employees: EmployeeCheck


def _judge(limit: SalesLimit | EmployeeLimit | None, *, within: bool | None) -> tuple[SizeAnswer, SizeReason]:
    if limit is None:
        return SizeAnswer.UNKNOWN, SizeReason.LIMIT_NOT_KNOWN
    if within is None:
        return SizeAnswer.UNKNOWN, SizeReason.FIGURE_MISSING
    if within:
        return SizeAnswer.YES, SizeReason.WITHIN_LIMIT
    return SizeAnswer.NO, SizeReason.ABOVE_LIMIT


@lru_cache(maxsize=1 << 16)
def _limits(
    tables: SizeTables, industry: str, revision: str, on: date
) -> tuple[SalesLimit | None, EmployeeLimit | None]:
    """Return both limits; a year asks for few industries on few days, but for each very often."""
    return (
        tables.sales_limit(industry, revision, on=on),
        tables.employee_limit(industry, revision, on=on),
    )


def small_merchant_test(
    industry: str,
    revision: str,
    average_sales_won: int | None,
    employees: Decimal | None,
    *,
    on: date,
    tables: SizeTables,
) -> SmallMerchantVerdict:
    """Return whether a firm is small enough, with the limits used and their sources.

    Args:
        industry: code of the main industry (the one with most sales), two to five digits.
        revision: its KSIC revision, `"10"` or `"11"`.
        average_sales_won: average yearly sales of the last three years in won; None if not known.
        employees: regular employees as `regular_employees` gives them; None if not known.
        on: the day whose limits count.
        tables: the limits.
    """
    band, crew = _limits(tables, industry, revision, on)
    sales_within = None if band is None or average_sales_won is None else average_sales_won <= band.limit
    crew_within = None if crew is None or employees is None else employees < crew.below
    sales = SalesCheck(*_judge(band, within=sales_within), band)
    crew_check = EmployeeCheck(*_judge(crew, within=crew_within), crew)
    if SizeAnswer.NO in (sales.answer, crew_check.answer):
        answer = SizeAnswer.NO
    elif sales.answer is crew_check.answer:
        answer = sales.answer
    else:
        answer = SizeAnswer.UNKNOWN
    return SmallMerchantVerdict(answer, sales, crew_check)


@dataclass(frozen=True, slots=True)
class MonthEndCount:
    """Who worked for the firm at the end of one month.

    Not counted at all: officers, day labourers, contracts of three months or less, full-time researchers of the
    firm's own institute, part-timers below 60 hours a month (소상공인기본법 시행령 제3조).
    """

    full_time: int
    part_time: int = 0


def regular_employees(month_end_counts: Sequence[MonthEndCount]) -> Decimal:
    """Return the number of regular employees (상시근로자) of the last business year, not rounded.

    The sum of the month-end counts divided by the number of months; part-timers of 60 hours a month or more
    count one half (소상공인기본법 시행령 제3조).

    Args:
        month_end_counts: one count per month of the last business year, twelve, or fewer for a firm that was in
            business for fewer months. A firm in its first month gives the count of the day of assessment.

    Raises:
        EmployeeCountError: no month, more than twelve, or a negative count.
    """
    months = len(month_end_counts)
    if not 1 <= months <= MONTHS_OF_A_YEAR:
        raise EmployeeCountError(
            Text(
                ko=f"월말 인원은 1개월에서 12개월까지 적어야 하는데 {months}개월을 받았습니다. "
                "직전 사업연도의 달만 적어 주세요.",
                en=f"give one to twelve month-end counts, found {months}; only months of the last business year count",
            )
        )
    if any(count.full_time < 0 or count.part_time < 0 for count in month_end_counts):
        raise EmployeeCountError(
            Text(
                ko="월말 인원에 0보다 작은 수가 있습니다. 고쳐 주세요.",
                en="a month-end count is below zero; mend it",
            )
        )
    halves = sum(2 * count.full_time + count.part_time for count in month_end_counts)
    return _ARITHMETIC.divide(Decimal(halves), Decimal(2 * months))
