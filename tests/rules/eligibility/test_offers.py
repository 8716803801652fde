from __future__ import annotations

from datetime import date

import pytest

from panro.rules.edition.load import load_edition
from panro.rules.eligibility.ask import needed_facts, what_may_i_get
from panro.rules.eligibility.offers import round_on
from panro.rules.findings import Answer
from rules.eligibility.world import edition, facts, programme, round_data, text, use

DAY = date(2021, 3, 20)
LATER = [round_data(opens=date(2021, 6, 1), closes=date(2021, 6, 30))]
OVER = [round_data(opens=date(2021, 1, 1), closes=date(2021, 1, 31), supplement_until=date(2021, 2, 1))]
CREDIT = [use("credit_clear")]
NOMINATED = [use("nominated")]

YEAR = edition(
    programme(code="refused", eligibility=NOMINATED),
    programme(code="maybe", eligibility=CREDIT),
    programme(code="later", rounds=LATER),
    programme(code="later-refused", rounds=LATER, eligibility=NOMINATED),
    programme(code="over", rounds=OVER),
    programme(code="no-round", rounds=[]),
    programme(code="open", documents=[{"code": "plan", "name": text("plan")}]),
    shared=[use("applicant_type"), use("documents_complete")],
)


def test_programmes_are_ordered_by_what_they_say() -> None:
    offers = what_may_i_get(YEAR, facts(nominated=False), on=DAY, applicant_type="merchant")
    assert [(offer.programme, offer.verdict, offer.answer.value, offer.round_, offer.opens) for offer in offers] == [
        ("open", "may", "yes", "R1", None),
        ("maybe", "maybe", "unknown", "R1", None),
        ("later", "not_open", "yes", "R1", date(2021, 6, 1)),
        ("over", "not_open", "yes", "R1", None),
        ("no-round", "not_open", "yes", None, None),
        ("refused", "may_not", "no", "R1", None),
        ("later-refused", "may_not", "no", "R1", date(2021, 6, 1)),
    ]


def test_what_to_bring_and_which_papers_follow() -> None:
    offers = {offer.programme: offer for offer in what_may_i_get(YEAR, {}, on=DAY, applicant_type="merchant")}
    assert [bring.en for bring in offers["maybe"].bring] == ["Hand in the consent to a credit check by 16 April 2021."]
    assert [paper.en for paper in offers["open"].papers] == ["name of plan"]
    assert offers["open"].bring == ()


@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        (date(2021, 3, 16), "not_open"),
        (date(2021, 3, 17), "may"),
        (date(2021, 4, 16), "may"),
        (date(2021, 4, 17), "not_open"),
    ],
)
def test_an_intake_has_both_its_days(on: date, verdict: str) -> None:
    (offer,) = what_may_i_get(edition(), {}, on=on, applicant_type="merchant")
    assert offer.verdict == verdict


def test_the_next_round_is_the_one_that_is_not_over() -> None:
    second = round_data("R2", date(2021, 5, 1), date(2021, 5, 31))
    chosen = programme(rounds=[second, round_data()])
    days = [date(2021, 4, 16), date(2021, 4, 17), date(2021, 5, 31), date(2021, 6, 1)]
    codes = [found.code for on in days if (found := round_on(chosen, on)) is not None]
    assert codes == ["R1", "R2", "R2", "R2"]
    assert round_on(programme(rounds=[]), DAY) is None


def test_the_best_track_speaks_for_the_programme() -> None:
    chosen = programme(
        tracks=[{"code": "direct", "name": text("direct")}, {"code": "agency", "name": text("agency")}],
        eligibility=[use("overseas_account", tracks=["direct"])],
    )
    for account, track in (("none", "agency"), ("own", "direct")):
        (offer,) = what_may_i_get(edition(chosen), facts(overseas_account=account), on=DAY, applicant_type="merchant")
        assert (offer.verdict, offer.track) == ("may", track)


def test_who_is_not_admitted_is_told_by_the_programme() -> None:
    offers = what_may_i_get(YEAR, {}, on=DAY, applicant_type="creator")
    assert {offer.verdict for offer in offers} == {"may_not"}
    assert {offer.findings[0].reason for offer in offers} == {"applicant_type_not_admitted"}


def test_facts_that_decide_most_are_asked_first() -> None:
    year = edition(
        programme(code="a", eligibility=NOMINATED),
        programme(code="b", eligibility=CREDIT),
        programme(code="c", eligibility=CREDIT),
    )
    assert needed_facts(year, {}, on=DAY, applicant_type="merchant") == ("credit_default", "dishonoured", "nominated")
    assert needed_facts(year, facts(credit_default=True), on=DAY, applicant_type="merchant") == ("nominated",)


def test_the_year_2021_answers_about_every_programme() -> None:
    year = load_edition("2021")
    offers = what_may_i_get(year, {}, on=DAY, applicant_type="merchant")
    assert sorted(offer.programme for offer in offers) == sorted(one.code for one in year.programmes)
    refused = {offer.programme for offer in offers if offer.answer is Answer.NO}
    assert refused == {"2-2", "2-4", "3-5"}
