"""What the requirement review reads of 김민지: the vault, her application, and what the agency knows itself."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake import world
from intake.world import CLOSES, OPENS, Shop, noon
from panro.accounts.models import User
from panro.editions.models import EditionVersion
from panro.intake import actions, seams
from panro.intake.calls import call_of
from panro.intake.facts import facts_for, readable
from panro.intake.models import Application
from panro.rehearsal.schedule import plan_year
from panro.rehearsal.screening import Screening
from panro.rehearsal.state import YearState
from panro.rules.eligibility import keys
from panro.rules.facts import Fact
from panro.rules.findings import Moment


def known(row: Application, on: date = CLOSES, moment: Moment = Moment.CLOSING) -> dict[str, Fact]:
    return facts_for([row.pk], moment=moment, papers_until=on, registers_on=on)[row.pk]


def holding(monkeypatch: pytest.MonkeyPatch, held: seams.Holding) -> None:
    monkeypatch.setattr(seams._Filled, "holdings", staticmethod(lambda parties, _on: dict.fromkeys(parties, held)))


def test_papers_and_products_of_the_application_stand_beside_what_the_vault_knows(
    notice: EditionVersion, minji: Shop
) -> None:
    row = world.handed_in(minji, notice)
    world.know(minji, keys.REGION, "11", OPENS)
    facts = known(row)
    assert facts[keys.REGION] == Fact(keys.REGION, "11", OPENS, "applicant")
    papers = facts[keys.DOCUMENTS]
    assert (papers.as_of, papers.source) == (CLOSES, "applicant")
    codes = [paper["code"] for paper in papers.value]
    order = [document.code for document in call_of(notice, "3-1", "R1").programme.documents]
    assert codes == [code for code in order if code in codes]
    assert {"code": "stock_list", "issued_on": "2021-03-15"} in papers.value
    assert {"code": "pledge", "issued_on": "2021-03-17"} in papers.value
    (product,) = facts[keys.PRODUCTS].value
    assert (product["name"], product["origin"], product["maker"]) == ("들기름", "KR", "small")


def test_what_an_officer_found_out_goes_before_what_the_applicant_handed_in(
    notice: EditionVersion, minji: Shop
) -> None:
    row = world.handed_in(minji, notice)
    found = [{"code": "P1", "name": "들기름", "origin": "CN", "maker": "small"}]
    world.know(minji, keys.PRODUCTS, found, OPENS, source="officer")
    assert known(row)[keys.PRODUCTS] == Fact(keys.PRODUCTS, found, OPENS, "officer")


def test_what_was_learned_later_does_not_count_for_an_earlier_day(notice: EditionVersion, minji: Shop) -> None:
    row = world.handed_in(minji, notice)
    world.know(minji, keys.REGION, "11", OPENS)
    world.know(minji, keys.REGION, "26", CLOSES)
    assert known(row, CLOSES - timedelta(days=1))[keys.REGION].value == "11"
    assert known(row, CLOSES)[keys.REGION].value == "26"


def test_the_agency_that_gave_nothing_knows_that_it_gave_nothing(notice: EditionVersion, minji: Shop) -> None:
    assert known(world.handed_in(minji, notice), moment=Moment.SELECTION)[keys.AWARDS] == Fact(
        keys.AWARDS, [], CLOSES, "awards"
    )


def test_supports_and_listings_come_from_the_agencys_own_books(
    notice: EditionVersion, minji: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = world.handed_in(minji, notice)
    world.know(minji, keys.MARKET_LISTING, "none", OPENS)
    award = {"edition": "2021", "programme": "1-2", "round": "R1"}
    holding(monkeypatch, seams.Holding(awards=(award,), listed_since=date(2021, 3, 20)))
    facts = known(row, moment=Moment.SELECTION)
    assert facts[keys.AWARDS] == Fact(keys.AWARDS, [award], CLOSES, "awards")
    assert facts[keys.LISTED] == Fact(keys.LISTED, True, date(2021, 3, 20), "market")  # noqa: FBT003 - a fact's value


@pytest.mark.parametrize(
    ("said", "on", "listing"),
    [
        ("none", OPENS, "none"),
        ("none", OPENS + timedelta(days=1), "planned"),
        ("listed", OPENS + timedelta(days=1), "listed"),
        (None, OPENS + timedelta(days=1), None),
    ],
    ids=["not on the very day", "from the next day on", "only if nothing better is known", "only if it was asked"],
)
def test_who_has_applied_for_the_platform_plans_to_be_listed(
    notice: EditionVersion, minji: Shop, said: str | None, on: date, listing: str | None
) -> None:
    world.handed_in(minji, notice, programme="2-1")
    row = world.handed_in(minji, notice, programme="4-2", day=CLOSES)
    if said is not None:
        world.know(minji, keys.MARKET_LISTING, said, OPENS - timedelta(days=1))
    assert listing_of(row, on) == said
    end = date(2021, 5, 1)
    actions.freeze_pool(notice, "2-1", "R1", by="system:freezer", now=noon(end), today=end)
    assert listing_of(row, on) == listing


def listing_of(row: Application, on: date) -> object:
    found = known(row, on).get(keys.MARKET_LISTING)
    return None if found is None else found.value


def test_a_nomination_counts_in_its_own_round_from_its_day_on(
    notice: EditionVersion, minji: Shop, officer: User
) -> None:
    day = date(2021, 5, 10)
    row = world.handed_in(minji, notice, programme="2-3", day=date(2021, 5, 4))
    actions.nominate([minji.party], notice, "2-3", "R1", reason="알맞음", by=officer, now=noon(day), today=day)
    assert keys.NOMINATED not in known(row, day - timedelta(days=1))
    assert known(row, day)[keys.NOMINATED] == Fact(keys.NOMINATED, True, day, "officer")  # noqa: FBT003 - a fact's value


@pytest.mark.django_db
def test_the_review_reads_the_same_keys_as_the_rehearsal() -> None:
    edition = world.year()
    version = world.publish(*(programme.code for programme in edition.programmes))
    for plan in plan_year(edition):
        screening = Screening.of(edition, plan, YearState())
        programme = plan.programme
        call = call_of(version, programme.code, plan.round_.code)
        for applicant in programme.applicants:
            for moment in Moment:
                for track in [one.code for one in programme.tracks] or [""]:
                    mine = readable(call, moment, applicant.type, track)
                    assert mine == screening._wanted(moment, applicant.type, track or None), programme.code


def test_many_are_read_in_as_many_statements_as_one(notice: EditionVersion) -> None:
    rows = [world.handed_in(world.shop(name), notice) for name in ("미래상회", "바다식품", "숲공방", "들녘농원")]

    def statements(chosen: list[Application]) -> int:
        with CaptureQueriesContext(connection) as seen:
            facts_for([row.pk for row in chosen], moment=Moment.CLOSING, papers_until=CLOSES, registers_on=CLOSES)
        return len(seen)

    assert (statements(rows[:1]), statements(rows[1:])) == (5, 5)
