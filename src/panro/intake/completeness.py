"""What an application still lacks before it can be handed in: a seam, because the questions know better than the acts.

A check is pure: it sees what was given, and says what is missing, on which step, in words. All checks that are
registered are asked, in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from panro.intake.declarations import consents, digests
from panro.intake.following import to_follow
from panro.intake.questions import Case, screens
from panro.korea.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from panro.intake.assembling import Assembled
    from panro.intake.calls import Call
    from panro.intake.declarations import ConsentHeld
    from panro.intake.questions import Answer, DocumentAsked
    from panro.proof.canonical import Json
    from panro.rules.edition.parts import ApplicantType
    from panro.rules.facts import Facts


@dataclass(frozen=True, slots=True)
class Lacking:
    """One thing that is missing: the step where it belongs, the code of question or document, and words for it."""

    step: str
    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Given:
    """All that was given so far. ``papers`` are codes of documents, ``products`` and ``answers`` plain JSON."""

    call: Call
    applicant_type: ApplicantType
    track: str
    on: date
    facts: Facts
    answers: Mapping[str, Json]
    products: Sequence[Mapping[str, Json]]
    papers: frozenset[str]
    consents: frozenset[ConsentHeld] = frozenset()
    """What was consented to, towards whom and in which words."""
    declared: Mapping[str, str] = field(default_factory=dict)
    """Documents given by a word on the page, with the hash of the words."""
    promised: frozenset[str] = frozenset()
    """Codes of documents whose papers are to follow, as the applicant says."""

    @classmethod
    def of(cls, one: Assembled, day: date) -> Given:
        """What was given with an application up to a day; its facts must be loaded."""
        return cls(
            call=one.call,
            applicant_type=one.applicant_type,
            track=one.application.track,
            on=day,
            facts=one.facts_on(day),
            answers=one.application.answers,
            products=one.products,
            papers=frozenset(str(paper["code"]) for paper in one.papers),
            consents=one.consents,
            declared={code: str(given["terms"]) for code, given in one.application.declared.items()},
            promised=one.promised,
        )

    @property
    def outdated(self) -> frozenset[str]:
        """Documents given by a word whose words have changed since: they must be given anew."""
        case = self.case if self.declared else None
        words = {} if case is None else digests(case)
        return frozenset(code for code, terms in self.declared.items() if words.get(code, terms) != terms)

    @property
    def follows(self) -> list[DocumentAsked]:
        """Required documents whose papers were promised rightly and are not there."""
        return to_follow(self.case, self.papers, self.promised) if self.promised else []

    @property
    def case(self) -> Case:
        """The same as the questions see it."""
        answers: dict[str, Answer] = {
            code: [str(one) for one in value] if isinstance(value, list) else str(value)
            for code, value in self.answers.items()
            if isinstance(value, str | list)
        }
        return Case(
            edition=self.call.edition,
            programme=self.call.programme,
            round_=self.call.round_,
            applicant_type=self.applicant_type,
            track=self.track or None,
            on=self.on,
            facts=self.facts,
            answers=answers,
        )


class Check(Protocol):
    """Says what is missing."""

    def __call__(self, given: Given) -> Iterable[Lacking]:
        """Return what is missing, in the order of the form."""
        ...


_checks: list[Check] = []


def register(check: Check) -> None:
    """Add a check; the same one only once."""
    if check not in _checks:
        _checks.append(check)


def lacking(given: Given) -> list[Lacking]:
    """Return everything that is missing, each thing once."""
    found = [one for check in (by_the_notice, *_checks) for one in check(given)]
    return list({(one.step, one.code): one for one in reversed(found)}.values())[::-1]


def by_the_notice(given: Given) -> Iterator[Lacking]:
    """What the notice itself demands: a track, answers to required questions, products, and the required papers.

    A required paper that was promised, and may follow, is not missing.
    """
    case = given.case
    if len(case.tracks) > 1 and not given.track:
        yield Lacking("apply", "track", Text("세부유형", "the track"))
    for screen in screens(case):
        for question in screen.questions:
            if question.required and question.code != "track" and not given.answers.get(question.code):
                yield Lacking(screen.step, question.code, question.label)
    if "choose_products" in case.steps and not given.products:
        yield Lacking("choose_products", "products", Text("신청할 상품", "the products"))
    there = (given.papers - given.outdated) | {one.code for one in given.follows}
    for asked in case.documents:
        if asked.is_required and asked.code not in there:
            yield Lacking("documents", asked.code, asked.document.name.text)


def consents_missing(given: Given) -> list[str]:
    """Return the purposes of consents without which nothing can be taken in, and that are not given.

    One counts that was given in today's words, towards all who get the data.
    """
    wanted = [one for one in consents(given.case) if one.purpose.required]
    return list(dict.fromkeys(one.purpose.code for one in wanted if not one.held <= given.consents))
