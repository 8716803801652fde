"""What may I get? Every programme of a year asked of one merchant, without an application."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from panro.korea.text import Text
from panro.rules.edition.model import Edition
from panro.rules.edition.parts import ApplicantType
from panro.rules.edition.programme import Programme, Round
from panro.rules.eligibility.documents import papers_asked
from panro.rules.eligibility.questions import Questions, prepare
from panro.rules.eligibility.registry import RULES
from panro.rules.eligibility.rule import Asking
from panro.rules.facts import Facts
from panro.rules.findings import Answer, Finding, Moment

type Verdict = Literal["may", "maybe", "not_open", "may_not"]
ORDER: Final[tuple[Verdict, ...]] = ("may", "maybe", "not_open", "may_not")
_RANK: Final = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}
_VERDICT: Final[dict[Answer, Verdict]] = {Answer.YES: "may", Answer.UNKNOWN: "maybe", Answer.NO: "may_not"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What one programme says to one merchant.

    ``track`` is the one that says the best; ``round_`` the round that was asked about, ``opens`` its first day where
    that is still to come. ``bring`` says how to settle what is not known, ``papers`` which papers are handed in later.
    """

    programme: str
    verdict: Verdict
    answer: Answer
    round_: str | None
    opens: date | None
    track: str | None
    findings: tuple[Finding, ...]
    bring: tuple[Text, ...]
    papers: tuple[Text, ...]


def what_may_i_get(edition: Edition, facts: Facts, *, on: date, applicant_type: ApplicantType) -> list[Offer]:
    """Ask every programme at its application moment, and order: may, maybe, not open now, may not.

    Papers do not count against anybody here: they are named, not asked. Within a verdict the order is the edition's.
    A programme that is not open now, but would refuse anyway, says so.

    Args:
        edition: the year.
        facts: what the merchant has told; what is absent is not known.
        on: the day of asking.
        applicant_type: as what it would apply.

    Raises:
        RuleUseError: the edition uses a rule wrongly.
    """
    offers = [
        _offer(edition, programme, facts, on=on, applicant_type=applicant_type) for programme in edition.programmes
    ]
    return sorted(offers, key=lambda offer: ORDER.index(offer.verdict))


def needed_facts(edition: Edition, facts: Facts, *, on: date, applicant_type: ApplicantType) -> tuple[str, ...]:
    """Return the keys of facts that could still decide about some programme, papers aside, most decisive first.

    A key decides the more, the more programmes ask for it; ties keep the order of the edition.
    """
    counted: dict[str, int] = {}
    for programme in edition.programmes:
        round_ = round_on(programme, on)
        questions = _without_papers(prepare(edition, programme, round_))
        asked: dict[str, None] = {}
        for track in _tracks(programme, round_):
            keys = questions.questions(
                facts, moment=Moment.APPLICATION, on=on, applicant_type=applicant_type, track=track
            )
            asked |= dict.fromkeys(keys)
        for key in asked:
            counted[key] = counted.get(key, 0) + 1
    return tuple(sorted(counted, key=lambda key: -counted[key]))


def round_on(programme: Programme, on: date) -> Round | None:
    """Return the round that is open on the day, else the next to open, else the last one; None without rounds."""
    rounds = sorted(programme.rounds, key=lambda round_: (round_.opens, round_.closes, round_.code))
    for round_ in rounds:
        if on <= round_.closes:
            return round_
    return rounds[-1] if rounds else None


def _offer(edition: Edition, programme: Programme, facts: Facts, *, on: date, applicant_type: ApplicantType) -> Offer:
    round_ = round_on(programme, on)
    questions = _without_papers(prepare(edition, programme, round_))
    answer, track, findings = _best(questions, facts, on=on, applicant_type=applicant_type)
    open_now = round_ is not None and round_.opens <= on <= round_.closes
    asking = Asking(Moment.APPLICATION, on, edition.head, programme, round_, applicant_type, track)
    return Offer(
        programme=programme.code,
        verdict=_VERDICT[answer] if open_now or answer is Answer.NO else "not_open",
        answer=answer,
        round_=None if round_ is None else round_.code,
        opens=round_.opens if round_ is not None and on < round_.opens else None,
        track=track,
        findings=findings,
        bring=tuple(found.mend for found in findings if found.answer is Answer.UNKNOWN and found.mend is not None),
        papers=tuple(document.name.text for document in papers_asked(facts, asking)),
    )


def _best(
    questions: Questions, facts: Facts, *, on: date, applicant_type: ApplicantType
) -> tuple[Answer, str | None, tuple[Finding, ...]]:
    """Return the track with the best answer, the first of equals, and its findings."""
    answers = []
    for track in _tracks(questions.programme, questions.round_):
        assessment = questions.assess(
            facts, moment=Moment.APPLICATION, on=on, applicant_type=applicant_type, track=track
        )
        answers.append((assessment.answer, track, assessment.findings))
    return min(answers, key=lambda found: _RANK[found[0]])


def _tracks(programme: Programme, round_: Round | None) -> list[str | None]:
    tracks = programme.tracks if round_ is None else programme.tracks_of(round_)
    return [track.code for track in tracks] or [None]


def _without_papers(questions: Questions) -> Questions:
    rules = tuple(rule for rule in questions.rules if not RULES[rule.use.rule].papers)
    return Questions(questions.edition, questions.programme, questions.round_, rules)
