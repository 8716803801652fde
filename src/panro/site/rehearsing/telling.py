"""Telling the vault what applicants say and registers answer, as far as it does not know it yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from panro.rehearsal.party import TAXES
from panro.vault.actions import Statement, state_facts, withdraw_facts
from panro.vault.models import StoredFact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.rehearsal.party import Party
    from panro.rules.facts import Fact

TELLER: Final = "system:rehearsal"
REGISTERS: Final = frozenset({
    "clearing_house", "credit_register", "ftc", "sanctions_register", "nts", "tax_office",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What one applicant is to have told by a day, beside what the vault answers for the same days.

    ``facts`` and ``known`` hold the same keys at most: those that the notice reads.
    """

    party: UUID
    applicant: Party
    papers: date
    registers: date
    facts: Mapping[str, Fact]
    known: Mapping[str, Fact]

    def is_looked_up(self, fact: Fact) -> bool:
        """Whether a register was asked for the day, rather than a paper brought."""
        if fact.source not in REGISTERS or (fact.key in TAXES and not self.applicant.shares_taxes):
            return False
        lasting = any(one.key == fact.key and not one.looked_up for one in self.applicant.histories)
        return not lasting and fact.as_of == self.registers


def tell(told: Sequence[Told], *, now: datetime, today: date) -> int:
    """State what the vault does not know yet, and take back what the applicants leave out; returns how many rows.

    What is older than something the vault holds for the same day, and what nobody says in this application, is made
    to count by taking the other back: one applicant may tell one programme something and forget it at the next.
    """
    statements, against = [], {}
    for one in told:
        for key in one.facts.keys() | one.known.keys():
            fact, known = one.facts.get(key), one.known.get(key)
            if fact == known:
                continue
            if known is not None and not _goes_before(fact, known):
                against[one.party, key] = one
            if fact is not None:
                looked_up = one.is_looked_up(fact)
                statements.append(
                    Statement(
                        one.party, key, fact.value, fact.as_of, fact.source, looked_up=looked_up, known_from=fact.as_of
                    )
                )
    taken_back = withdraw_facts(
        _in_the_way(against), by=TELLER, reason="not_told", now=now, today=today, void=True
    ) if against else 0  # fmt: skip
    new = state_facts(statements, by=TELLER, now=now, today=today) if statements else []
    return taken_back + len(new)


def _goes_before(fact: Fact | None, known: Fact) -> bool:
    """Whether what is newly stated counts before what is known, by its day alone."""
    return fact is not None and fact.source == known.source and fact.as_of >= known.as_of


def _in_the_way(against: Mapping[tuple[UUID, str], Told]) -> list[UUID]:
    rows = StoredFact.objects.filter(
        party__in={party for party, _key in against}, key__in={key for _party, key in against}, withdrawn_at=None
    )
    found = []
    for row in rows.only("id", "party_id", "key", "looked_up", "as_of", "known_from"):
        one = against.get((row.party_id, row.key))
        if one is not None and (row.as_of <= one.registers if row.looked_up else row.known_from <= one.papers):
            found.append(row.pk)
    return found
