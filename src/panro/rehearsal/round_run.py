"""One round of the year: frozen, sealed, published, settled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from panro.dossier.audit import programme_payload
from panro.dossier.build import build_addendum, build_round
from panro.dossier.salts import SeededSalts
from panro.dossier.sources import Application, Decision, PublicValues
from panro.proof.merkle import text_root
from panro.rehearsal.afterwards import Offering, draw_objectors
from panro.rehearsal.desk import Intake, MemoryDesk, version_digest
from panro.rehearsal.filing import Filing, draw_mistakes
from panro.rehearsal.reviewers import SimulatedReviewers
from panro.rehearsal.score_file import FileReviewers, IncompletePanelError
from panro.rehearsal.screening import Screened, Screening
from panro.rehearsal.stream import WHOLE, happens, simulated_event, stream
from panro.rules.freeze import ONLY_TRACK, round_rules, track_places
from panro.rules.selection.waiting import WaitingList

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from panro.dossier.model import RoundRecord
    from panro.dossier.sources import Reviewers
    from panro.proof.canonical import CanonicalText
    from panro.rehearsal.desk import Desk, Receipt
    from panro.rehearsal.files import Rejects
    from panro.rehearsal.intake import Wish
    from panro.rehearsal.population import Population
    from panro.rehearsal.schedule import RoundPlan
    from panro.rehearsal.score_file import ScoreFile
    from panro.rehearsal.state import YearState
    from panro.rules.edition.model import Edition
    from panro.rules.eligibility.requirement import State
    from panro.rules.selection.round_rules import RoundRules


@dataclass(slots=True)
class RoundRun:
    """A round being carried out; each act is called once, in the order of `schedule.Act`."""

    edition: Edition
    plan: RoundPlan
    population: Population
    seed: int
    state: YearState
    rules: RoundRules
    screening: Screening
    salts: SeededSalts
    desk: Desk
    receipts: list[Receipt] = field(default_factory=list)
    """In the order of their commitments, so that of result numbers."""
    double: int = 0
    record: RoundRecord | None = None
    addendum: RoundRecord | None = None
    offering: Offering | None = None
    published_root: str = ""
    holders: Counter[str] = field(default_factory=Counter)
    """How many hold a place of the round at the moment, by track."""
    empty: Mapping[str, int] = field(default_factory=dict)
    """How many of its places are known to stay empty, by track."""
    reviewers: Reviewers | None = None

    @classmethod
    def of(  # noqa: PLR0917 - one argument per thing that a round is made of
        cls,
        edition: Edition,
        plan: RoundPlan,
        population: Population,
        seed: int,
        state: YearState,
        desk: Desk | None = None,
    ) -> RoundRun:
        """Open a round: places that earlier rounds left empty are added where the notice says so.

        Applications are taken in at a desk; without one, in memory.
        """
        programme, round_ = plan.programme, plan.round_
        takes_over = round_.carry_over and round_.seats
        tracks = track_places(programme, round_)
        carried = state.take_unfilled(programme.code, tracks, round_.closes) if takes_over else 0
        rules = round_rules(edition, programme, round_, carried_over=carried, simulated=True)
        where = desk or MemoryDesk(state, version_digest(edition))
        screening = Screening.of(edition, plan, state, where)
        return cls(edition, plan, population, seed, state, rules, screening, SeededSalts(str(seed)), where)

    def track_of(self, result_no: int) -> str:
        """The track for which a receipt was issued."""
        return self.receipts[result_no - 1].filing.track or ONLY_TRACK

    def empty_places(self) -> dict[str, int]:
        """How many places nobody holds at the moment, by track.

        What a round has beyond the places of its tracks counts for the first track without places of its own.
        """
        if self.rules.seats is None:
            return {}
        numbered = {code: places for code, places in self.rules.tracks.items() if places is not None}
        empty = {code: max(places - self.holders[code], 0) for code, places in numbered.items()}
        for code in sorted(self.rules.tracks.keys() - numbered.keys())[:1]:
            empty[code] = max(self.rules.seats - self.holders.total() - sum(empty.values()), 0)
        return empty

    @property
    def filings(self) -> Mapping[int, Filing]:
        """The applications by result number."""
        return {number: receipt.filing for number, receipt in enumerate(self.receipts, 1)}

    @property
    def pool_root(self) -> str:
        """The root of the frozen pool."""
        return text_root(receipt.commitment for receipt in self.receipts)

    @property
    def final(self) -> RoundRecord:
        """The last word on the round: its addendum, else its record."""
        found = self.addendum or self.record
        if found is None:
            raise RuntimeError(f"{self.rules.round_id} has not been sealed yet")
        return found

    def freeze(self, wishes: Iterable[Wish]) -> None:
        """Take the applications in, in the order in which they come, and freeze the pool."""
        filings = []
        for wish in wishes:
            source = stream(self.seed, "application", wish.party.ref, self.rules.round_id)
            mistakes = draw_mistakes(source, self.population, wish.party, self.plan.round_)
            filing = Filing(wish.party, self.plan.programme, self.plan.round_, wish.track, wish.on, mistakes)
            intake = self.population.intake
            self.double += happens(source, intake.double_application.rate)
            if not happens(source, intake.wrong_track.rate):
                filing = self._on_fitting_track(filing)
            if not (happens(source, intake.checks_first.rate) and self.screening.refused_at_once(filing)):
                filings.append(filing)
        self.take_in(filings)

    def take_in(self, filings: Iterable[Filing]) -> None:
        """Issue receipts for applications, numbered in the order given, and freeze the pool."""
        taken = list(filings)
        intake = Intake(self.plan, self.rules, self.screening.questions, self.salts, self.screening.texts)
        receipts = self.desk.take_in(intake, taken)
        self.screening.taken_in(taken)
        self.receipts = sorted(receipts, key=lambda receipt: receipt.commitment)

    def seal(self, scores: ScoreFile | None = None, rejects: Rejects | None = None) -> None:
        """Review the requirements, evaluate, seal the scores, draw and select.

        With a file of scores, applications without a full panel are taken out and reported.
        """
        while True:
            try:
                self._build(self._simulated() if scores is None else self._from_file(scores))
            except IncompletePanelError as missing:
                self._take_out(set(missing.found))
                if scores is not None and rejects is not None:
                    scores.leave_out(missing, self.rules.round_id, rejects)
            else:
                return

    def _simulated(self) -> Reviewers:
        lift = self.population.quality.gate_lift / WHOLE if self.rules.method == "gate" else 0.0
        qualities = {number: filing.party.quality + lift for number, filing in self.filings.items()}
        return SimulatedReviewers(
            population=self.population,
            seed=self.seed,
            round_id=self.rules.round_id,
            qualities=qualities,
            begins=self.plan.evaluation_from,
            ends=self.plan.sealed_at - timedelta(minutes=10),
            objections_from=self.plan.objections_from,
            objections_to=self.plan.objections_to,
        )

    def _from_file(self, scores: ScoreFile) -> Reviewers:
        applicants = [receipt.filing.party.applicant for receipt in self.receipts]
        return FileReviewers(scores.sheets, self.rules.round_id, applicants, self.plan.evaluation_from)

    def _take_out(self, applicants: set[str]) -> None:
        for place, receipt in enumerate(self.receipts):
            if receipt.filing.party.applicant in applicants:
                mistakes = replace(receipt.filing.mistakes, withdraws=True)
                self.receipts[place] = replace(receipt, filing=replace(receipt.filing, mistakes=mistakes))

    def _build(self, reviewers: Reviewers) -> None:
        round_id = self.rules.round_id
        self.reviewers = reviewers
        self.record = build_round(
            rules=self.rules,
            programme=programme_payload(self.edition.head, self.plan.programme, self.plan.round_),
            applications=self._applications(),
            reviewers=reviewers,
            values=PublicValues(
                simulated_event(self.seed, round_id, "assignment"), simulated_event(self.seed, round_id, "draw")
            ),
            salts=self.salts,
        )

    def settle(self, root: str) -> None:
        """Judge the objections, if any, and carry on the waiting list; ``root`` is that of the published dossier."""
        before = self.final
        offering = Offering(self.population.after, self.seed, self.plan, self.filings, self.rules.round_id)
        objectors = draw_objectors(self.population.after, self.seed, before, self.filings)
        decisions = {number: self._decide_anew(number) for number in objectors.requirements}
        if self.reviewers is None:
            raise RuntimeError(f"{self.rules.round_id} has not been sealed yet")
        self.offering = offering
        if objectors.scores or decisions:
            eligible = {number for number, one in decisions.items() if one.requirement == "eligible"}
            self.addendum = build_addendum(
                before,
                root=root,
                objections=sorted({*objectors.scores, *(eligible if self.rules.stages else ())}),
                decisions=decisions,
                reviewers=self.reviewers,
                salts=self.salts,
                offers=offering,
            )
        else:
            self.record = _with_offers(before, offering)

    def _on_fitting_track(self, filing: Filing) -> Filing:
        if not filing.track or not self.screening.asks_by_track or not self.screening.refused_at_once(filing):
            return filing
        others = [filing.on_track(track) for track in self.rules.tracks if track != filing.track]
        return next((other for other in others if not self.screening.refused_at_once(other)), filing)

    def _applications(self) -> list[Application]:
        found = self.screening.review_all([receipt.filing for receipt in self.receipts])
        self.screening.texts.forget()
        return [
            Application(receipt.salt, receipt.payload, **_decided(one))
            for receipt, one in zip(self.receipts, found, strict=True)
        ]

    def _decide_anew(self, number: int) -> Decision:
        filing = self.receipts[number - 1].filing
        return Decision(**_decided(self.screening.review_anew(filing, self.plan.objections_to.date())))


class _Decided(TypedDict):
    region: str
    facts: CanonicalText
    requirement: State
    reason: str
    clause: str
    groups: tuple[str, ...]
    bonus: tuple[str, ...]


def _decided(found: Screened) -> _Decided:
    return _Decided(
        region=found.region,
        facts=found.facts,
        requirement=found.requirement.state,
        reason=found.requirement.reason,
        clause=found.requirement.clause,
        groups=found.preference.groups,
        bonus=found.preference.bonus,
    )


def _with_offers(record: RoundRecord, offering: Offering) -> RoundRecord:
    waiting = WaitingList(record.rules, record.cases, record.results)
    offering(waiting)
    return replace(record, offers=waiting.events)
