"""How long a paper is valid: small-merchant certificate, 백년가게 designation, tax clearance.

The certificate of a December-year firm runs from 1 April to 31 March: one shown on 17 March ends two weeks
later, and the next can only be issued from 1 April. A round that spans the cliff must ask on both sides of it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import ClassVar, Final

from pydantic import ConfigDict

from panro.korea.tables import FORBID_UNKNOWN, Confidence, Whole, file_text, packaged_text, read_table
from panro.korea.text import ExplainedError, Text

MONTHS_OF_A_YEAR: Final = 12


class CertificateError(ExplainedError):
    """The dates of a paper contradict each other."""


@dataclass(frozen=True, slots=True)
class Validity:
    """The first and the last day on which a paper is valid, both inclusive."""

    first_day: date
    last_day: date

    def covers(self, day: date) -> bool:
        """Return whether the paper is valid on that day."""
        return self.first_day <= day <= self.last_day

    @property
    def renewable_from(self) -> date:
        """The day after the last: the first day on which the next paper begins."""
        return self.last_day + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class YearCycleTerm:
    """A term that begins a number of months after the end of a business year."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    months_after_year_end: Whole
    years: Whole
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class YearsTerm:
    """A term in years from issue."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    years: Whole
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class DaysTerm:
    """A term in days from issue."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    days: Whole
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class PaperTerms:
    """The terms of all papers known here, each with source and confidence."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    small_merchant_certificate: YearCycleTerm
    hundred_year_store: YearsTerm
    national_tax_clearance: DaysTerm
    local_tax_clearance: DaysTerm
    government24_check: DaysTerm


def read_paper_terms(text: str, name: str) -> PaperTerms:
    """Return the terms in a TOML text.

    Raises:
        TableError: a key is unknown, missing or of the wrong type.
    """
    return read_table(PaperTerms, text, name)


def load_paper_terms(path: Path) -> PaperTerms:
    """Return the terms in a file, as `read_paper_terms`."""
    return read_paper_terms(file_text(path), str(path))


@cache
def paper_terms() -> PaperTerms:
    """Return the terms that are delivered with the program."""
    return read_paper_terms(packaged_text("paper_terms.toml"), "paper_terms.toml")


def _first_of_month(months: int) -> date:
    """Return the first day of a month counted through from year 0."""
    return date(months // MONTHS_OF_A_YEAR, months % MONTHS_OF_A_YEAR + 1, 1)


def _month_count(day: date) -> int:
    return day.year * MONTHS_OF_A_YEAR + day.month - 1


def certificate_validity(
    issued_on: date,
    business_year_end_month: int,
    founded_on: date | None = None,
    *,
    terms: PaperTerms | None = None,
) -> Validity:
    """Return the days on which a small-merchant certificate is valid.

    It begins when three months have passed since the end of the last business year and lasts one year; that of
    a firm in its first business year begins on the founding day and ends three months after that year's end
    (중소기업 범위 및 확인에 관한 규정).

    Args:
        issued_on: the day of issue.
        business_year_end_month: 1 to 12; individuals are always 12.
        founded_on: the founding day, None where it is not known: then the firm is taken to be an old one.
        terms: the terms, by default the delivered ones.

    Raises:
        CertificateError: no such month, or issued before the founding.
    """
    if not 1 <= business_year_end_month <= MONTHS_OF_A_YEAR:
        raise CertificateError(
            Text(
                ko=f"결산월은 1에서 12까지입니다. (받은 값: {business_year_end_month})",
                en=f"the month in which the business year ends is 1 to 12, found {business_year_end_month}",
            )
        )
    term = (terms or paper_terms()).small_merchant_certificate
    if founded_on is not None:
        if issued_on < founded_on:
            raise CertificateError(
                Text(
                    ko=f"확인서 발급일({issued_on})이 설립일({founded_on})보다 앞섭니다. 두 날짜를 확인해 주세요.",
                    en=f"the certificate is issued on {issued_on}, before the founding on {founded_on}; "
                    "check both dates",
                )
            )
        to_year_end = (business_year_end_month - founded_on.month) % MONTHS_OF_A_YEAR
        next_term = _month_count(founded_on) + to_year_end + term.months_after_year_end + 1
        first = Validity(founded_on, _first_of_month(next_term) - timedelta(days=1))
        if first.covers(issued_on):
            return first
    starting_month = business_year_end_month + term.months_after_year_end  # 0-based: January is 0
    since_start = (_month_count(issued_on) - starting_month) % MONTHS_OF_A_YEAR
    start = _month_count(issued_on) - since_start
    end = _first_of_month(start + term.years * MONTHS_OF_A_YEAR)
    return Validity(_first_of_month(start), end - timedelta(days=1))


def hundred_year_store_validity(
    designated_on: date, *, printed_last_day: date | None = None, terms: PaperTerms | None = None
) -> Validity:
    """Return the days on which a 백년가게 designation is valid: five years (백년소상공인 고시 2025-7).

    Args:
        designated_on: the day of designation.
        printed_last_day: the end printed on the paper, which goes before the reckoning.
        terms: the terms, by default the delivered ones.

    Raises:
        CertificateError: the printed end lies before the designation.
    """
    if printed_last_day is not None:
        if printed_last_day < designated_on:
            raise CertificateError(
                Text(
                    ko=f"지정 종료일({printed_last_day})이 지정일({designated_on})보다 앞섭니다. "
                    "지정서와 견주어 주세요.",
                    en=f"the designation ends on {printed_last_day}, before it begins on {designated_on}; "
                    "compare it with the paper",
                )
            )
        return Validity(designated_on, printed_last_day)
    year = designated_on.year + (terms or paper_terms()).hundred_year_store.years
    if (designated_on.month, designated_on.day) == (2, 29):
        # A month without the corresponding day ends the term with its last day (민법 제160조 제3항).
        return Validity(designated_on, date(year, 3, 1) - timedelta(days=1))
    return Validity(designated_on, designated_on.replace(year=year) - timedelta(days=1))


def national_tax_clearance_validity(
    issued_on: date, *, notified_tax_due_on: date | None = None, terms: PaperTerms | None = None
) -> Validity:
    """Return the days on which a national tax clearance (국세 납세증명서) is valid.

    Thirty days from issue, or less if a tax already notified falls due within them (국세징수법 시행령 제96조).
    """
    return _tax_clearance(issued_on, notified_tax_due_on, (terms or paper_terms()).national_tax_clearance)


def local_tax_clearance_validity(
    issued_on: date, *, notified_tax_due_on: date | None = None, terms: PaperTerms | None = None
) -> Validity:
    """Return the days on which a local tax clearance (지방세 납세증명서) is valid, reckoned like the national one."""
    return _tax_clearance(issued_on, notified_tax_due_on, (terms or paper_terms()).local_tax_clearance)


def _tax_clearance(issued_on: date, notified_tax_due_on: date | None, term: DaysTerm) -> Validity:
    last_day = issued_on + timedelta(days=term.days)
    if notified_tax_due_on is not None and issued_on <= notified_tax_due_on < last_day:
        last_day = notified_tax_due_on
    return Validity(issued_on, last_day)
