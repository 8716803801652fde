import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from panro.rules.selection.model import Case, Offer, Result
from panro.rules.selection.outcome import select_round
from panro.rules.selection.round_rules import Cap, RoundRules, Step
from panro.rules.selection.waiting import OfferError, WaitingList
from rules.selection.makers import SEED, make_case, make_rules

DAY = date(2021, 6, 1)


def caps_of(rules: RoundRules, case: Case) -> dict[str, int]:
    found = {}
    for cap in rules.caps:
        if cap.tracks is None or case.track in cap.tracks:
            found[f"{cap.name}:{case.region}" if cap.by else cap.name] = cap.limit
    seats = rules.tracks[case.track]
    found |= {} if seats is None else {f"track:{case.track}": seats}
    return found | ({} if rules.seats is None else {"seats": rules.seats})


class Offers(RuleBasedStateMachine):
    """Plays a waiting list at random beside a plain list of who holds what."""

    @initialize(number=st.integers(0, 2**32))
    def publish(self, number: int) -> None:
        rng = random.Random(number)
        self.rules = make_rules(
            seats=rng.choice((None, 8)),
            tracks={"A": rng.choice((None, 5)), "B": 3},
            caps=[Cap("regional", "region", rng.choice((None, ("A",))), 3), Cap("pair", None, ("A",), 6)],
            steps=[Step("set_aside", "women", 2), Step("open", None, rng.choice((None, 4)))],
            waiting=rng.choice((None, 4)),
        )
        self.cases = {
            n: make_case(n, track=rng.choice("AB"), region=rng.choice("123"), groups=rng.choice(((), ("women",))))
            for n in range(1, 25)
        }
        self.results = select_round(self.rules, list(self.cases.values()), [], SEED).results
        self.list = WaitingList(self.rules, self.cases.values(), self.results)
        self.holding = {
            one.result_no: one.step == "set_aside:women" for one in self.results if one.outcome == "selected"
        }
        self.line = [one.result_no for one in sorted(self.results, key=lambda one: one.position or 0) if one.position]
        self.offered: dict[int, bool] = {}
        self.free: list[bool] = []
        self.ever_offered: list[int] = []
        self.today = DAY

    def fits(self, number: int) -> bool:
        used = Counter(key for held in (*self.holding, *self.offered) for key in caps_of(self.rules, self.cases[held]))
        return all(used[key] < limit for key, limit in caps_of(self.rules, self.cases[number]).items())

    def due(self) -> int | None:
        if not self.free:
            return None
        able = [number for number in self.line if number not in self.ever_offered and self.fits(number)]
        women = [number for number in able if "women" in self.cases[number].groups]
        return (women + able if self.free[0] else able)[:1][0] if able else None

    @rule(data=st.data())
    @precondition(lambda self: self.holding)
    def give_back(self, data: Any) -> None:  # noqa: ANN401 # the library's own type is private
        number = data.draw(st.sampled_from(sorted(self.holding)))
        self.today += timedelta(days=number % 2)
        self.list.give_back(number, self.today)
        self.free.append(self.holding.pop(number))

    @rule()
    def offer(self) -> None:
        due = self.due()
        assert self.list.next_offer() == due
        assert self.list.offer(self.today) == due
        if due is not None:
            self.offered[due] = self.free.pop(0)
            self.ever_offered.append(due)

    @rule(data=st.data(), answer=st.sampled_from(["accept", "refuse", "expire"]))
    @precondition(lambda self: self.offered)
    def answer(self, data: Any, answer: str) -> None:  # noqa: ANN401 # the library's own type is private
        number = data.draw(st.sampled_from(sorted(self.offered)))
        getattr(self.list, answer)(number, self.today)
        group = self.offered.pop(number)
        if answer == "accept":
            self.holding[number] = group
        else:
            self.free.insert(0, group)

    @invariant()
    def the_list_says_what_happened(self) -> None:
        if hasattr(self, "list"):
            assert self.list.holders == self.holding.keys()
            assert self.list.open_offers == self.offered.keys()
            assert [group == "women" for group in self.list.free_places] == self.free

    @invariant()
    def no_cap_has_more_holders_than_places_and_nobody_is_offered_twice(self) -> None:
        if not hasattr(self, "list"):
            return
        assert len(set(self.ever_offered)) == len(self.ever_offered)
        used: Counter[str] = Counter()
        limits: dict[str, int] = {}
        for number in (*self.holding, *self.offered):
            limits |= caps_of(self.rules, self.cases[number])
            used.update(caps_of(self.rules, self.cases[number]).keys())
        assert all(used[key] <= limit for key, limit in limits.items())

    def teardown(self) -> None:
        if not hasattr(self, "list"):
            return
        for number in sorted(self.offered):
            self.list.expire(number, self.today)
        again = WaitingList.replay(self.rules, self.cases.values(), self.results, self.list.events)
        assert again.events == self.list.events
        assert (again.holders, again.free_places) == (self.list.holders, self.list.free_places)


