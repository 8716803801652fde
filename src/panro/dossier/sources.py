"""What a round is built from: the applications, and the people and tables that give reviewers and points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from decimal import Decimal

    from panro.proof.canonical import CanonicalText, Json
    from panro.rules.selection.model import Panel, Phase, Replacement, Requirement
    from panro.rules.selection.round_rules import ScoredStage


@dataclass(frozen=True, slots=True)
class Application:
    """One receipt with what the requirement review (요건검토) decided about it.

    ``salt`` and ``payload`` are what the receipt committed to when it was issued; the payload holds at least
    ``receipt_no``, ``applicant``, ``round`` (the round id) and ``track``. ``facts`` is what the decision rests on.
    Facts that are canonical text already are taken as they are.
    ``reason`` and ``clause`` are empty when eligible. ``facts_salt`` may be left out: the builder then draws one.
    """

    salt: str
    payload: Mapping[str, Json]
    region: str
    facts: Mapping[str, Json] | CanonicalText
    requirement: Requirement = "eligible"
    reason: str = ""
    clause: str = ""
    groups: tuple[str, ...] = ()
    bonus: tuple[str, ...] = ()
    facts_salt: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version of a reviewer's score sheet; points are multiples of the stage's ``point_step``."""

    result_no: int
    reviewer: str
    version: int
    points: tuple[Decimal, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Departures:
    """Who left after the assignment: reviewers taken out of panels, in order, and reviewers who left altogether.

    Who is named in ``resigned`` takes over no panel from these replacements on; earlier replacements stay as they were.
    """

    replaced: tuple[Replacement, ...] = ()
    resigned: tuple[str, ...] = ()


class Reviewers(Protocol):
    """Who judges, and what they say.

    ``receipts`` are the participants' commitments by result number, ``seats`` the reviewers by result number in
    the order of slots.
    """

    def panel(self, stage: ScoredStage, receipts: Mapping[int, str]) -> Panel:
        """Give roster and conflicts of a stage, in any order; replacements are not asked for here."""
        ...

    def departures(
        self, stage: ScoredStage, receipts: Mapping[int, str], seats: Mapping[int, tuple[str, ...]]
    ) -> Departures:
        """Give who has to be replaced in these panels; asked again after every change, until nobody left."""
        ...

    def sheets(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]], phase: Phase) -> Iterable[Sheet]:
        """Give every version of every sheet; each member of every panel must have one.

        Phase 0 is the evaluation, phase 1 the new panels after objections. Sheets that a replaced reviewer left
        may be among them.
        """
        ...


@dataclass(frozen=True, slots=True)
class Decision:
    """A requirement review decided anew after an objection (이의신청); fields as in ``Application``."""

    region: str
    facts: Mapping[str, Json] | CanonicalText
    requirement: Requirement = "eligible"
    reason: str = ""
    clause: str = ""
    groups: tuple[str, ...] = ()
    bonus: tuple[str, ...] = ()
    facts_salt: str = ""


@dataclass(frozen=True, slots=True)
class PublicValues:
    """The values of the two public events named in the notice (for a lottery: the numbers drawn, as text)."""

    assignment: str
    draw: str
