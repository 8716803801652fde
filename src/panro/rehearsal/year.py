"""A whole year in the order of its dates: every programme that takes applications, every round, every act."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from panro.rehearsal.company import CompanyMaker
from panro.rehearsal.desk import MemoryDesk, version_digest
from panro.rehearsal.files import Rejects
from panro.rehearsal.intake import Wishes, in_submission_order
from panro.rehearsal.others import make_others
from panro.rehearsal.round_run import RoundRun
from panro.rehearsal.schedule import Act, RoundPlan, acts_in_order, plan_year
from panro.rehearsal.state import Holding, Refusal, Unfilled, YearState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from panro.rehearsal.application_file import ApplicationFile
    from panro.rehearsal.desk import Desk
    from panro.rehearsal.party import Party
    from panro.rehearsal.population import Population
    from panro.rehearsal.score_file import ScoreFile
    from panro.rules.edition.model import Edition
    from panro.rules.edition.programme import Programme

_UNPLACED = {"not_selected", "ineligible", "lapsed"}


class Recorder(Protocol):
    """Keeps what rounds leave behind: entries in a record, dossiers in a folder."""

    def frozen(self, run: RoundRun, at: datetime) -> None:
        """A pool was frozen."""
        ...

    def sealed(self, run: RoundRun, at: datetime) -> None:
        """An evaluation was sealed."""
        ...

    def published(self, run: RoundRun, at: datetime) -> str:
        """Results were published; gives the root of their dossier."""
        ...

    def settled(self, run: RoundRun, at: datetime) -> None:
        """Objections and offers came to their end."""
        ...


class NoRecord:
    """A recorder that keeps nothing: for what-if runs and when no dossiers are wanted."""

    def frozen(self, run: RoundRun, at: datetime) -> None:
        """Keep nothing."""

    def sealed(self, run: RoundRun, at: datetime) -> None:
        """Keep nothing."""

    def published(self, run: RoundRun, at: datetime) -> str:
        """Keep nothing; an addendum then names a root of zeros."""
        del run, at
        return "0" * 64

    def settled(self, run: RoundRun, at: datetime) -> None:
        """Keep nothing."""


@dataclass(slots=True)
class Tally:
    """What became of one programme's applications over its rounds; counts are applications, ``seconds`` real time."""

    code: str
    quota: int | None
    rounds: int = 0
    applied: int = 0
    double: int = 0
    withdrawn: int = 0
    ineligible: Counter[str] = field(default_factory=Counter)
    lapsed: Counter[str] = field(default_factory=Counter)
    evaluated: int = 0
    selected: int = 0
    waiting: int = 0
    objections: int = 0
    offers: int = 0
    drawn: int = 0
    """Applicants who lost an exact tie that only the draw decided."""
    reasons: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def make_parties(
    population: Population,
    edition: Edition,
    *,
    seed: int,
    companies: int,
    progress: Callable[[int], None] | None = None,
) -> list[Party]:
    """Make everybody who may apply in a year: the companies first, in the order of their numbers."""
    year = edition.head.window.opens.year
    last = max((round_.results_on.year for one in edition.programmes for round_ in one.rounds), default=year)
    maker = CompanyMaker.of(population, seed=seed, year=year, last_year=last)
    parties = []
    for index in range(companies):
        parties.append(maker.make(index))
        if progress is not None and index % 1000 == 0:
            progress(index)
    return [*parties, *make_others(population, seed=seed, year=year, companies=companies)]


