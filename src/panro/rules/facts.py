"""Facts: what is known of an applicant, since when, and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self, cast

type FactValue = str | int | bool | list["FactValue"] | dict[str, "FactValue"] | None
"""JSON without fractions: a date is an ISO text, a decimal is a text, money is whole won."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One known thing.

    ``key`` is one of the names in `panro.rules.eligibility.keys`; ``as_of`` the day for which the source vouches;
    ``source`` a code such as ``applicant``, ``nts``, ``certificate``, ``officer``, ``market`` or ``awards``.
    """

    key: str
    value: FactValue
    as_of: date
    source: str

    def to_json(self) -> dict[str, FactValue]:
        """Return the fact as the auditor's dossier keeps it."""
        return {"key": self.key, "value": self.value, "as_of": self.as_of.isoformat(), "source": self.source}

    @classmethod
    def from_json(cls, data: Mapping[str, FactValue]) -> Self:
        """Read back what `to_json` wrote; raises KeyError or ValueError on anything else."""
        return cls(
            key=cast("str", data["key"]),
            value=data["value"],
            as_of=date.fromisoformat(cast("str", data["as_of"])),
            source=cast("str", data["source"]),
        )


type Facts = Mapping[str, Fact]
"""One fact per key: where sources disagree, precedence has been applied before a rule is asked."""


def facts_by_key(*facts: Fact) -> dict[str, Fact]:
    """Index facts by key; a repeated key is an error, because precedence is decided elsewhere."""
    indexed = {fact.key: fact for fact in facts}
    if len(indexed) != len(facts):
        keys = sorted(fact.key for fact in facts)
        raise ValueError(f"more than one fact for a key among {keys}")
    return indexed
