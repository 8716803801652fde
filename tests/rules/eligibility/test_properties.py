"""What holds for every rule whatever is known: pure, no unrelated fact, and more knowledge never unsays an answer."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from panro.rules.eligibility.registry import RULES
from panro.rules.findings import Answer, Moment
from rules.eligibility.examples import (
    CERTIFICATE,
    CLEAR,
    DEFERRED,
    EXAMPLES,
    FOOD,
    JAM,
    LAMP,
    NEXT_CERTIFICATE,
    OWING,
    RETAIL,
    TOGETHER,
    VAGUE,
)
from rules.eligibility.world import CLOSES, asking, fact, rule_on, text

if TYPE_CHECKING:
    from pydantic import JsonValue

    from panro.rules.eligibility.rule import Asking
    from panro.rules.facts import Fact

PARAMETERS: dict[str, dict[str, JsonValue]] = {
    "own_share_committed": {"minimum": 2000},
    "located_in": {"capital": True},
    "any_reason": {"facts": ["wants_online", "cannot_run_mall"]},
    "products_eligible": {"at_least": 2},
}
VALUES: dict[str, list[object]] = {
    "applicant_type": ["merchant"],
    "organisation": ["private", "public_body"],
    "region": ["11", "42", "99"],
    "industry": [RETAIL, FOOD, {"code": "56211", "revision": 10}, {"code": "1", "revision": 11}],
    "industry_answer": [{"row": "47911", "excluded": True}, {"row": "47911", "excluded": False}],
    "average_sales": [1, 10**11],
    "employees": ["1", "12", "25.5"],
    "size_grace": [None, {"from": "2020-01-01", "to": "2023-01-01"}],
    "certificate": [None, CERTIFICATE, NEXT_CERTIFICATE],
    "members_certified": [{"members": 9, "certified": 4}, {"members": 9, "certified": 5}],
    "operating": [
        None,
        {"status": "open", "ended_on": None},
        {"status": "suspended", "ended_on": None},
        {"status": "closed", "ended_on": "2021-04-01"},
    ],
    "dishonoured": [True, False],
    "credit_default": [True, False],
    "national_tax": [CLEAR, OWING, DEFERRED],
    "local_tax": [CLEAR, OWING, DEFERRED],
    "unfair_practice": [[], ["2021-01-01"], ["2015-01-01"]],
    "sanctions": [[], [{"from": "2021-01-01", "to": None, "reason": "-"}]],
    "products": [[], [JAM, LAMP], [JAM, VAGUE], [JAM, JAM]],
    "market_listing": ["listed", "none"],
    "overseas_account": ["own", "none"],
    "consortium": [[], ["private"], ["public_body"], ["public_body", "private_retail_platform"]],
    "awards": [[], [{"edition": "2021", "programme": "3-1", "round": "R1"}]],
    "documents": [[], [{"code": "plan", "issued_on": "2021-03-01"}, {"code": "proof", "issued_on": None}]],
    "own_share": [0, 3000],
    "channel_url": [None, "https://a.example", "?"],
    "wants_online": [True, False],
    "cannot_run_mall": [True, False],
    "nominated": [True, False],
}
OF = TOGETHER.model_validate(
    TOGETHER.model_dump()
    | {
        "documents": [
            {"code": "plan", "name": text("plan"), "valid_days": 20},
            {"code": "proof", "name": text("proof"), "when": {"fact": "overseas_account", "equals": "own"}},
        ]
    }
)
ASKINGS = st.builds(
    lambda moment, kind, later: asking(
        moment=moment,
        on=date(2021, 3, 20) + timedelta(days=later),
        of=OF,
        applicant_type=kind,
    ),
    st.sampled_from(list(Moment)),
    st.sampled_from(["merchant", "cooperative", "creator", "institution", "consortium", "local_government"]),
    st.integers(0, 60),
)
KNOWN = st.fixed_dictionaries(
    {},
    optional={
        key: st.builds(
            lambda value, later, key=key: fact(key, value, CLOSES + timedelta(days=later)),
            st.sampled_from(values),
            st.sampled_from([-20, 0, 3]),
        )
        for key, values in VALUES.items()
    },
)


def answers(known: dict[str, Fact], asked: Asking) -> dict[str, tuple[Answer, str]]:
    given_ = {name: rule_on(name, known, asked, **PARAMETERS.get(name, {})) for name in RULES}
    return {name: (ruling.reason.answer, ruling.reason.code) for name, ruling in given_.items()}


@settings(max_examples=150, deadline=None)
@given(known=KNOWN, asked=ASKINGS, data=st.data())
def test_knowing_more_settles_questions_but_never_unsays_an_answer(
    known: dict[str, Fact], asked: Asking, data: st.DataObject
) -> None:
    some = data.draw(st.sets(st.sampled_from(sorted(known)))) if known else set()
    less = answers({key: known[key] for key in some}, asked)
    more = answers(known, asked)
    for name, (answer, reason) in less.items():
        if answer is not Answer.UNKNOWN:
            assert more[name][0] is answer, f"{name}: {reason} became {more[name][1]}"


@settings(max_examples=150, deadline=None)
@given(known=KNOWN, asked=ASKINGS)
def test_a_rule_reads_nothing_but_what_it_says_it_reads(known: dict[str, Fact], asked: Asking) -> None:
    conditions = {"overseas_account"}
    for name, outcome in answers(known, asked).items():
        entry = RULES[name]
        read = {*entry.reads, *(conditions if entry.papers else ())}
        only = {key: value for key, value in known.items() if key in read}
        ruling = rule_on(name, only, asked, **PARAMETERS.get(name, {}))
        assert (ruling.reason.answer, ruling.reason.code) == outcome


@settings(max_examples=100, deadline=None)
@given(known=KNOWN, asked=ASKINGS)
def test_every_question_names_what_would_help_and_every_answer_its_facts(known: dict[str, Fact], asked: Asking) -> None:
    for name in RULES:
        ruling = rule_on(name, known, asked, **PARAMETERS.get(name, {}))
        assert bool(ruling.lacks) == (ruling.reason.answer is Answer.UNKNOWN)
        assert set(ruling.lacks) <= {*RULES[name].reads, "overseas_account"}
        assert all(known[used.key] is used for used in ruling.facts)


@given(seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_the_order_in_which_facts_are_known_changes_nothing(seed: int) -> None:
    for example in EXAMPLES:
        items = list(example.facts.items())
        random.Random(seed).shuffle(items)
        assert rule_on(example.rule, dict(items), example.asking, **example.parameters) == rule_on(
            example.rule, example.facts, example.asking, **example.parameters
        )