@dataclass(slots=True)
class Year:
    """A year being rehearsed. ``timer`` gives seconds for the statement of how long each programme took."""

    edition: Edition
    population: Population
    seed: int
    recorder: Recorder
    timer: Callable[[], float]
    given: ApplicationFile | None = None
    """Applications from a file, in place of wishes; then nobody objects or gives a place back."""
    scores: ScoreFile | None = None
    rejects: Rejects = field(default_factory=Rejects)
    state: YearState = field(default_factory=YearState)
    desk: Desk | None = None
    """Where applications are taken in; in memory if none is given."""
    runs: dict[tuple[int, int], RoundRun] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def run(self, wishes: Wishes | None, progress: Callable[[RoundPlan, Act], None] | None = None) -> None:
        """Carry out all rounds of the edition in the order of their acts."""
        desk = self.desk = self.desk or MemoryDesk(self.state, version_digest(self.edition))
        plans = [plan for plan in plan_year(self.edition) if self._has_applications(plan)]
        for plan in plans:
            code = plan.programme.code
            self.tallies.setdefault(code, Tally(code, plan.programme.quota)).rounds += 1
        for at, act, plan in acts_in_order(plans):
            began = self.timer()
            desk.clock(at)
            if act is Act.FREEZE:
                self._freeze(plan, at, wishes)
            elif act is Act.SEAL:
                self._seal(plan, at)
            elif act is Act.PUBLISH:
                self._publish(plan, at)
            else:
                self._settle(plan, at)
            self.tallies[plan.programme.code].seconds += self.timer() - began
            if progress is not None:
                progress(plan, act)

    def _has_applications(self, plan: RoundPlan) -> bool:
        """Tell whether a round takes place: with a file only where the file has applications."""
        return self.given is None or (plan.programme.code, plan.round_.code) in self.given.filings

    def _freeze(self, plan: RoundPlan, at: datetime, wishes: Wishes | None) -> None:
        run = RoundRun.of(self.edition, plan, self.population, self.seed, self.state, self.desk)
        if self.given is not None:
            filings = self.given.filings.get((plan.programme.code, plan.round_.code), [])
            run.take_in(sorted(filings, key=lambda filing: filing.on))
        elif wishes is not None:
            run.freeze(in_submission_order(wishes.of_round(plan, self.state)))
        self.runs[plan.order] = run
        if lists_on_market(plan.programme):
            for receipt in run.receipts:
                ref, on = receipt.filing.party.ref, receipt.filing.on
                self.state.planned[ref] = min(on, self.state.planned.get(ref, on))
        self.recorder.frozen(run, at)

    def _seal(self, plan: RoundPlan, at: datetime) -> None:
        run = self.runs[plan.order]
        run.seal(self.scores, self.rejects)
        self.recorder.sealed(run, at)

    def _publish(self, plan: RoundPlan, at: datetime) -> None:
        run = self.runs[plan.order]
        self._remember(run)
        run.published_root = self.recorder.published(run, at)

    def _settle(self, plan: RoundPlan, at: datetime) -> None:
        run = self.runs.pop(plan.order)
        if self.given is None and self.scores is None:
            run.settle(run.published_root)
            self._remember_changes(run)
        self._count(run)
        self.recorder.settled(run, at)

    def _remember(self, run: RoundRun) -> None:
        """Note who holds a place from the results on, who went away without, and what stayed empty."""
        on, code = run.plan.round_.results_on, run.plan.programme.code
        for result, filing in zip(run.final.results, run.filings.values(), strict=True):
            if result.outcome == "selected":
                self._hold(run, result.result_no, on)
            if result.outcome in _UNPLACED or result.outcome == "selected":
                selected = result.outcome == "selected"
                self.state.left[code].append(Refusal(filing.party.ref, run.plan.round_.code, on, selected))
        self._note_unfilled(run, on)

    def _remember_changes(self, run: RoundRun) -> None:
        """Note who came in by an objection, and which places changed hands."""
        addendum = run.addendum.addendum if run.addendum is not None else None
        for difference in addendum.differences if addendum is not None else ():
            if difference.after == "selected" and difference.before != "selected":
                self._hold(run, difference.result_no, run.plan.settled_on)
        for change in run.offering.changes if run.offering is not None else ():
            if change.gained:
                self._hold(run, change.result_no, change.on)
            else:
                plan, ref = run.plan, run.receipts[change.result_no - 1].filing.party.ref
                self.state.give_back(ref, plan.programme.code, plan.round_.code, change.on)
                self.held[plan.programme.unit] -= 1
                run.holders[run.track_of(change.result_no)] -= 1
        self._note_unfilled(run, run.plan.settled_on)

    def _hold(self, run: RoundRun, result_no: int, since: date) -> None:
        plan = run.plan
        ref = run.receipts[result_no - 1].filing.party.ref
        self.held[plan.programme.unit] += 1
        run.holders[run.track_of(result_no)] += 1
        holding = Holding(
            self.edition.head.code,
            plan.programme.code,
            plan.round_.code,
            since,
            listed=lists_on_market(plan.programme),
        )
        self.state.hold(ref, holding)

    def _note_unfilled(self, run: RoundRun, on: date) -> None:
        """Note what stays empty, as far as it differs from what was noted before."""
        empty = run.empty_places()
        for track, places in empty.items():
            news = Unfilled(on, track, places - run.empty.get(track, 0))
            self.state.unfilled[run.plan.programme.code].append(news)
        run.empty = empty

    def _count(self, run: RoundRun) -> None:
        tally, record = self.tallies[run.plan.programme.code], run.final
        tally.applied += len(run.receipts)
        tally.double += run.double
        for result in record.results:
            if result.outcome in {"ineligible", "lapsed"}:
                (tally.ineligible if result.outcome == "ineligible" else tally.lapsed)[result.reason] += 1
            elif result.outcome == "withdrawn":
                tally.withdrawn += 1
            else:
                tally.evaluated += 1
                tally.reasons[result.reason] += 1
        tally.drawn += sum(result.reason == "lost_draw" for result in record.results)
        tally.waiting += sum(result.outcome == "waiting" for result in record.results)
        tally.selected += sum(result.outcome == "selected" for result in record.results)
        tally.offers += sum(offer.event == "accepted" for offer in record.offers)
        tally.objections += len(record.addendum.objections) if record.addendum is not None else 0


def lists_on_market(programme: Programme) -> bool:
    """Tell whether a place in a programme means being listed on the market platform."""
    return any(kind.kind == "channels" and "market" in kind.channel_kinds for kind in programme.kinds)
