from __future__ import annotations

from itertools import product as every

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.korea.text import Text
from panro.rules.eligibility.products import ProductParameters, product_findings
from panro.rules.findings import Answer
from rules.eligibility.examples import JAM, LAMP, PHONE, VAGUE
from rules.eligibility.world import asking, facts, found, reason

RULE = "products_eligible"


@pytest.mark.parametrize(
    ("rows", "at_least", "expected"),
    [
        ([JAM], 1, "products_eligible"),
        ([JAM], 2, "products_too_few"),
        ([JAM, VAGUE], 2, "products_unclear"),
        ([JAM, VAGUE], 3, "products_too_few"),
        ([LAMP, PHONE, JAM], 1, "products_eligible"),
        ([LAMP, PHONE], 1, "products_too_few"),
        ([LAMP, VAGUE], 1, "products_unclear"),
        ([], 1, "products_too_few"),
    ],
)
def test_the_rest_goes_on_if_enough_remain(rows: list[dict[str, object]], at_least: int, expected: str) -> None:
    assert reason(RULE, facts(products=rows), at_least=at_least) == expected


@pytest.mark.parametrize(
    ("row", "parameters", "expected"),
    [
        (LAMP, {"refuse_foreign": False}, "products_eligible"),
        (PHONE, {"refuse_large_company": False}, "products_eligible"),
        (VAGUE, {"refuse_foreign": False}, "products_eligible"),
        (JAM | {"maker": None}, {}, "products_unclear"),
        (JAM | {"maker": None}, {"refuse_large_company": False}, "products_eligible"),
        (JAM | {"maker": "medium"}, {}, "products_eligible"),
        (VAGUE | {"maker": "large"}, {}, "products_too_few"),
    ],
)
def test_what_refuses_a_product_is_data(row: object, parameters: dict[str, object], expected: str) -> None:
    assert reason(RULE, facts(products=[row]), asking(), **parameters) == expected


def test_refused_products_are_named() -> None:
    message = found(RULE, facts(products=[LAMP, PHONE])).message
    assert message == Text(
        ko="지원할 수 있는 상품이 1개 이상이어야 합니다. 지원할 수 없는 상품: 전등, 전화기",
        en="At least 1 products that can be supported are needed. These cannot: 전등, 전화기.",
    )


def test_each_product_has_its_own_finding() -> None:
    known = facts(products=[JAM, LAMP, PHONE, VAGUE, JAM | {"maker": None}])
    findings = product_findings(known, ProductParameters(), asking())
    assert [(one.code, one.answer.value, one.reason) for one in findings] == [
        ("P1", "yes", "product_fits"),
        ("P2", "no", "product_foreign"),
        ("P3", "no", "product_of_large_company"),
        ("P4", "unknown", "product_origin_unknown"),
        ("P1", "unknown", "product_maker_unknown"),
    ]
    assert findings[1].message.ko == "‘전등’ 상품은 수입 제품(원산지 CN)이라 지원할 수 없습니다."
    assert findings[3].mend == Text(
        "2021. 4. 16.까지 원산지를 입력하고 증빙을 올려 주세요.", "Give its origin and upload proof by 16 April 2021."
    )
    assert product_findings({}, ProductParameters(), asking()) == ()


ROWS = st.lists(
    st.fixed_dictionaries(
        {"origin": st.sampled_from(["KR", "CN", None]), "maker": st.sampled_from(["small", "large", None])}
    ),
    max_size=4,
)


@given(rows=ROWS, at_least=st.integers(1, 3))
def test_the_answer_agrees_with_trying_out_everything_that_is_unknown(
    rows: list[dict[str, str | None]], at_least: int
) -> None:
    choices = [
        [
            (origin, maker)
            for origin in ([row["origin"]] if row["origin"] else ["KR", "CN"])
            for maker in ([row["maker"]] if row["maker"] else ["small", "large"])
        ]
        for row in rows
    ]
    outcomes = {sum(pair == ("KR", "small") for pair in world) >= at_least for world in every(*choices)}
    expected = {frozenset({True}): Answer.YES, frozenset({False}): Answer.NO}.get(frozenset(outcomes), Answer.UNKNOWN)
    assert found(RULE, facts(products=rows), at_least=at_least).answer is expected
