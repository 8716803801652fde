"""What a firm's papers and the registers say through the year: certificate, taxes, troubles."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from panro.korea.certificates import Validity, certificate_validity
from panro.rehearsal.party import TAXES, History, TaxDebt
from panro.rehearsal.stream import Table, happens
from panro.rules.eligibility import keys

if TYPE_CHECKING:
    from random import Random

    from panro.rehearsal.population import CertificateHabits, Grace, Taxes, Troubles
    from panro.rehearsal.population_base import Span
    from panro.rules.facts import FactValue

GRACE_YEARS: Final = 3
_DECEMBER: Final = 12
_YEAR_DAYS: Final = 365
_BEFORE: Final = 120  # days before the year for which troubles may have begun


def within(source: Random, span: Span) -> int:
    """Draw a whole number of a span."""
    return source.randint(span.from_, span.to)


def habits_table(data: CertificateHabits) -> Table[str]:
    """Give the table of what firms do about their certificate."""
    habits = ("renewed_at_once", "renewed_late", "not_renewed", "first_in_april", "never")
    return Table(habits, (getattr(data, habit) for habit in habits))


def certificates(
    source: Random, data: CertificateHabits, habit: str, *, years: range, founded: date, year_end: int
) -> tuple[History, ...]:
    """Give the certificate's history around the cliffs of some years.

    One ends in the first year's spring; whether and when the next ones come is the firm's habit.
    """
    serial = source.randint(100_000, 999_999)
    late = within(source, data.late_days)
    prompt = within(source, data.at_once_days)
    if habit == "never":
        return ()
    # The cliff is 1 April for a December-year firm, and the like day for another year end.
    cliffs = [date(year, (year_end + 3) % _DECEMBER + 1, 1) for year in years]
    earlier = max(founded, cliffs[0] - timedelta(days=200))
    issues = []
    if habit != "first_in_april" and earlier < cliffs[0]:
        issues.append(earlier)
    if habit != "not_renewed":
        delay = timedelta(days=late if habit == "renewed_late" else prompt)
        issues += [max(founded, cliff) + delay for cliff in cliffs]
    steps: list[tuple[date, FactValue]] = []
    for number, issued in enumerate(issues, serial):
        validity = _validity(issued, year_end, founded)
        certificate: FactValue = {
            "number": f"0010-{issued.year}-{number}",
            "valid_from": validity.first_day.isoformat(),
            "valid_to": validity.last_day.isoformat(),
        }
        steps.append((issued, certificate))
    return (History(keys.CERTIFICATE, "certificate", tuple(steps)),) if steps else ()


@lru_cache(maxsize=16_384)
def _validity(issued: date, year_end: int, founded: date) -> Validity:
    return certificate_validity(issued, year_end, founded)


def grace(source: Random, data: Grace, year: int) -> dict[str, FactValue]:
    """Give the years of grace of a firm above some limit: when they run, that there are none, or nothing on record.

    A firm that outgrows the limits stays a small merchant for three years (소상공인기본법 제2조 제2항).
    """
    if not happens(source, data.shown.rate):
        return {}
    if happens(source, data.has_none.rate):
        return {keys.SIZE_GRACE: None}
    began = date(year, 1, 1) - timedelta(days=within(source, data.began_days_before))
    last = date(began.year + GRACE_YEARS, began.month, min(began.day, 28)) - timedelta(days=1)
    return {keys.SIZE_GRACE: {"from": began.isoformat(), "to": last.isoformat()}}


def debts(source: Random, data: Taxes, year: int) -> tuple[TaxDebt, ...]:
    """Give the tax arrears of a firm in the year, if any."""
    start = date(year, 1, 1)
    if happens(source, data.in_arrears.rate):
        since = start - timedelta(days=source.randint(1, _BEFORE))
    elif happens(source, data.falls_into_arrears.rate):
        since = start + timedelta(days=source.randint(60, _YEAR_DAYS))
    else:
        return ()
    owed = within(source, data.amount)
    deferred = owed if happens(source, data.wholly_deferred.rate) else 0
    paid = since + timedelta(days=source.randint(60, 300)) if happens(source, data.pays_up.rate) else None
    return (TaxDebt(source.choice(TAXES), since, owed, deferred, paid),)


def troubles(source: Random, data: Troubles, year: int) -> tuple[History, ...]:
    """Give what registers hold against a firm: closing, suspension, defaults, unfair practice, sanctions."""
    start = date(year, 1, 1)
    found = [*_operating(source, data, start)]
    for key, register, rate in (
        (keys.DISHONOURED, "clearing_house", data.dishonoured.rate),
        (keys.CREDIT_DEFAULT, "credit_register", data.credit_default.rate),
    ):
        if happens(source, rate):
            since = start + timedelta(days=source.randint(-_BEFORE, _YEAR_DAYS - 1))
            found.append(History(key, register, ((date.min, False), (since, True)), looked_up=True))
    if happens(source, data.unfair_practice.rate):
        decided = start + timedelta(days=_YEAR_DAYS - within(source, data.unfair_practice_days_before))
        found.append(
            History(keys.UNFAIR_PRACTICE, "ftc", ((date.min, []), (decided, [decided.isoformat()])), looked_up=True)
        )
    if happens(source, data.sanctioned.rate):
        found.append(_sanction(source, data, start))
    return tuple(found)


def _operating(source: Random, data: Troubles, start: date) -> list[History]:
    opened: FactValue = {"status": "open", "ended_on": None}
    if happens(source, data.closed_before.rate):
        ended = start - timedelta(days=source.randint(1, _BEFORE))
    elif happens(source, data.closes_in_year.rate):
        ended = start + timedelta(days=source.randint(0, _YEAR_DAYS - 1))
    elif happens(source, data.suspended_in_year.rate):
        since = start + timedelta(days=source.randint(-30, _YEAR_DAYS - 31))
        again = since + timedelta(days=within(source, data.suspended_days))
        suspended: FactValue = {"status": "suspended", "ended_on": None}
        steps = ((date.min, opened), (since, suspended), (again, opened))
        return [History(keys.OPERATING, "nts", steps, looked_up=True)]
    else:
        return []
    closed: FactValue = {"status": "closed", "ended_on": ended.isoformat()}
    return [History(keys.OPERATING, "nts", ((date.min, opened), (ended, closed)), looked_up=True)]


def _sanction(source: Random, data: Troubles, start: date) -> History:
    length = within(source, data.sanction_days)
    since = start + timedelta(days=source.randint(-length, _YEAR_DAYS // 2))
    until = since + timedelta(days=length)
    row: FactValue = {"from": since.isoformat(), "to": until.isoformat(), "reason": "duplicate_support"}
    return History(keys.SANCTIONS, "sanctions_register", ((date.min, []), (since, [row])), looked_up=True)
