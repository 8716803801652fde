"""Who may do what with an application; each predicate reads like a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.intake.states import LIVE, State
from panro.parties.access import Right

if TYPE_CHECKING:
    from datetime import date

    from panro.intake.calls import Call
    from panro.intake.queries import Held


def may_write(held: Held) -> bool:
    """Whether somebody may go on writing it."""
    return held.application.state == State.DRAFT and held.may(Right.EDIT)


def may_hand_in(held: Held) -> bool:
    """Whether somebody may hand it in."""
    return held.application.state == State.DRAFT and held.may(Right.SUBMIT)


def may_withdraw(held: Held, call: Call, today: date) -> bool:
    """Whether somebody may withdraw it: until the results are out."""
    return held.application.state in LIVE and held.may(Right.SUBMIT) and today < call.round_.results_on


def may_correct(held: Held, call: Call, today: date) -> bool:
    """Whether somebody may begin a corrected one: while the intake of this applicant lasts."""
    row = held.application
    last = max(row.closes, call.round_.closes)
    return row.state in LIVE and row.pool_id is None and held.may(Right.SUBMIT) and today <= last


def may_answer(held: Held) -> bool:
    """Whether somebody may answer what was asked."""
    return held.application.state == State.SUPPLEMENTING and held.may(Right.EDIT)
