"""Where a round stands on a day, told from its dates alone; dates include their whole day in Seoul."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

SOON: Final = 14
"""A round that closes within so many days is announced as closing soon."""


class RoundDays(Protocol):
    """The days of a round, whether they come from the document or from a row."""

    @property
    def opens(self) -> date:
        """First day of intake."""

    @property
    def closes(self) -> date:
        """Last day of intake."""

    @property
    def results_on(self) -> date:
        """Day of the results."""

    @property
    def objections_until(self) -> date:
        """Last day for objections (이의신청)."""


class RoundState(StrEnum):
    """What is going on."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSING = "closing"
    REVIEW = "review"
    OBJECTIONS = "objections"
    OVER = "over"


ACCEPTING: Final = frozenset({RoundState.OPEN, RoundState.CLOSING})


@dataclass(frozen=True, slots=True)
class Intake:
    """What a list says of a programme's rounds: its state, and the day that matters next."""

    state: RoundState | None
    day: date | None


def state_on(round_: RoundDays, day: date) -> RoundState:
    """Tell where a round stands on a day."""
    if day < round_.opens:
        return RoundState.UPCOMING
    if day <= round_.closes:
        return RoundState.CLOSING if (round_.closes - day).days <= SOON else RoundState.OPEN
    if day < round_.results_on:
        return RoundState.REVIEW
    return RoundState.OBJECTIONS if day <= round_.objections_until else RoundState.OVER


def days_left(round_: RoundDays, day: date) -> int:
    """Days until the round closes; 0 on its last day, negative afterwards."""
    return (round_.closes - day).days


def intake_on(rounds: Iterable[RoundDays], day: date) -> Intake:
    """Sum a programme's rounds up: open before upcoming before review before over; no rounds, no state."""
    found = [(state_on(round_, day), round_) for round_ in rounds]
    for wanted, key in (
        (ACCEPTING, "closes"),
        (frozenset({RoundState.UPCOMING}), "opens"),
        (frozenset({RoundState.REVIEW}), "results_on"),
    ):
        days = [(getattr(round_, key), state) for state, round_ in found if state in wanted]
        if days:
            soonest, state = min(days, key=lambda one: one[0])
            return Intake(state, soonest)
    return Intake(RoundState.OVER, None) if found else Intake(None, None)
