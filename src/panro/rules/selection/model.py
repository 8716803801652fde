"""What goes into a selection and what comes out of it (selection-spec, 4 to 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from panro.proof.canonical import Json

type Requirement = Literal["eligible", "ineligible", "lapsed", "withdrawn"]
type Standing = Literal["passed", "below_mark", "below_line"]
type Outcome = Literal["selected", "waiting", "not_selected", "ineligible", "lapsed", "withdrawn"]
type OfferAct = Literal["declined", "offered", "accepted", "refused", "expired"]
type Phase = Literal[0, 1]

ELIGIBLE: Final = "eligible"
PASSED: Final = "passed"


@dataclass(frozen=True, slots=True)
class Case:
    """One receipt after the requirement review (요건검토).

    ``receipt`` is the commitment of the receipt; ``result_no`` its place in the frozen pool, from 1.
    ``groups`` and ``bonus`` are ascending without repetition; ``reason`` and ``clause`` are empty when eligible.
    """

    result_no: int
    receipt: str
    track: str
    region: str
    requirement: Requirement = ELIGIBLE
    reason: str = ""
    clause: str = ""
    groups: tuple[str, ...] = ()
    bonus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A reviewer who must not judge a receipt (named by its commitment), and why."""

    receipt: str
    reviewer: str
    why: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """A reviewer taken out of a receipt's panel after assignment, and why."""

    receipt: str
    reviewer: str
    why: str


class Resignation(NamedTuple):
    """A reviewer who left a stage altogether, when ``after`` of its replacements had been made (0: before any)."""

    reviewer: str
    after: int


@dataclass(frozen=True, slots=True)
class Panel:
    """The reviewers of one stage: all ascending but the replacements, which stand in the order they happened."""

    roster: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()
    replaced: tuple[Replacement, ...] = ()
    resigned: tuple[Resignation, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Give the object that ``panels.json`` commits to."""
        return {
            "roster": self.roster,
            "conflicts": [(one.receipt, one.reviewer, one.why) for one in self.conflicts],
            "replaced": [(one.receipt, one.reviewer, one.why) for one in self.replaced],
            "resigned": self.resigned,
        }


@dataclass(frozen=True, slots=True)
class Score:
    """One version of one reviewer's points for one receipt at one stage; points are multiples of ``point_step``."""

    stage: str
    result_no: int
    reviewer: str
    version: int
    phase: Phase
    points: tuple[Decimal, ...]
    at: datetime
    salt: str


@dataclass(frozen=True, slots=True)
class StageRow:
    """One participant's outcome at one stage; ``criteria`` are the panel's means on a grid of 0.01."""

    stage: str
    result_no: int
    score: Decimal
    criteria: tuple[Decimal, ...]
    standing: Standing


class Result(NamedTuple):
    """What became of one receipt and why; what does not apply is None or empty.

    A named tuple, because a round of a million makes a million of them.
    """

    result_no: int
    outcome: Outcome
    reason: str
    detail: str = ""
    step: str = ""
    rank: int | None = None
    service: int | None = None
    base: Decimal | None = None
    bonus: Decimal | None = None
    total: Decimal | None = None
    draw: str = ""
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One event of the waiting list: what happened on a day to one receipt's place."""

    seq: int
    on: date
    result_no: int
    event: OfferAct


@dataclass(frozen=True, slots=True)
class Difference:
    """How an addendum changed one receipt's outcome or total."""

    result_no: int
    before: Outcome
    after: Outcome
    total_before: Decimal | None
    total_after: Decimal | None
