"""One applicant of a rehearsal: what is known of it, day by day."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from panro.korea.certificates import national_tax_clearance_validity
from panro.rules.eligibility import keys
from panro.rules.facts import Fact, FactValue

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from panro.rules.edition.parts import ApplicantType

TAX_OFFICE: Final = "tax_office"
REGISTERS: Final[Mapping[str, tuple[str, FactValue]]] = {
    keys.OPERATING: ("nts", {"status": "open", "ended_on": None}),
    keys.DISHONOURED: ("clearing_house", False),
    keys.CREDIT_DEFAULT: ("credit_register", False),
    keys.UNFAIR_PRACTICE: ("ftc", []),
    keys.SANCTIONS: ("sanctions_register", []),
}
TAXES: Final = (keys.NATIONAL_TAX, keys.LOCAL_TAX)


@dataclass(frozen=True, slots=True)
class History:
    """How one fact went: ascending ``(since, value)``; before the first nothing is known.

    ``looked_up`` facts come from a register that is asked on the day itself; the others vouch for the day on which
    they were made.
    """

    key: str
    source: str
    steps: tuple[tuple[date, FactValue], ...]
    looked_up: bool = False

    def on(self, day: date) -> Fact | None:
        """Give the fact as it is known on a day."""
        for since, value in reversed(self.steps):
            if since <= day:
                return Fact(self.key, value, day if self.looked_up else since, self.source)
        return None


@dataclass(frozen=True, slots=True)
class TaxDebt:
    """Arrears of one tax from a day on: ``owed`` and ``deferred`` (part of it that is put off), in won."""

    key: str
    since: date
    owed: int
    deferred: int
    paid_on: date | None = None

    def on(self, day: date) -> Fact | None:
        """Give the clearance of a day if there are arrears on it."""
        if day < self.since or (self.paid_on is not None and day >= self.paid_on):
            return None
        return _clearance(self.key, day, self.owed, self.deferred)


@dataclass(frozen=True, slots=True)
class Party:
    """An applicant: ``ref`` names it in the population (``company-12``), ``applicant`` on its receipts.

    ``quality`` is the share of a rubric's points that its applications deserve. ``shares_taxes`` says that it lets the
    agency fetch its tax clearances; else it brings papers. ``wishes`` are rates by programme, ``other`` the rate for
    programmes that are named nowhere.
    """

    ref: str
    type: ApplicantType
    applicant: str
    name: str
    quality: float
    wishes: Mapping[str, int]
    other: int
    shares_taxes: bool
    fixed: Mapping[str, Fact]
    histories: tuple[History, ...] = ()
    debts: tuple[TaxDebt, ...] = ()
    unshown: frozenset[str] = field(default_factory=frozenset)
    """Groups to which it belongs without being able to show it."""
    earlier: tuple[tuple[str, str], ...] = ()
    """Supports of earlier years: edition and programme."""
    in_registers: bool = True
    """Whether registers and tax offices are asked; else only what is given is known."""

    def facts_on(self, papers: date, registers: date) -> dict[str, Fact]:
        """Give what is known: papers handed in up to one day, registers and tax offices asked on another."""
        facts = dict(self.fixed)
        if self.in_registers:
            facts.update(clean_registers(registers))
        for history in self.histories:
            known = history.on(registers if history.looked_up else papers)
            if known is not None:
                facts[history.key] = known
        for debt in self.debts:
            owing = debt.on(registers)
            if owing is not None:
                facts[debt.key] = owing
        return facts

    def taxes_on(self, day: date) -> dict[str, Fact]:
        """Give the tax clearances as they were issued on a day."""
        facts = {key: fact for key, fact in clean_registers(day).items() if key in TAXES} if self.in_registers else {}
        owing = (debt.on(day) for debt in self.debts)
        return facts | {fact.key: fact for fact in owing if fact is not None}


@lru_cache(maxsize=2048)
def clean_registers(day: date) -> Mapping[str, Fact]:
    """Give what the registers say on a day of somebody against whom they hold nothing."""
    facts = {key: Fact(key, value, day, source) for key, (source, value) in REGISTERS.items()}
    return facts | {key: _clearance(key, day, 0, 0) for key in TAXES}


def _clearance(key: str, day: date, owed: int, deferred: int) -> Fact:
    last = national_tax_clearance_validity(day).last_day.isoformat()
    return Fact(key, {"arrears": owed, "deferred": deferred, "valid_to": last}, day, TAX_OFFICE)
