"""A fact as it is stated, before it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from panro.vault.knowledge import APPLICANT

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from panro.rules.facts import FactValue


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact to state.

    Attributes:
        party: of whom.
        key: one of `panro.rules.eligibility.keys`.
        value: in the shape of its key.
        as_of: the day for which the source vouches.
        source: who says so, a word such as ``applicant``, ``nts``, ``certificate`` or ``officer``.
        paper: the paper that shows it.
        looked_up: whether a register was asked for that day. None: as ``data/facts.toml`` says of key and source, and
            never for what a paper shows.
        known_from: the day from which it counts. None: the day of the act, or the asked day of what was looked up.
    """

    party: UUID
    key: str
    value: FactValue
    as_of: date
    source: str = APPLICANT
    paper: UUID | None = None
    looked_up: bool | None = None
    known_from: date | None = None
