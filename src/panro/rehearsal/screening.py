"""The requirement review (요건검토) of one application: asked at every moment, with the facts known then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from panro.dossier.audit import CaseFacts, MomentFacts, facts_payload
from panro.rules.eligibility import keys
from panro.rules.eligibility.ask import WITHDRAWN, Preference, Questions, Requirement, prepare, region_of, requirement
from panro.rules.findings import Answer, Assessment, Moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from panro.proof.canonical import Json
    from panro.rehearsal.filing import Filing
    from panro.rehearsal.schedule import RoundPlan
    from panro.rehearsal.state import YearState
    from panro.rules.edition.model import Edition
    from panro.rules.edition.parts import ApplicantType


class Asked(NamedTuple):
    """One asking: what was known on which day, and what came of it."""

    known: MomentFacts
    assessment: Assessment


class Screened(NamedTuple):
    """What the review found, and the facts that it rests on."""

    requirement: Requirement
    preference: Preference
    region: str
    facts: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Screening:
    """Reviews the applications of one round."""

    questions: Questions
    plan: RoundPlan
    state: YearState
    first: dict[tuple[str, str], Asked] = field(default_factory=dict)
    """What was found on the day of the application, by applicant and track, where it was asked before."""
    wanted: dict[tuple[Moment, ApplicantType, str | None], frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, edition: Edition, plan: RoundPlan, state: YearState) -> Screening:
        """Prepare the rules of a round."""
        return cls(prepare(edition, plan.programme, plan.round_), plan, state)

    @property
    def asks_by_track(self) -> bool:
        """Whether some rule is asked of some tracks only, so that who is refused on one may fit another."""
        return len(self.plan.programme.tracks) > 1 and any(rule.use.tracks is not None for rule in self.questions.rules)

    def refused_at_once(self, filing: Filing) -> bool:
        """Tell whether an application is refused on its very day, as it was filled in."""
        asked = self._ask(filing, Moment.APPLICATION, filing.on, filing.on, filing.on, mended=False)
        self.first[filing.party.ref, filing.track] = asked
        return asked.assessment.answer is Answer.NO

    def review(self, filing: Filing) -> Screened:
        """Review an application: on its day, as of the closing date with the supplements, before the evaluation."""
        mistakes = filing.mistakes
        first = self.first.pop((filing.party.ref, filing.track), None)
        if first is None:
            first = self._ask(filing, Moment.APPLICATION, filing.on, filing.on, filing.on, mended=False)
        if mistakes.withdraws:
            return self._screened(WITHDRAWN, filing, [first])
        if first.assessment.answer is not Answer.YES and mistakes.answers:
            first = self._ask(filing, Moment.APPLICATION, filing.on, filing.on, filing.on, mended=True)
        papers = filing.answered_on if filing.keeps_papers_fresh else filing.on
        return self._through(filing, first, papers, mended=mistakes.answers)

    def review_anew(self, filing: Filing, brought_on: date) -> Screened:
        """Review again what an objector brought afterwards: the moments stay, the papers are all there."""
        first = self._ask(filing, Moment.APPLICATION, filing.on, brought_on, filing.on, mended=True)
        return self._through(filing, first, brought_on, mended=True)

    def _through(self, filing: Filing, first: Asked, papers: date, *, mended: bool) -> Screened:
        closes, review_on = self.plan.round_.closes, self.plan.review_on
        asked = [
            first,
            self._ask(filing, Moment.CLOSING, closes, papers, closes, mended=mended),
            self._ask(
                filing,
                Moment.SELECTION,
                review_on,
                max(papers, review_on) if filing.keeps_papers_fresh else papers,
                review_on,
                mended=mended,
            ),
        ]
        return self._screened(requirement(*(one.assessment for one in asked)), filing, asked)

    def _ask(self, filing: Filing, moment: Moment, on: date, papers: date, registers: date, *, mended: bool) -> Asked:
        track = filing.track or None
        wanted = self._wanted(moment, filing.party.type, track)
        facts = filing.facts(wanted, papers=papers, registers=registers, mended=mended)
        self.state.add_to(facts, filing.party, registers)
        read = {key: fact for key, fact in facts.items() if key in wanted}
        assessment = self.questions.assess(read, moment=moment, on=on, applicant_type=filing.party.type, track=track)
        return Asked(MomentFacts(moment, on, read), assessment)

    def _wanted(self, moment: Moment, applicant_type: ApplicantType, track: str | None) -> frozenset[str]:
        """Give the facts that could matter at a moment: nothing else is kept of an applicant."""
        key = (moment, applicant_type, track)
        known = self.wanted.get(key)
        if known is None:
            known = self.wanted[key] = frozenset(self._readable(moment, applicant_type, track))
        return known

    def _readable(self, moment: Moment, applicant_type: ApplicantType, track: str | None) -> Iterator[str]:
        yield keys.REGION
        for rule in self.questions.rules:
            if rule.concerns(moment, applicant_type, track):
                yield from rule.entry.reads
                named = rule.use.parameters.get("facts")
                yield from (str(key) for key in named) if isinstance(named, list) else ()
                if rule.entry.papers:
                    yield from (paper.when.fact for paper in self.plan.programme.documents if paper.when is not None)
        yield from (group.fact for group in self.questions.edition.groups)

    def _screened(self, outcome: Requirement, filing: Filing, asked: list[Asked]) -> Screened:
        facts = asked[-1].known.facts
        case = CaseFacts(
            applicant_type=filing.party.type,
            track=filing.track or None,
            moments=tuple(one.known for one in asked),
            withdrawn=outcome.state == "withdrawn",
        )
        region = region_of(asked[min(1, len(asked) - 1)].known.facts, on=self.plan.round_.closes)
        return Screened(outcome, self.questions.preference(facts), region, facts_payload(case))
