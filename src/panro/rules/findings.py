"""What a rule answers: yes, no or not yet known, with the clause, the fact and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from panro.korea.text import Text
from panro.rules.facts import Fact


class Answer(StrEnum):
    """The three answers of a rule."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Moment(StrEnum):
    """When a rule is asked; each rule declares its moments."""

    APPLICATION = "application"
    CLOSING = "closing"
    SELECTION = "selection"
    AGREEMENT = "agreement"


class Finding(NamedTuple):
    """One rule's answer.

    ``reason`` is a word of ``[a-z0-9_]+`` that stands for the sentence; ``clause`` names the law's or the notice's
    place; ``facts`` are those that decided, empty where something is missing.
    """

    rule: str
    answer: Answer
    reason: str
    clause: Text
    moment: Moment
    facts: tuple[Fact, ...]
    message: Text
    mend: Text | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """All findings of one application at one moment, in the order of the notice."""

    moment: Moment
    findings: tuple[Finding, ...]

    @property
    def answer(self) -> Answer:
        """No if one rule says no; else unknown if one does not know; else yes."""
        answers = {finding.answer for finding in self.findings}
        for answer in (Answer.NO, Answer.UNKNOWN):
            if answer in answers:
                return answer
        return Answer.YES

    @property
    def decisive(self) -> Finding | None:
        """The first finding that gives the answer, None if all say yes."""
        answer = self.answer
        if answer is Answer.YES:
            return None
        return next(finding for finding in self.findings if finding.answer is answer)