Offers.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestOffers = Offers.TestCase


def small() -> tuple[RoundRules, list[Case], tuple[Result, ...]]:
    rules = make_rules(seats=2)
    cases = [make_case(number) for number in range(1, 6)]
    return rules, cases, select_round(rules, cases, [], SEED).results


def test_a_refused_place_goes_on_before_one_given_back_later() -> None:
    rules, cases, results = small()
    line = [one.result_no for one in sorted(results, key=lambda one: one.rank or 0)]
    waiting = WaitingList(rules, cases, results)
    waiting.give_back(line[0], DAY)
    assert waiting.offer(DAY) == line[2]
    waiting.refuse(line[2], DAY)
    assert waiting.offer(DAY) == line[3]
    waiting.accept(line[3], DAY)
    waiting.give_back(line[3], DAY)
    assert waiting.offer(DAY) == line[4]
    waiting.expire(line[4], DAY)
    assert waiting.next_offer() is None
    assert waiting.free_places == (None,)
    assert [(one.seq, one.event) for one in waiting.events] == [
        (1, "declined"), (2, "offered"), (3, "refused"), (4, "offered"), (5, "accepted"), (6, "declined"),
        (7, "offered"), (8, "expired"),
    ]  # fmt: skip


def test_what_the_rules_do_not_allow_is_refused() -> None:
    rules, cases, results = small()
    line = [one.result_no for one in sorted(results, key=lambda one: one.rank or 0)]
    waiting = WaitingList(rules, cases, results)
    for act in (waiting.give_back, waiting.accept, waiting.refuse, waiting.expire):
        with pytest.raises(OfferError, match=f"result {line[3]} "):
            act(line[3], DAY)
    waiting.give_back(line[1], DAY)
    with pytest.raises(OfferError, match="days never fall"):
        waiting.give_back(line[0], DAY - timedelta(days=1))
    assert waiting.offer(DAY) == line[2]
    with pytest.raises(OfferError, match="still open"):
        WaitingList.replay(rules, cases, results, waiting.events)


@pytest.mark.parametrize(
    ("event", "place", "words"),
    [("offered", 3, "the rules name result"), ("accepted", 2, "no open offer"), ("declined", 4, "holds no place")],
)
def test_a_replay_stops_at_the_first_event_out_of_order(event: Any, place: int, words: str) -> None:  # noqa: ANN401 # a literal
    rules, cases, results = small()
    line = [one.result_no for one in sorted(results, key=lambda one: one.rank or 0)]
    events = [Offer(1, DAY, line[0], "declined"), Offer(2, DAY, line[place], event)]
    with pytest.raises(OfferError, match=words):
        WaitingList.replay(rules, cases, results, events)
    with pytest.raises(OfferError, match="event 3 stands where event 2 belongs"):
        WaitingList.replay(rules, cases, results, [events[0], Offer(3, DAY, line[2], "offered")])
    with pytest.raises(OfferError, match="the rules name nobody"):
        WaitingList.replay(rules, cases, results, [Offer(1, DAY, line[2], "offered")])
