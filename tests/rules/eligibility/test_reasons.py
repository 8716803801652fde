from __future__ import annotations

import re
from string import Formatter

import pytest

from panro.rules.eligibility.products import PRODUCT_REASONS
from panro.rules.eligibility.registry import REASONS, RULES, Reason
from panro.rules.eligibility.rule import ALL_MOMENTS, finding_of
from panro.rules.findings import Answer
from rules.eligibility.examples import EXAMPLES, Example
from rules.eligibility.world import CLAUSE, rule_on

ALL_REASONS = [*REASONS.values(), *PRODUCT_REASONS]
HANGUL = re.compile("[가-힣]")
BOTH_PARTICLES = re.compile(r"[은이을과]\([는가를와]\)|[는가를와]\([은이을과]\)")


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.rule}-{example.reason}")
def test_each_situation_gives_its_reason_with_finished_sentences(example: Example) -> None:
    ruling = rule_on(example.rule, example.facts, example.asking, **example.parameters)
    finding = finding_of(ruling, example.rule, CLAUSE, example.asking)
    assert finding.reason == example.reason
    assert finding.answer is REASONS[example.reason].answer
    assert finding.clause == CLAUSE
    assert finding.moment is example.asking.moment
    assert all(fact in example.facts.values() for fact in finding.facts)
    assert (finding.mend is None) == (finding.answer is Answer.YES)
    assert bool(ruling.lacks) == (finding.answer is Answer.UNKNOWN)
    for text in (finding.message, finding.mend):
        if text is not None:
            assert not re.search(r"[{}]|  |^ | $", text.ko + text.en)
            assert text.en[0] == text.en[0].upper()


def test_every_declared_reason_is_reached_and_nothing_else() -> None:
    assert sorted(example.reason for example in EXAMPLES) == sorted(REASONS)


def test_no_two_rules_share_a_reason() -> None:
    declared = [code for entry in RULES.values() for code in entry.reasons]
    assert len(declared) == len(set(declared)) == len(REASONS)


def test_a_rule_can_say_yes_and_something_else() -> None:
    for entry in RULES.values():
        answers = {reason.answer for reason in entry.reasons.values()}
        assert Answer.YES in answers, entry.name
        assert len(answers) > 1, entry.name
        assert entry.function.__doc__, entry.name
        assert set(entry.moments) <= set(ALL_MOMENTS)


@pytest.mark.parametrize("reason", ALL_REASONS, ids=lambda reason: reason.code)
def test_texts_are_complete_in_both_languages(reason: Reason) -> None:
    assert re.fullmatch("[a-z0-9_]+", reason.code)
    assert (reason.mend is None) == (reason.answer is Answer.YES)
    for text in (reason.message, reason.mend):
        if text is None:
            continue
        assert HANGUL.search(text.ko)
        assert not HANGUL.search(text.en)
        assert not BOTH_PARTICLES.search(text.ko), "let {name:은/는} choose the particle"
        assert places(text.ko) - {"until"} == places(text.en) - {"until"}
    if reason.answer is Answer.YES:
        assert places(reason.message.ko) == set()


def test_the_rules_of_the_house_are_all_there() -> None:
    assert sorted(RULES) == [
        "any_reason",
        "applicant_type",
        "consortium_composition",
        "credit_clear",
        "documents_complete",
        "has_channel",
        "industry_not_excluded",
        "located_in",
        "market_listing",
        "no_sanction",
        "no_unfair_practice",
        "nominated",
        "not_already_supported",
        "open_for_business",
        "overseas_account",
        "own_share_committed",
        "products_eligible",
        "small_merchant_certificate",
        "small_merchant_size",
        "taxes_clear",
    ]
