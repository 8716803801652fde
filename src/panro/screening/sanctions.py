"""The register of sanctions as the rules read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q

from panro.parties.models import Business, Organisation
from panro.rules.eligibility import keys
from panro.rules.facts import Fact
from panro.screening.models import Sanction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from panro.rules.facts import FactValue

SOURCE: Final = "sanctions_register"


def entered(parties: Collection[UUID]) -> dict[UUID, list[FactValue]]:
    """Return what the register holds of parties, the earliest first; who never stood in it is left out.

    Three queries. Who stood in it with something that was lifted has an empty list.
    """
    numbers = _numbers(parties)
    if not numbers:
        return {}
    rows = Sanction.objects.filter(business_number__in=set(numbers.values())).order_by("since", "until", "pk")
    by_number: dict[str, list[FactValue]] = {}
    for row in rows:
        told = by_number.setdefault(row.business_number, [])
        if row.lifted_at is None:
            told.append({"from": row.since.isoformat(), "to": row.until.isoformat(), "reason": row.reason})
    return {party: by_number[number] for party, number in numbers.items() if number in by_number}


def facts_from(parties: Collection[UUID], *, papers_until: date, registers_on: date) -> Mapping[UUID, Iterable[Fact]]:
    """Tell the vault of those who stand in the register; of the others it is told when the desk looks them up."""
    del papers_until  # a register is asked for its own day
    return {party: [Fact(keys.SANCTIONS, told, registers_on, SOURCE)] for party, told in entered(parties).items()}


def _numbers(parties: Collection[UUID]) -> dict[UUID, str]:
    """The business numbers of parties that have one."""
    if not Sanction.objects.exists():
        return {}
    found = dict(Business.objects.filter(party__in=parties).values_list("party_id", "business_number"))
    others = Organisation.objects.filter(~Q(business_number=""), party__in=parties)
    return found | dict(others.values_list("party_id", "business_number"))
