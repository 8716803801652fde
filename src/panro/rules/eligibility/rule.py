"""What a rule is: a pure function of facts, parameters and an asking, with its reasons declared.

A rule answers by calling one of its reasons: ``return EXPIRED(fact, ends=day(last))``. A reason holds the sentence
and how to mend it in both languages, so that a test can demand that every one is reachable and complete.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple, cast

from panro.korea.text import Text
from panro.rules.edition.base import Strict
from panro.rules.edition.model import EditionHead
from panro.rules.edition.parts import ApplicantType
from panro.rules.edition.programme import DocumentData, Programme, Round
from panro.rules.eligibility.words import NOTHING, day
from panro.rules.facts import Fact, Facts
from panro.rules.findings import Answer, Finding, Moment

type Value = Text | str | int
ALL_MOMENTS: Final = tuple(Moment)


@dataclass(frozen=True, slots=True)
class Reason:
    """One way in which a rule answers.

    ``code`` is a word of ``[a-z0-9_]+`` that no other reason bears. ``message`` and ``mend`` may hold places such as
    ``{ends}``; ``{until}`` is always known: the day up to which one can mend it, or nothing.
    """

    code: str
    answer: Answer
    message: Text
    mend: Text | None = None

    def __call__(self, *facts: Fact, lacks: tuple[str, ...] = (), **values: Value) -> "Ruling":
        """Answer with this reason: the facts that decided, the keys that are lacking, the values of the sentence."""
        return Ruling(self, facts, lacks, values)


class Ruling(NamedTuple):
    """A rule's bare answer, from which a finding is made."""

    reason: Reason
    facts: tuple[Fact, ...]
    lacks: tuple[str, ...]
    values: Mapping[str, Value]


def yes(code: str, ko: str, en: str) -> Reason:
    """Declare a reason for yes; its sentence has no places, so that it is made only once."""
    return Reason(code, Answer.YES, Text(ko, en))


def no(code: str, *, message: tuple[str, str], mend: tuple[str, str]) -> Reason:
    """Declare a reason for no: the sentence and how to mend it, Korean and English."""
    return Reason(code, Answer.NO, Text(*message), Text(*mend))


def unknown(code: str, *, message: tuple[str, str], mend: tuple[str, str]) -> Reason:
    """Declare a reason for not yet known: the sentence and what to bring, Korean and English."""
    return Reason(code, Answer.UNKNOWN, Text(*message), Text(*mend))


class NoParameters(Strict):
    """The parameters of a rule that takes none."""


@dataclass(frozen=True)
class Asking:
    """When, on which day and of whom a rule is asked, and what follows from that.

    ``round_`` is None where a programme has no round; then the year's window stands in for it.
    """

    moment: Moment
    on: date
    edition: EditionHead
    programme: Programme
    round_: Round | None
    applicant_type: ApplicantType
    track: str | None

    @cached_property
    def closes(self) -> date:
        """The closing date of the round."""
        return self.edition.window.closes if self.round_ is None else self.round_.closes

    @cached_property
    def status_day(self) -> date:
        """The day whose status counts: the closing date, but the day itself at application and agreement."""
        return self.closes if self.moment in (Moment.CLOSING, Moment.SELECTION) else self.on

    @cached_property
    def until(self) -> Text:
        """The day up to which one can mend something, as words that fit a sentence; empty when it has passed."""
        round_ = None if self.moment is Moment.APPLICATION else self.round_
        last = self.closes if round_ is None else round_.supplement_until
        if self.moment is Moment.AGREEMENT or self.on > last:
            return NOTHING
        written = day(last)
        return Text(ko=f"{written.ko}까지 ", en=f" by {written.en}")

    @cached_property
    def documents(self) -> tuple[DocumentData, ...]:
        """The required papers that are asked of this type of applicant in this track, whatever their condition."""
        return tuple(
            document
            for document in self.programme.documents
            if document.required
            and (document.applicants is None or self.applicant_type in document.applicants)
            and (document.tracks is None or self.track in document.tracks)
        )


type RuleFunction[Parameters: Strict] = Callable[[Facts, Parameters, Asking], Ruling]
type Check[Parameters: Strict] = Callable[[Parameters, Programme], str | None]


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule as the register keeps it.

    ``reads`` are the keys of facts it may read (parameters may add some), ``moments`` those at which it may be asked;
    ``law`` its place in the law, if any; ``check`` tells what a programme lacks for it; ``papers`` says that it looks
    at papers only, so that a quick answer without papers can leave it out.
    """

    name: str
    function: RuleFunction[Strict]
    parameters: type[Strict]
    moments: tuple[Moment, ...]
    reasons: Mapping[str, Reason]
    reads: tuple[str, ...]
    law: Text | None
    check: Check[Strict] | None
    papers: bool


def rule[Parameters: Strict](
    name: str,
    *,
    parameters: type[Parameters],
    reasons: tuple[Reason, ...],
    reads: tuple[str, ...],
    law: Text | None = None,
    moments: tuple[Moment, ...] = ALL_MOMENTS,
    check: Check[Parameters] | None = None,
    papers: bool = False,
) -> Callable[[RuleFunction[Parameters]], RuleEntry]:
    """Make a rule of a function; the entry takes the function's name in its module."""

    def enter(function: RuleFunction[Parameters]) -> RuleEntry:
        codes = {reason.code: reason for reason in reasons}
        if len(codes) != len(reasons):
            raise ValueError(f"rule {name} declares a reason twice: {[reason.code for reason in reasons]}")
        return RuleEntry(
            name=name,
            function=cast("RuleFunction[Strict]", function),
            parameters=parameters,
            moments=moments,
            reasons=codes,
            reads=reads,
            law=law,
            check=cast("Check[Strict] | None", check),
            papers=papers,
        )

    return enter


def finding_of(ruling: Ruling, rule_name: str, clause: Text, asking: Asking) -> Finding:
    """Make a finding of a ruling; only no and unknown cost the making of sentences."""
    reason = ruling.reason
    if reason.answer is Answer.YES:
        return Finding(rule_name, Answer.YES, reason.code, clause, asking.moment, ruling.facts, reason.message)
    values = {**ruling.values, "until": asking.until}
    mend = reason.mend.format(**values) if reason.mend is not None else None
    message = reason.message.format(**values)
    return Finding(rule_name, reason.answer, reason.code, clause, asking.moment, ruling.facts, message, mend)
