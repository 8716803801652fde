"""Which questions an application asks, told from the notice and from what the vault knows. No database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, cast

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from panro.intake import asked, told
from panro.intake.declarations import CODES, consents, promises
from panro.intake.forms import QuestionForm
from panro.intake.questions import Case, Screen, may_change, screens
from panro.rules.edition.load import load_edition
from panro.rules.eligibility import keys
from panro.rules.eligibility.ask import prepare
from panro.rules.facts import Fact
from panro.rules.findings import Moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from panro.intake.asked import Question
    from panro.intake.questions import Answer
    from panro.rules.edition.model import Edition
    from panro.rules.edition.parts import ApplicantType
    from panro.rules.facts import FactValue

DAY = date(2021, 4, 1)
TOLD_ELSEWHERE = {
    keys.APPLICANT_TYPE,  # the application itself
    keys.PRODUCTS,
    keys.DOCUMENTS,
    keys.CONSORTIUM,
    keys.CERTIFICATE,  # its paper
    keys.NATIONAL_TAX,
    keys.LOCAL_TAX,
    keys.OPERATING,  # the tax service
    keys.SANCTIONS,  # officers
    keys.NOMINATED,
    keys.SIZE_GRACE,  # asked once it matters
    keys.INDUSTRY_ANSWER,
}


@cache
def year() -> Edition:
    return load_edition("2021")


def case(
    programme: str,
    who: str = "merchant",
    track: str | None = None,
    *,
    known: Mapping[str, FactValue] | None = None,
    source: str = "applicant",
    round_code: str = "R1",
    **more: object,
) -> Case:
    found = year().programme(programme)
    facts = {key: Fact(key, value, DAY, source) for key, value in (known or {}).items()}
    kind = cast("ApplicantType", who)
    return Case(year(), found, found.round(round_code), kind, track, DAY, facts, **more)  # type: ignore[arg-type]


def outline(of: Case) -> list[tuple[str, list[str]]]:
    return [(screen.code, [question.code for question in screen.questions]) for screen in screens(of)]


def named(of: Case, code: str) -> Screen:
    return next(screen for screen in screens(of) if screen.code == code)


def question(code: str) -> Question:
    every = (*asked.BUSINESS_QUESTIONS, *asked.STANDING_QUESTIONS, *asked.SITUATION_QUESTIONS)
    return next(one for one in every if one.code == code)


def test_a_merchant_is_asked_what_the_rules_of_a_mall_programme_need() -> None:
    assert outline(case("3-1", track="listing")) == [
        ("verify", []),
        ("products", []),
        ("track", ["track"]),
        ("business", ["industry", "employees", "sales"]),
        ("standing", ["credit", "unfair", "unfair_on", "supported", "supported_by"]),
        ("situation", ["groups"]),
        (
            "plan",
            [f"statement_paper_{code}" for code in ("capability", "product", "market", "readiness", "plan")],
        ),
        ("choose_products", []),
        ("documents", []),
        ("consents", []),
        ("review", []),
    ]


def test_a_trainee_needs_no_business_and_no_products() -> None:
    assert outline(case("4-3", "trainee", "creator_course")) == [
        ("standing", ["supported", "supported_by"]),
        ("plan", [f"statement_motivation_{code}" for code in ("motivation", "plan", "channel")]),
        ("documents", []),
        ("consents", []),
        ("review", []),
    ]


def test_a_consortium_names_its_members_and_brings_no_products() -> None:
    steps = [screen.step for screen in screens(case("2-2", "consortium", "capital"))]
    assert list(dict.fromkeys(steps)) == ["verify", "apply", "consortium", "documents", "consents", "review"]


def test_whoever_may_not_apply_has_only_the_last_screens() -> None:
    assert outline(case("2-2", "merchant")) == [("consents", []), ("review", [])]


@pytest.mark.parametrize("programme", [one.code for one in load_edition("2021").programmes])
def test_every_fact_a_rule_needs_is_asked_or_told_elsewhere(programme: str) -> None:
    found = year().programme(programme)
    for applicant in found.applicants:
        for track in [one.code for one in found.tracks_of(found.rounds[0])] or [None]:
            of = case(programme, applicant.type, track, round_code=found.rounds[0].code)
            can_tell = {key for screen in screens(of) for one in screen.questions for key in one.facts}
            needed = {
                key
                for rule in prepare(of.edition, of.programme, of.round_).rules
                if rule.concerns(Moment.APPLICATION, applicant.type, track)
                for key in rule.entry.function({}, rule.parameters, of.asking).lacks
            }
            assert needed - can_tell - TOLD_ELSEWHERE == set(), (applicant.type, track)


def test_what_the_vault_knows_is_not_asked_again_and_can_be_corrected_if_only_the_applicant_said_it() -> None:
    of = case("3-1", track="listing", known={keys.EMPLOYEES: "3", keys.AVERAGE_SALES: 120_000_000})
    screen = named(of, "business")
    assert [one.code for one in screen.questions] == ["industry"]
    assert [(one.question.code, may_change(of, one)) for one in screen.known] == [("employees", True), ("sales", True)]
    of = case("3-1", track="listing", known={keys.EMPLOYEES: "3"}, changing=frozenset({"employees"}))
    again = named(of, "business")
    assert [one.code for one in again.questions] == ["industry", "employees", "sales"]


def test_what_an_officer_says_cannot_be_changed_by_the_applicant() -> None:
    known = {keys.EMPLOYEES: "3"}
    of = case("3-1", track="listing", known=known, source="officer", changing=frozenset({"employees"}))
    screen = named(of, "business")
    assert [one.question.code for one in screen.known] == ["employees"]
    assert not may_change(of, screen.known[0])


def test_an_answer_of_the_draft_keeps_its_question_on_the_screen() -> None:
    of = case("3-1", track="listing", known={keys.EMPLOYEES: "3"}, answers={"employees": "3"})
    assert [one.code for one in named(of, "business").questions] == ["industry", "employees", "sales"]


@pytest.mark.parametrize(("people", "asks"), [("9", False), ("10", True)])
def test_too_many_people_raise_the_question_of_grace_and_only_then(people: str, asks: bool) -> None:  # noqa: FBT001 - a table
    known: dict[str, FactValue] = {
        keys.INDUSTRY: {"code": "10797", "revision": 10},
        keys.AVERAGE_SALES: 10_000_000,
        keys.EMPLOYEES: people,
    }
    of = case("3-1", track="listing", known=known, changing=frozenset({"employees"}))
    assert ("grace" in [one.code for one in named(of, "business").questions]) is asks


@pytest.mark.parametrize(("answer", "excluded"), [("예", True), ("아니요", False)])
def test_an_industry_of_which_a_part_is_excluded_raises_one_more_question(answer: str, excluded: bool) -> None:  # noqa: FBT001 - a table
    of = case("3-1", track="listing", known={keys.INDUSTRY: {"code": "47640", "revision": 10}})
    part = next(one for one in named(of, "business").questions if one.code == "industry_part")
    assert part.label.ko == "다음에 해당하나요? “도박·사행성 오락기구 소매”"
    code = next(choice.code for choice in part.choices if choice.label.ko == answer)
    facts = told.facts_told([part], {"industry_part": code}, on=DAY, edition="2021")
    assert facts == {keys.INDUSTRY_ANSWER: {"row": "47640", "excluded": excluded}}
    assert told.as_typed(part, {key: Fact(key, value, DAY, "applicant") for key, value in facts.items()}) == code


@pytest.mark.parametrize(("listed", "asked_for"), [(True, True), (False, False), (None, False)])
def test_a_proof_is_asked_only_of_those_who_say_they_belong(listed: bool | None, asked_for: bool) -> None:  # noqa: FBT001 - a table
    known: dict[str, FactValue] = {} if listed is None else {keys.LISTED: listed}
    codes = {one.code for one in case("3-1", track="listing", known=known).documents}
    assert ("listing_proof" in codes) is asked_for


def test_a_required_paper_that_hangs_on_an_unknown_fact_is_shown_but_not_demanded() -> None:
    def proof(of: Case) -> list[tuple[bool, bool]]:
        return [(one.is_required, one.is_open) for one in of.documents if one.code == "account_proof"]

    assert proof(case("3-4", track="direct")) == [(False, True)]
    assert proof(case("3-4", track="direct", known={keys.OVERSEAS_ACCOUNT: "own"})) == [(True, False)]
    assert proof(case("3-4", track="direct", known={keys.OVERSEAS_ACCOUNT: "able"})) == []
    assert proof(case("3-4", track="agency", known={keys.OVERSEAS_ACCOUNT: "own"})) == []


def test_consents_and_promises_follow_the_papers_of_the_programme() -> None:
    of = case("3-1", track="listing")
    assert [one.code for one in consents(of)] == ["collect", "provide", "credit_enquiry"]
    assert [one.document for one in promises(of)] == ["pledge"]
    trainee = case("4-3", "trainee", "creator_course")
    assert [one.code for one in consents(trainee)] == ["collect", "provide"]
    given = {one.document for one in consents(of)} | {one.document for one in promises(of)}
    assert given == {one.code for one in of.documents} & CODES


def _sent(**answers: Answer) -> QuestionForm:
    data = QueryDict(mutable=True)
    for code, answer in answers.items():
        data.setlist(code, answer if isinstance(answer, list) else [answer])
    of = case("3-1", track="listing", known={keys.SIZE_GRACE: None}, changing=frozenset({"grace"}))
    questions = [one for code in ("business", "standing", "situation") for one in named(of, code).questions]
    return QuestionForm(data, questions=questions, answers={}, day=DAY)


def test_numbers_are_read_with_their_separators() -> None:
    form = _sent(employees="1,234.5", sales="12 000", industry="10797")
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["employees"], form.cleaned_data["sales"]) == (Decimal("1234.5"), 12_000)
    facts = told.facts_told(form.questions, form.cleaned_data, on=DAY, edition="2021")
    assert facts == {
        keys.INDUSTRY: {"code": "10797", "revision": 10},
        keys.EMPLOYEES: "1234.5",
        keys.AVERAGE_SALES: 120_000_000,
    }


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"employees": "셋"}, ["employees"]),
        ({"employees": "-1"}, ["employees"]),
        ({"unfair": "yes"}, ["unfair_on"]),
        ({"unfair": "no", "unfair_on": "nonsense"}, []),
        ({"supported": "yes"}, ["supported_by"]),
        ({"grace": "yes", "grace_from": "2021-03-02", "grace_to": "2021-03-01"}, ["grace_to"]),
        ({"grace": "yes", "grace_from": "2021-03-01", "grace_to": "2021-03-01"}, []),
        ({"groups": ["nothing", "listed"]}, ["groups"]),
        ({"groups": ["nothing"]}, []),
        ({"industry": "존재하지않는업종"}, ["industry"]),
    ],
)
def test_wrong_answers_are_named_where_they_stand(answers: dict[str, Answer], wrong: list[str]) -> None:
    form = _sent(**answers)
    form.is_valid()
    assert list(form.errors) == wrong


def test_a_name_of_several_industries_is_asked_back() -> None:
    form = _sent(industry="제조업")
    assert not form.is_valid()
    assert form.unanswered_follow_up
    code = form.found[1].code
    again = _sent(industry="제조업", industry_choice=code)
    assert again.is_valid(), again.errors
    assert again.cleaned_data["industry"] == code


def test_none_of_these_says_that_no_group_holds() -> None:
    form = _sent(groups=["nothing"])
    assert form.is_valid()
    facts = told.facts_told(form.questions, form.cleaned_data, on=DAY, edition="2021")
    assert set(facts.values()) == {False}
    assert keys.LISTED in facts
    assert told.facts_told(form.questions, {"groups": []}, on=DAY, edition="2021") == {}


FACTS: st.SearchStrategy[tuple[str, FactValue]] = st.one_of(
    st.tuples(st.just("sales"), st.integers(0, 10**8).map(lambda one: one * 10_000)),
    st.tuples(st.just("employees"), st.integers(0, 99990).map(lambda one: f"{(Decimal(one) / 10).normalize():f}")),
    st.tuples(st.just("own_share"), st.integers(0, 10_000)),
    st.tuples(st.just("market"), st.sampled_from(["listed", "planned", "none"])),
    st.tuples(st.just("unfair"), st.dates(date(2000, 1, 1), DAY).map(lambda day: [day.isoformat()]) | st.just([])),
    st.tuples(
        st.just("grace"),
        st.just(None) | st.dates(date(2019, 1, 1), DAY).map(lambda day: {"from": day.isoformat(), "to": "2022-01-01"}),
    ),
    st.tuples(st.just("credit"), st.booleans()),
    st.tuples(st.just("industry"), st.just({"code": "10797", "revision": 10})),
)


@given(FACTS)
def test_a_known_fact_shown_as_typed_tells_the_same_fact_again(fact: tuple[str, FactValue]) -> None:
    """Asked anew, a stored fact fills the form; sent unchanged, it says the same."""
    code, value = fact
    head = question(code)
    every = (*asked.BUSINESS_QUESTIONS, *asked.STANDING_QUESTIONS)
    family = [head, *(one for one in every if one.when and one.when.question == code)]
    facts = {key: Fact(key, value, DAY, "applicant") for key in head.facts}
    typed = {one.code: answer for one in family if (answer := told.as_typed(one, facts)) is not None}
    data = QueryDict(mutable=True)
    for name, answer in typed.items():
        data.setlist(name, answer if isinstance(answer, list) else [answer])
    form = QuestionForm(data, questions=family, answers={}, day=DAY)
    assert form.is_valid(), form.errors
    assert told.facts_told(family, form.cleaned_data, on=DAY, edition="2021") == dict.fromkeys(head.facts, value)
