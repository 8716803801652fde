"""Whether one may apply again: after a withdrawal, a refusal or a selection, in a later round, in another track."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from panro.korea.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from panro.rules.edition.programme import Reapplication


class Standing(StrEnum):
    """What became of an earlier application."""

    RUNNING = "running"
    """Handed in and not decided."""
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    SELECTED = "selected"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An application of the same applicant to the same programme of the same year; ``round_name`` is for people."""

    round_code: str
    round_name: Text
    track: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether one may apply again, why, and what the notice says about it."""

    allowed: bool
    reason: Text
    clause: Text


_SAID = {
    Standing.RUNNING: Text("{0} 신청이 아직 심사 중입니다.", "The application of {1} is still under review."),
    Standing.WITHDRAWN: Text("{0} 신청을 취소했습니다.", "The application of {1} was withdrawn."),
    Standing.REFUSED: Text("{0}에서 선정되지 않았습니다.", "It was not selected in {1}."),
    Standing.SELECTED: Text("{0}에서 선정되었습니다.", "It was selected in {1}."),
}


def may_apply_again(
    rule: Reapplication, earlier: Iterable[Earlier], *, round_code: str, track: str = ""
) -> Answer | None:
    """Say whether a notice lets somebody apply again; None if there is nothing before. A no goes before every yes.

    Args:
        rule: as the notice prints it.
        earlier: what was handed in before, corrected ones left out.
        round_code: of the round in which one wants to apply.
        track: in which; empty while it is not chosen, and then any other than before is thought of.
    """
    answers = [_answer(rule, one, round_code, track) for one in earlier]
    return next((one for one in answers if not one.allowed), answers[-1] if answers else None)


def once_in_a_year(rule: Reapplication) -> bool:
    """Whether a notice takes one application of an applicant and no other, whatever comes of it."""
    return not rule.after_refusal and not rule.after_selection


def _answer(rule: Reapplication, one: Earlier, round_code: str, track: str) -> Answer:
    match one.standing:
        case Standing.WITHDRAWN:
            allowed = rule.after_withdrawal is not False
        case Standing.REFUSED:
            allowed = rule.after_refusal
        case Standing.SELECTED:
            elsewhere = bool(rule.after_selection_in_another_track) and bool(one.track) and track != one.track
            allowed = rule.after_selection or elsewhere
        case Standing.RUNNING:
            allowed = one.round_code == round_code or not once_in_a_year(rule)
    said = _SAID[one.standing]
    name = one.round_name
    reason = Text(said.ko.format(name.ko, name.en), said.en.format(name.ko, name.en))
    return Answer(allowed, reason, Text(rule.text.ko, rule.text.en))
