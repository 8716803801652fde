from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from panro.editions.industries import part_asked, search
from panro.korea.industries import IndustryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

MAY = date(2021, 5, 27)
WHO = {"applicant_type": "merchant", "region": "11"}
BUSINESS = {"industry": "10797", "employees": "3", "sales": "12000", "operating": "open"}
STANDING = {
    "certificate": "yes",
    "certificate_from": "2021-04-01",
    "certificate_to": "2022-03-31",
    "taxes": "none",
    "credit": "no",
    "unfair": "no",
    "sanction": "no",
}
GOODS = {"product_1": "사과즙", "origin_1": "home", "maker_1": "small", "market": "listed", "reasons": ["wants_online"]}
ALL = WHO | BUSINESS | STANDING | GOODS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture(autouse=True)
def _in_may(on_day: Callable[[date], None]) -> None:
    on_day(MAY)


def _verdicts(client: Client, **answers: object) -> dict[str, str]:
    response = client.post("/find/", {"step": "goods", "go": "next", **ALL, **answers})
    assert response.templates[0].name == "editions/found.html"
    return {one.programme.code: shown.code for shown in response.context["verdicts"] for one in shown.offers}


def test_a_merchant_with_everything_may_apply(client: Client) -> None:
    found = _verdicts(client)
    assert found["3-1"] == "may"
    assert found["2-2"] == "may_not"
    assert len(found) == 16


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({"taxes": "arrears"}, "may_not"),
        ({"taxes": "deferred"}, "may"),
        ({"taxes": ""}, "maybe"),
        ({"credit": "yes"}, "may_not"),
        ({"sanction": "yes"}, "may_not"),
        ({"unfair": "yes", "unfair_on": "2020-06-04"}, "may_not"),
        ({"unfair": "yes", "unfair_on": "2020-06-03"}, "may"),
        ({"unfair": "yes"}, "maybe"),
        ({"certificate": "no"}, "maybe"),
        ({"certificate_to": "2021-05-26"}, "maybe"),
        ({"certificate_to": "2021-05-27"}, "may"),
        ({"origin_1": "abroad"}, "may_not"),
        ({"maker_1": "large"}, "may_not"),
        ({"origin_1": ""}, "maybe"),
        ({"operating": "closed"}, "may_not"),
        ({"employees": "9"}, "may"),
        ({"industry": "56211"}, "may_not"),
        ({"supported": ["3-1"]}, "may_not"),
    ],
)
def test_each_answer_decides_as_its_rule_says(client: Client, answers: dict[str, object], verdict: str) -> None:
    assert _verdicts(client, **answers)["3-1"] == verdict


def test_the_answer_that_decided_is_shown_with_clause_and_remedy(client: Client) -> None:
    text = client.post("/find/", {"step": "goods", **ALL, "taxes": "arrears"}, headers={"accept-language": "ko"})
    page = text.content.decode()
    assert "국세나 지방세 체납이 있나요? → 예" in page
    assert "안내 2. 지원 제외대상(세금 체납)" in page


def test_answers_travel_with_the_form_and_back_keeps_what_was_typed(client: Client) -> None:
    at_standing = client.post("/find/", {"step": "business", "go": "next", **WHO, **BUSINESS})
    assert at_standing.context["step"].code == "standing"
    assert sorted(at_standing.context["carried"]) == sorted((WHO | BUSINESS).items())
    back = client.post("/find/", {"step": "standing", "go": "back", **WHO, **BUSINESS, "taxes": "none"})
    assert back.context["step"].code == "business"
    assert back.context["form"].initial["industry"] == "10797"
    assert ("taxes", "none") in back.context["carried"]


def test_nothing_typed_is_lost_on_an_error(client: Client) -> None:
    sent = {"step": "business", **WHO, **BUSINESS, "employees": "many", "sales": "12000"}
    response = client.post("/find/", sent)
    assert response.context["step"].code == "business"
    assert list(response.context["form"].errors) == ["employees"]
    page = response.content.decode()
    assert 'value="many"' in page
    assert 'value="12000"' in page
    assert 'value="10797"' in page


def test_an_industry_with_several_meanings_raises_one_more_question(client: Client) -> None:
    response = client.post("/find/", {"step": "business", **WHO, "industry": "도매"})
    assert response.context["step"].code == "business"
    assert response.context["asks_more"] is True
    assert "industry_choice" in response.context["form"].fields
    unknown = client.post("/find/", {"step": "business", **WHO, "industry": "도매", "industry_choice": ""})
    assert unknown.context["step"].code == "standing"


def test_an_industry_of_which_a_part_is_excluded_asks_and_the_answer_counts(client: Client) -> None:
    asked = client.post("/find/", {"step": "business", **WHO, "industry": "47859"})
    assert asked.context["asks_more"] is True
    assert _verdicts(client, industry="47859", industry_part="yes")["3-1"] == "may_not"
    assert _verdicts(client, industry="47859", industry_part="no")["3-1"] == "may"
    assert _verdicts(client, industry="47859", industry_part="")["3-1"] == "maybe"


def test_a_shopkeeper_who_knows_no_code_says_that_none_of_the_excluded_trades_is_hers(client: Client) -> None:
    asked = client.post("/find/", {"step": "business", **WHO, "industry": "47 소매업"})
    assert asked.context["asks_more"] is True
    assert "약국" in asked.content.decode()
    assert _verdicts(client, industry="47", industry_part="no")["3-1"] == "may"
    assert _verdicts(client, industry="47", industry_part="yes")["3-1"] == "maybe"
    assert _verdicts(client, industry="47", industry_part="")["3-1"] == "maybe"


def test_other_applicants_get_other_questions(client: Client) -> None:
    trainee = client.post("/find/", {"step": "who", "applicant_type": "trainee"})
    assert [step.code for step in trainee.context["steps"]] == ["who", "standing", "goods"]
    town = client.post("/find/", {"step": "who", "applicant_type": "local_government"})
    assert [step.code for step in town.context["steps"]] == ["who", "business", "standing"]


def test_only_the_type_must_be_answered(client: Client) -> None:
    assert list(client.post("/find/", {"step": "who"}).context["form"].errors) == ["applicant_type"]
    answers = {"step": "goods", "applicant_type": "merchant"}
    response = client.post("/find/", answers)
    assert {shown.code for shown in response.context["verdicts"]} == {"maybe", "may_not"}


def test_nothing_is_stored(client: Client, django_assert_max_num_queries: Callable[..., object]) -> None:
    client.get("/find/")
    with django_assert_max_num_queries(2) as queries:  # type: ignore[attr-defined]
        client.post("/find/", {"step": "goods", **ALL})
    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)
    assert "sessionid" not in client.cookies


def test_after_the_year_the_last_day_counts(client: Client, on_day: Callable[[date], None]) -> None:
    on_day(date(2023, 1, 1))
    response = client.post("/find/", {"step": "goods", **ALL})
    assert response.context["is_over"] is True
    assert response.context["day"] == date(2021, 12, 31)


def test_industries_are_found_by_code_and_by_name() -> None:
    assert [one.code for one in search("10797", MAY)] == ["10797"]
    assert [one.code for one in search("C10797 기타", MAY)] == ["10797"]
    assert [one.code for one in search("food service", MAY)] == [one.code for one in search("음식점", MAY)][:1]
    assert search("없는업종이름", MAY) == []
    with pytest.raises(IndustryError):
        search("04999", MAY)
    assert part_asked("10797", MAY) is None
