"""The tax service in a rehearsal: it answers from the population, and its answers go the way of real ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from panro.parties.actions.checks import note_checks
from panro.parties.states import TaxStatus
from panro.parties.taxservice import StatusAnswer
from panro.proof.hashing import tagged_hash
from panro.site.rehearsing.hours import NOON

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from panro.rules.facts import Fact
    from panro.site.rehearsing.people import Member

ACTOR: Final = "system:tax_service"
SOURCE: Final = "nts"
TAG: Final = "panro-rehearsal-status-1"
GENERAL: Final = ("01", "부가가치세 일반과세자")
"""Code and words of the service for an ordinary taxpayer; the population knows no others."""


@dataclass(slots=True)
class StatusDesk:
    """Asks whether businesses are open; each once for a day."""

    asked: set[tuple[UUID, date]] = field(default_factory=set)

    def ask(self, about: Iterable[tuple[Member, Fact | None]]) -> None:
        """Have businesses checked on the days of what the service would answer; who has no number is left out.

        Args:
            about: members, each with the fact that the service vouches for, None if nobody knows.
        """
        by_day: dict[date, list[tuple[UUID, StatusAnswer]]] = defaultdict(list)
        for member, fact in about:
            if fact is None or not member.number or fact.source != SOURCE:
                continue
            place = (member.party.pk, fact.as_of)
            if place not in self.asked:
                self.asked.add(place)
                by_day[fact.as_of].append((member.party.pk, _answer(member.number, fact)))
        for day, answers in sorted(by_day.items()):
            note_checks(answers, asked_at=datetime.combine(day, NOON), actor=ACTOR)


def _answer(number: str, fact: Fact) -> StatusAnswer:
    """Write down what the service would say."""
    if not isinstance(fact.value, dict):
        raise TypeError(f"{number}: no status: {fact.value!r}")
    ended = fact.value["ended_on"]
    return StatusAnswer(
        number=number,
        status=TaxStatus(str(fact.value["status"])),
        ended_on=None if ended is None else date.fromisoformat(str(ended)),
        tax_type=GENERAL[0],
        tax_type_text=GENERAL[1],
        raw_hash=tagged_hash(TAG, f"{number} {fact.as_of.isoformat()} {fact.value['status']} {ended}"),
    )
