"""The waiting list (예비): places given back and offered on, in the one order the rules allow (selection-spec, 8)."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Self

from panro.rules.selection.errors import SelectionError
from panro.rules.selection.model import Offer
from panro.rules.selection.places import Counters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from panro.rules.selection.model import Case, OfferAct, Result
    from panro.rules.selection.places import Counter
    from panro.rules.selection.round_rules import RoundRules

type _Kind = tuple[str, str, tuple[str, ...]]


class OfferError(SelectionError):
    """The waiting list does not allow this; the message says what it allows."""


class WaitingList:
    """The places of a round after publication.

    A place given back joins the queue of free places; the first free place is offered to whom the rules name. The
    list decides to whom: the officer only says what happened, and when.
    """

    def __init__(self, rules: RoundRules, cases: Iterable[Case], results: Iterable[Result]) -> None:
        """Start from the published results; ``cases`` may be in any order."""
        self._case: Mapping[int, Case] = {case.result_no: case for case in cases}
        self._counters = Counters(rules)
        self._groups = {step.name: step.group for step in rules.steps}
        self._held: dict[int, str | None] = {}
        self._open: dict[int, str | None] = {}
        self._free: deque[str | None] = deque()
        self._events: list[Offer] = []
        self._waiting: dict[_Kind, deque[tuple[int, int]]] = defaultdict(deque)
        waiting = []
        for result in results:
            if result.outcome == "selected":
                self._held[result.result_no] = self._groups[result.step]
                self._count(result.result_no, 1)
            elif result.position is not None:
                waiting.append((result.position, result.result_no))
        for position, number in sorted(waiting):
            case = self._case[number]
            self._waiting[case.track, case.region, case.groups].append((position, number))

    @classmethod
    def replay(
        cls, rules: RoundRules, cases: Iterable[Case], results: Iterable[Result], offers: Iterable[Offer]
    ) -> Self:
        """Repeat a list of events from the published results.

        Raises:
            OfferError: at the first event the rules do not allow, or if an offer stays open.
        """
        again = cls(rules, cases, results)
        for seq, offer in enumerate(offers, 1):
            if offer.seq != seq:
                raise OfferError(f"event {offer.seq} stands where event {seq} belongs")
            again._repeat(offer)
        if again._open:
            raise OfferError(f"the offer to result {min(again._open)} is still open")
        return again

    @property
    def events(self) -> tuple[Offer, ...]:
        """All that happened so far: the rows of ``offers.csv``."""
        return tuple(self._events)

    @property
    def free_places(self) -> Sequence[str | None]:
        """The groups of the free places (None: open to all), the next to be offered first."""
        return tuple(self._free)

    @property
    def open_offers(self) -> frozenset[int]:
        """The result numbers that have an offer and did not answer yet."""
        return frozenset(self._open)

    @property
    def holders(self) -> frozenset[int]:
        """The result numbers that hold a place: selected or accepted, and not given back."""
        return frozenset(self._held)

    def next_offer(self) -> int | None:
        """Give the result number to whom the first free place goes, or None if there is no place or nobody fits."""
        if not self._free:
            return None
        group = self._free[0]
        found = self._first_fitting(group)
        return self._first_fitting(None) if found is None and group is not None else found

    def give_back(self, result_no: int, on: date) -> None:
        """A holder declines its place, which joins the end of the queue."""
        if result_no not in self._held:
            raise OfferError(f"result {result_no} holds no place that it could give back")
        self._note("declined", result_no, on)
        self._free.append(self._held.pop(result_no))
        self._count(result_no, -1)

    def offer(self, on: date) -> int | None:
        """Offer the first free place to whom the rules name; gives the result number, or None if nobody fits."""
        number = self.next_offer()
        if number is None:
            return None
        self._note("offered", number, on)
        self._open[number] = self._free.popleft()
        self._count(number, 1)
        self._forget(number)
        return number

    def accept(self, result_no: int, on: date) -> None:
        """Who has an open offer takes the place."""
        self._need_offer(result_no)
        self._note("accepted", result_no, on)
        self._held[result_no] = self._open.pop(result_no)

    def refuse(self, result_no: int, on: date) -> None:
        """Who has an open offer turns it down; the place goes to the front of the queue."""
        self._return("refused", result_no, on)

    def expire(self, result_no: int, on: date) -> None:
        """An open offer's term has passed without an answer; the place goes to the front of the queue."""
        self._return("expired", result_no, on)

    def _return(self, act: OfferAct, number: int, on: date) -> None:
        self._need_offer(number)
        self._note(act, number, on)
        self._free.appendleft(self._open.pop(number))
        self._count(number, -1)

    def _need_offer(self, number: int) -> None:
        if number not in self._open:
            raise OfferError(f"result {number} has no open offer")

    def _note(self, act: OfferAct, number: int, on: date) -> None:
        if self._events and on < self._events[-1].on:
            raise OfferError(f"{on} is before {self._events[-1].on}, the day of the event before; days never fall")
        self._events.append(Offer(len(self._events) + 1, on, number, act))

    def _caps(self, number: int) -> tuple[Counter, ...]:
        case = self._case[number]
        return self._counters.of(case.track, case.region)

    def _count(self, number: int, change: int) -> None:
        for cap in self._caps(number):
            cap.used += change

    def _first_fitting(self, group: str | None) -> int | None:
        best: tuple[int, int] | None = None
        for (track, region, groups), queue in self._waiting.items():
            first = queue[0] if queue else None
            if first is None or (group is not None and group not in groups) or (best is not None and first > best):
                continue
            if not any(cap.full for cap in self._counters.of(track, region)):
                best = first
        return None if best is None else best[1]

    def _forget(self, number: int) -> None:
        """Take an offered one off the list: it is always the first of its kind."""
        case = self._case[number]
        self._waiting[case.track, case.region, case.groups].popleft()

    def _repeat(self, offer: Offer) -> None:
        number, on = offer.result_no, offer.on
        if offer.event == "offered":
            due = self.next_offer()
            if due != number:
                whom = "nobody, because no place is free or nobody fits" if due is None else f"result {due}"
                raise OfferError(f"event {offer.seq} offers a place to result {number}; the rules name {whom}")
            self.offer(on)
        elif offer.event == "declined":
            self.give_back(number, on)
        elif offer.event == "accepted":
            self.accept(number, on)
        elif offer.event == "refused":
            self.refuse(number, on)
        else:
            self.expire(number, on)
