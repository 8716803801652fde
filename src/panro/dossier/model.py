"""What a round leaves behind, before it is written as a dossier (selection-spec, 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from panro.proof.canonical import CanonicalText, encode_text
from panro.proof.hashing import commitment_of_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from panro.proof.canonical import Json
    from panro.rules.selection.model import (
        Case,
        Difference,
        Offer,
        Panel,
        Replacement,
        Resignation,
        Result,
        Score,
        StageRow,
    )
    from panro.rules.selection.round_rules import RoundRules


@dataclass(frozen=True, slots=True)
class Opening:
    """Something committed to, with what opens the commitment: the salt and the payload's canonical JSON text."""

    salt: str
    payload: str
    commitment: str

    @classmethod
    def of(cls, salt: str, value: Json | CanonicalText) -> Self:
        """Commit to a value with a salt of 64 hexadecimal digits."""
        text = value if isinstance(value, CanonicalText) else encode_text(value)
        return cls(salt, text, commitment_of_text(salt, text))


@dataclass(frozen=True, slots=True)
class StagePanel:
    """A stage's reviewers, committed to, and who judged whom: reviewers by result number, in the order of slots.

    ``seats`` are the panels after replacement (phase 0), ``objection_seats`` those of an addendum (phase 1).
    """

    panel: Panel
    opening: Opening
    seats: Mapping[int, tuple[str, ...]]
    objection_seats: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Draw:
    """The public values and roots from which the seed comes: the content of ``draw.json``."""

    assignment_value: str
    draw_value: str
    pool_root: str
    scores_root: str
    seed: str


@dataclass(frozen=True, slots=True)
class FormerCase:
    """A case as it stood before an addendum, with the commitment to the facts of that time."""

    case: Case
    facts: str


@dataclass(frozen=True, slots=True)
class ObjectionChanges:
    """What changed in the new panels of one addendum's objections at one stage; fields as in ``Panel``."""

    replaced: tuple[Replacement, ...] = ()
    resigned: tuple[Resignation, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Give the object that the addendum commits to."""
        return {
            "replaced": [(one.receipt, one.reviewer, one.why) for one in self.replaced],
            "resigned": self.resigned,
        }


@dataclass(frozen=True, slots=True)
class Objections:
    """The objections that one addendum had first, ascending, with what changed in their new panels by stage."""

    numbers: tuple[int, ...]
    changes: Mapping[str, ObjectionChanges]


@dataclass(frozen=True, slots=True)
class Addendum:
    """A re-run after objections (이의신청): ``of`` is the root of the dossier it changes.

    ``rounds`` are the objections of this and all earlier addenda, ``changes`` what opens the commitments to what
    changed in their panels, by stage. ``former`` are the cases before that were decided anew, ``former_stages`` the
    rows of the stages before of all who objected or were decided anew.
    """

    of: str
    rounds: tuple[Objections, ...]
    changes: Mapping[str, Opening]
    former: tuple[FormerCase, ...]
    former_stages: tuple[StageRow, ...]
    differences: tuple[Difference, ...]

    @property
    def number(self) -> int:
        """The addendum's number, from 1."""
        return len(self.rounds)

    @property
    def objections(self) -> tuple[int, ...]:
        """All result numbers whose scores were given anew, ascending."""
        return tuple(sorted(number for one in self.rounds for number in one.numbers))


@dataclass(frozen=True, slots=True)
class RoundTimes:
    """When the three entries of a round were made, aware UTC, never falling."""

    pool_frozen: datetime
    evaluation_sealed: datetime
    published: datetime


@dataclass(frozen=True, slots=True)
class RoundRecord:
    """Everything of one round.

    ``receipts``, ``facts``, ``cases`` and ``results`` are in the order of result numbers; ``scores`` in that of
    stage, result number, reviewer and version, with their ``commitments`` in the same order; ``stages`` in that of
    stage and result number.
    """

    rules: RoundRules
    programme: Json
    receipts: tuple[Opening, ...]
    facts: tuple[Opening, ...]
    cases: tuple[Case, ...]
    panels: Mapping[str, StagePanel]
    scores: tuple[Score, ...]
    commitments: tuple[str, ...]
    stages: tuple[StageRow, ...]
    draw: Draw
    results: tuple[Result, ...]
    offers: tuple[Offer, ...] = ()
    addendum: Addendum | None = None
