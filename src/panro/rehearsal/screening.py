"""The requirement review (요건검토) of one application: asked at every moment, with the facts known then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from panro.dossier.case_facts import CaseFacts, MomentFacts, facts_text
from panro.dossier.snapshot import FactTexts
from panro.rehearsal.desk import Asking, MemoryDesk
from panro.rules.eligibility import keys
from panro.rules.eligibility.ask import WITHDRAWN, Preference, Questions, Requirement, prepare, region_of, requirement
from panro.rules.findings import Answer, Assessment, Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from panro.proof.canonical import CanonicalText
    from panro.rehearsal.desk import Desk
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
    facts: CanonicalText


@dataclass(frozen=True, slots=True)
class Screening:
    """Reviews the applications of one round."""

    questions: Questions
    plan: RoundPlan
    state: YearState
    desk: Desk
    first: dict[tuple[str, str], Asked] = field(default_factory=dict)
    """What was found on the day of the application, by applicant and track, where it was asked before."""
    wanted: dict[tuple[Moment, ApplicantType, str | None], frozenset[str]] = field(default_factory=dict)
    texts: FactTexts = field(default_factory=FactTexts)
    """Writes the facts of the round, until they are reviewed."""

    @classmethod
    def of(cls, edition: Edition, plan: RoundPlan, state: YearState, desk: Desk | None = None) -> Screening:
        """Prepare the rules of a round; without a desk, the population itself says what is known."""
        return cls(prepare(edition, plan.programme, plan.round_), plan, state, desk or MemoryDesk(state))

    @property
    def asks_by_track(self) -> bool:
        """Whether some rule is asked of some tracks only, so that who is refused on one may fit another."""
        return len(self.plan.programme.tracks) > 1 and any(rule.use.tracks is not None for rule in self.questions.rules)

    def refused_at_once(self, filing: Filing) -> bool:
        """Tell whether an application is refused on its very day, as it was filled in: what may I get?"""
        (asked,) = self._ask([self._as_filled_in(filing)], MemoryDesk(self.state))
        self.first[filing.party.ref, filing.track] = asked
        return asked.assessment.answer is Answer.NO

    def taken_in(self, filings: Iterable[Filing]) -> None:
        """Ask the desk once more for those who asked before they applied, now that it holds their applications."""
        if not isinstance(self.desk, MemoryDesk):
            before = [filing for filing in filings if (filing.party.ref, filing.track) in self.first]
            self._ask_first(before)

    def review(self, filing: Filing) -> Screened:
        """Review one application; see `review_all`."""
        return self.review_all([filing])[0]

    def review_all(self, filings: Sequence[Filing]) -> list[Screened]:
        """Review applications: on their day, as of the closing date with the supplements, before the evaluation."""
        self._ask_first([filing for filing in filings if (filing.party.ref, filing.track) not in self.first])
        first = {filing.party.ref: self.first.pop((filing.party.ref, filing.track)) for filing in filings}
        staying = [filing for filing in filings if not filing.mistakes.withdraws]
        again = [
            filing
            for filing in staying
            if filing.mistakes.answers and first[filing.party.ref].assessment.answer is not Answer.YES
        ]
        mended = self._ask([self._as_filled_in(filing, mended=True) for filing in again])
        first.update(zip((filing.party.ref for filing in again), mended, strict=True))
        papers = [filing.answered_on if filing.keeps_papers_fresh else filing.on for filing in staying]
        later = self._later(staying, papers)
        asked = {filing.party.ref: [first[filing.party.ref], *two] for filing, two in zip(staying, later, strict=True)}
        return [
            self._screened(WITHDRAWN, filing, [first[filing.party.ref]])
            if filing.mistakes.withdraws
            else self._found(filing, asked[filing.party.ref])
            for filing in filings
        ]

    def review_anew(self, filing: Filing, brought_on: date) -> Screened:
        """Review again what an objector brought afterwards: the moments stay, the papers are all there."""
        day = filing.on
        wanted = self._wanted(Moment.APPLICATION, filing.party.type, filing.track or None)
        memory = MemoryDesk(self.state)  # an objection brings its own papers: they are no part of the intake
        first = Asking(filing, Moment.APPLICATION, day, brought_on, day, mended=True, wanted=wanted)
        asked = self._ask([first], memory)
        (later,) = self._later([filing], [brought_on], desk=memory, mended=True)
        return self._found(filing, [*asked, *later])

    def _ask_first(self, filings: Sequence[Filing]) -> None:
        """Ask for applications as they were filled in, on their day."""
        for filing, asked in zip(filings, self._ask([self._as_filled_in(one) for one in filings]), strict=True):
            self.first[filing.party.ref, filing.track] = asked

    def _as_filled_in(self, filing: Filing, *, mended: bool = False) -> Asking:
        wanted = self._wanted(Moment.APPLICATION, filing.party.type, filing.track or None)
        return Asking(filing, Moment.APPLICATION, filing.on, filing.on, filing.on, mended=mended, wanted=wanted)

    def _later(
        self, filings: Sequence[Filing], papers: Sequence[date], *, desk: Desk | None = None, mended: bool | None = None
    ) -> list[tuple[Asked, Asked]]:
        """Ask as of the closing date, and at the review before the evaluation; ``papers`` by application."""
        closes, review_on = self.plan.round_.closes, self.plan.review_on
        closing: list[Asking] = []
        selection: list[Asking] = []
        for filing, until in zip(filings, papers, strict=True):
            is_mended = filing.mistakes.answers if mended is None else mended
            fresh = max(until, review_on) if filing.keeps_papers_fresh else until
            for asking, moment, on, day in (
                (closing, Moment.CLOSING, closes, until),
                (selection, Moment.SELECTION, review_on, fresh),
            ):
                wanted = self._wanted(moment, filing.party.type, filing.track or None)
                asking.append(Asking(filing, moment, on, day, on, mended=is_mended, wanted=wanted))
        return list(zip(self._ask(closing, desk), self._ask(selection, desk), strict=True))

    def _ask(self, asking: Sequence[Asking], desk: Desk | None = None) -> list[Asked]:
        found = []
        for one, facts in zip(asking, (desk or self.desk).known(asking), strict=True):
            read = {key: fact for key, fact in facts.items() if key in one.wanted}
            assessment = self.questions.assess(
                read,
                moment=one.moment,
                on=one.on,
                applicant_type=one.filing.party.type,
                track=one.filing.track or None,
            )
            found.append(Asked(MomentFacts(one.moment, one.on, read), assessment))
        return found

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

    def _found(self, filing: Filing, asked: list[Asked]) -> Screened:
        return self._screened(requirement(*(one.assessment for one in asked)), filing, asked)

    def _screened(self, outcome: Requirement, filing: Filing, asked: list[Asked]) -> Screened:
        facts = asked[-1].known.facts
        case = CaseFacts(
            applicant_type=filing.party.type,
            track=filing.track or None,
            moments=tuple(one.known for one in asked),
            withdrawn=outcome.state == "withdrawn",
        )
        region = region_of(asked[min(1, len(asked) - 1)].known.facts, on=self.plan.round_.closes)
        return Screened(outcome, self.questions.preference(facts), region, facts_text(case, self.texts))
