"""What rooms above tell this one: what an applicant holds already, and what became of its earlier applications.

Each is empty until a room fills it in ``AppConfig.ready``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from uuid import UUID

    from panro.intake.calls import Call
    from panro.rules.facts import FactValue


@dataclass(frozen=True, slots=True)
class Holding:
    """What one applicant holds on a day.

    ``awards`` are supports as `panro.rules.eligibility.keys.AWARDS` writes them; ``listed_since`` is the day since
    which it is listed on the market platform.
    """

    awards: tuple[FactValue, ...] = ()
    listed_since: date | None = None


class Holdings(Protocol):
    """Says what applicants hold; who holds nothing may be left out."""

    def __call__(self, parties: Collection[UUID], on: date) -> Mapping[UUID, Holding]:
        """Return what each holds on a day, in a constant number of queries."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an application of an earlier round of the same programme."""

    round_code: str
    selected: bool
    track: str = ""
    """In which track; empty where the programme has none, or it is the same for all."""


class Outcomes(Protocol):
    """Says what became of earlier applications; those still undecided are left out."""

    def __call__(self, parties: Collection[UUID], call: Call) -> Mapping[UUID, Collection[Outcome]]:
        """Return the outcomes of each in the edition and programme of a call, in a constant number of queries."""
        ...


class _Filled:
    holdings: Holdings | None = None
    outcomes: Outcomes | None = None


def fill(*, holdings: Holdings | None = None, outcomes: Outcomes | None = None) -> None:
    """Fill a seam; filling it again replaces what was there."""
    if holdings is not None:
        _Filled.holdings = holdings
    if outcomes is not None:
        _Filled.outcomes = outcomes


def holdings(parties: Collection[UUID], on: date) -> Mapping[UUID, Holding]:
    """Return what applicants hold on a day; empty where nobody can tell."""
    return _Filled.holdings(parties, on) if _Filled.holdings and parties else {}


def outcomes(parties: Collection[UUID], call: Call) -> Mapping[UUID, Collection[Outcome]]:
    """Return what became of earlier applications; empty where nobody can tell."""
    return _Filled.outcomes(parties, call) if _Filled.outcomes and parties else {}
