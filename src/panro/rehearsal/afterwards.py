"""What follows the results: places given back and offered on, and objections."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from panro.rehearsal.stream import chance, happens, stream
from panro.rules.eligibility import keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from panro.dossier.model import RoundRecord
    from panro.rehearsal.filing import Filing
    from panro.rehearsal.population import After
    from panro.rehearsal.schedule import RoundPlan
    from panro.rules.selection.model import Result
    from panro.rules.selection.waiting import WaitingList

_DECLINE_DAYS: Final = 3
_ANSWER_DAYS: Final = 2
_BASIS: Final = 10_000


class Change(NamedTuple):
    """A place that changed hands: given back (``gained`` false) or accepted."""

    on: date
    result_no: int
    gained: bool


@dataclass(slots=True)
class Offering:
    """Carries a round's waiting list through the days after the objections; remembers what changed."""

    data: After
    seed: int
    plan: RoundPlan
    filings: Mapping[int, Filing]
    round_id: str
    changes: list[Change] = field(default_factory=list)
    free_places: int = 0

    def __call__(self, waiting: WaitingList) -> None:
        """Let places be given back, and offer them on until the waiting list is closed."""
        due = self._declines(waiting)
        heapq.heapify(due)
        while due:
            on, number, answers = heapq.heappop(due)
            if answers:
                self._answer(waiting, number, on)
            else:
                waiting.give_back(number, on)
                self.changes.append(Change(on, number, gained=False))
            last = self.plan.settled_on - timedelta(days=_ANSWER_DAYS)
            while on <= last and (offered := waiting.offer(on)) is not None:
                answered = on + timedelta(days=1 + offered % _ANSWER_DAYS)
                heapq.heappush(due, (answered, offered, True))
        self.free_places = len(waiting.free_places)

    def _declines(self, waiting: WaitingList) -> list[tuple[date, int, bool]]:
        due = []
        for number in sorted(waiting.holders):
            ref = self.filings[number].party.ref
            if chance(self.seed, self.data.declines.rate, "declines", self.round_id, ref) or self._closed(number):
                day = stream(self.seed, "declines", self.round_id, ref).randrange(_DECLINE_DAYS)
                due.append((self.plan.offers_from + timedelta(days=day), number, False))
        return due

    def _closed(self, number: int) -> bool:
        """Tell whether the firm has closed when places are given back: it cannot sign the agreement."""
        histories = self.filings[number].party.histories
        known = (history.on(self.plan.offers_from) for history in histories if history.key == keys.OPERATING)
        return any(fact and isinstance(fact.value, dict) and fact.value["status"] == "closed" for fact in known)

    def _answer(self, waiting: WaitingList, number: int, on: date) -> None:
        source = stream(self.seed, "offer", self.round_id, self.filings[number].party.ref)
        if happens(source, self.data.refuses_offer.rate):
            waiting.refuse(number, on)
        elif happens(source, self.data.lets_offer_expire.rate):
            waiting.expire(number, on)
        else:
            waiting.accept(number, on)
            self.changes.append(Change(on, number, gained=True))


class Objectors(NamedTuple):
    """Who objects, ascending: to the points given, and to the requirement review."""

    scores: tuple[int, ...]
    requirements: tuple[int, ...]


def draw_objectors(data: After, seed: int, record: RoundRecord, filings: Mapping[int, Filing]) -> Objectors:
    """Draw who objects: some near the line, and some who were refused or lapsed."""
    scores, requirements = [], []
    nearest = _last_totals(record.results)
    span = Decimal(data.near_points) * _greatest_total(record) / _BASIS
    for result in record.results:
        if result.outcome in {"selected", "withdrawn"}:
            continue
        name = ("objects", record.rules.round_id, filings[result.result_no].party.ref)
        if result.outcome in {"ineligible", "lapsed"}:
            if chance(seed, data.objects_when_refused.rate, *name):
                requirements.append(result.result_no)
        elif _near(result, nearest, span) and chance(seed, data.objects_near_the_line.rate, *name):
            scores.append(result.result_no)
    return Objectors(tuple(scores) if record.rules.stages else (), tuple(requirements))


def _last_totals(results: Sequence[Result]) -> Decimal | None:
    chosen = (result.total for result in results if result.outcome == "selected")
    return min((total for total in chosen if total is not None), default=None)


def _greatest_total(record: RoundRecord) -> Decimal:
    stages = record.rules.stages
    weighed = (criterion.max * stage.weight for stage in stages for criterion in stage.criteria)
    return sum(weighed, Decimal(0)) / _BASIS


def _near(result: Result, nearest: Decimal | None, span: Decimal) -> bool:
    if result.total is not None:
        return nearest is not None and nearest - result.total <= span
    _, _, short = result.detail.partition(":")
    return bool(short) and Decimal(short) <= span
