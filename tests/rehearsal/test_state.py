from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from panro.rehearsal.company import CompanyMaker
from panro.rehearsal.round_run import RoundRun
from panro.rehearsal.schedule import plan_year
from panro.rehearsal.state import Holding, Unfilled, YearState
from panro.rules.eligibility import keys

if TYPE_CHECKING:
    from panro.rehearsal.population import Population
    from panro.rules.edition.model import Edition
    from panro.rules.facts import Fact

GIVEN = date(2021, 5, 17)
BACK = date(2021, 6, 3)


def facts_on(state: YearState, population: Population, day: date) -> dict[str, Fact]:
    party = next(
        party
        for party in map(CompanyMaker.of(population, seed=3, year=2021).make, range(100))
        if party.fixed[keys.MARKET_LISTING].value == "none" and not party.earlier
    )
    facts = party.facts_on(day, day)
    for holding in state.holdings.pop("somebody", []):
        state.hold(party.ref, holding)
    if "somebody" in state.planned:
        state.planned[party.ref] = state.planned.pop("somebody")
    state.add_to(facts, party, day)
    return facts


def awards(facts: dict[str, Fact]) -> object:
    return facts[keys.AWARDS].value


def test_an_award_is_a_fact_from_its_day_until_it_is_given_back(population: Population) -> None:
    state = YearState()
    held = Holding("2021", "3-1", "R1", GIVEN, until=BACK)
    state.hold("somebody", held)
    row = {"edition": "2021", "programme": "3-1", "round": "R1"}
    assert awards(facts_on(state, population, date(2021, 5, 16))) == []
    assert awards(facts_on(state, population, GIVEN)) == [row]
    assert awards(facts_on(state, population, date(2021, 6, 2))) == [row]
    assert awards(facts_on(state, population, BACK)) == []


def test_giving_back_ends_one_holding_only() -> None:
    state = YearState()
    state.hold("a", Holding("2021", "3-1", "R1", GIVEN))
    state.hold("a", Holding("2021", "1-2", "R1", GIVEN))
    state.give_back("a", "3-1", "R1", BACK)
    assert [(one.programme, one.until) for one in state.holdings["a"]] == [("3-1", BACK), ("1-2", None)]


def test_a_listing_makes_listed_and_an_application_for_one_makes_planned(population: Population) -> None:
    state = YearState()
    state.planned["somebody"] = date(2021, 4, 1)
    assert facts_on(state, population, date(2021, 4, 1))[keys.MARKET_LISTING].value == "none"
    assert facts_on(state, population, date(2021, 4, 2))[keys.MARKET_LISTING].value == "planned"
    state.hold("somebody", Holding("2021", "2-1", "R1", GIVEN, listed=True))
    known = facts_on(state, population, GIVEN)
    assert known[keys.MARKET_LISTING].value == "listed"
    assert known[keys.LISTED].value is True
    assert known[keys.LISTED].as_of == GIVEN


def test_empty_places_are_taken_once_and_only_when_known_before() -> None:
    state = YearState()
    state.unfilled["3-1"] += [
        Unfilled(date(2021, 5, 17), "entry", 30),
        Unfilled(date(2021, 6, 10), "entry", 5),
        Unfilled(date(2021, 7, 12), "entry", 9),
    ]
    assert state.take_unfilled("3-1", {"entry"}, date(2021, 6, 10)) == {"entry": 30}
    assert state.take_unfilled("3-1", {"entry"}, date(2021, 7, 13)) == {"entry": 14}
    assert state.take_unfilled("3-1", {"entry"}, date(2021, 12, 31)) == {}
    state.unfilled["3-1"].append(Unfilled(date(2021, 8, 1), "entry", -3))
    assert state.take_unfilled("3-1", {"entry"}, date(2021, 12, 31)) == {"entry": 0}


def test_empty_places_of_a_track_wait_for_a_round_that_has_the_track() -> None:
    state = YearState()
    day = date(2021, 8, 2)
    state.unfilled["4-3"] += [Unfilled(day, "audition", 12), Unfilled(day, "creator_course", 7)]
    assert state.take_unfilled("4-3", {"creator_course", "merchant_course"}, date(2021, 12, 31)) == {
        "creator_course": 7
    }
    assert state.take_unfilled("4-3", {"audition"}, date(2021, 12, 31)) == {"audition": 12}


def test_a_round_counts_its_empty_places_by_track(edition: Edition, population: Population) -> None:
    plans = {(plan.programme.code, plan.round_.code): plan for plan in plan_year(edition)}
    course = RoundRun.of(edition, plans["4-3", "R1"], population, 1, YearState())
    assert course.empty_places() == dict(course.rules.tracks)
    assert sum(course.empty_places().values()) == course.rules.seats
    course.holders.update({"creator_course": 5, "merchant_course": course.rules.tracks["merchant_course"]})
    assert course.empty_places() == {
        "creator_course": (course.rules.tracks["creator_course"] or 0) - 5,
        "merchant_course": 0,
    }
    whole = RoundRun.of(edition, plans["3-3", "R1"], population, 1, YearState())
    whole.holders.update({"all": 4})
    assert whole.empty_places() == {"all": (whole.rules.seats or 0) - 4}
