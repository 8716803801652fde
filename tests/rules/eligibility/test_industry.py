from __future__ import annotations

import pytest

from panro.korea.text import Text
from rules.eligibility.world import facts, found, reason

RULE = "industry_not_excluded"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("56211", "industry_excluded"),
        ("56212", "industry_excluded"),
        ("56213", "industry_not_excluded"),
        ("56219", "industry_not_excluded"),
        ("64110", "industry_excluded"),
        ("63992", "industry_excluded"),
        ("68111", "industry_excluded"),
        ("68211", "industry_not_excluded"),
        ("68224", "industry_not_excluded"),
        ("68221", "industry_to_be_asked"),
        ("68112", "industry_to_be_asked"),
        ("86201", "industry_excluded"),
        ("86902", "industry_not_excluded"),
        ("47911", "industry_to_be_asked"),
        ("96999", "industry_to_be_asked"),
        ("10797", "industry_not_excluded"),
        ("562", "industry_code_unclear"),
    ],
)
def test_the_list_by_code(code: str, expected: str) -> None:
    assert reason(RULE, facts(industry={"code": code, "revision": 10})) == expected


@pytest.mark.parametrize("code", ["56211", "10797"])
def test_a_code_of_another_revision_is_not_judged(code: str) -> None:
    assert reason(RULE, facts(industry={"code": code, "revision": 11})) == "industry_revision_unknown"


@pytest.mark.parametrize(
    ("code", "row", "excluded", "expected"),
    [
        ("58211", "5821", False, "industry_part_not_excluded"),
        ("58211", "5821", True, "industry_part_excluded"),
        ("58211", "58211", False, "industry_part_not_excluded"),
        ("58211", "58212", False, "industry_to_be_asked"),
        ("58211", "58", False, "industry_to_be_asked"),
        ("68221", "68221", False, "industry_part_not_excluded"),
        ("68221", "68", False, "industry_to_be_asked"),
    ],
)
def test_an_answer_must_be_to_the_question_asked(code: str, row: str, excluded: bool, expected: str) -> None:  # noqa: FBT001 - a table of answers
    known = facts(industry={"code": code, "revision": 10}, industry_answer={"row": row, "excluded": excluded})
    assert reason(RULE, known) == expected


@pytest.mark.parametrize(
    ("code", "row", "excluded", "expected"),
    [
        ("47", "47", False, "industry_outside_excluded_parts"),
        ("47", "47", True, "industry_code_unclear"),
        ("47", "47911", False, "industry_code_unclear"),
        ("562", "562", False, "industry_outside_excluded_parts"),
        ("68", "68", False, "industry_code_unclear"),
        ("682", "682", False, "industry_code_unclear"),
    ],
)
def test_a_short_code_is_enough_where_none_of_its_excluded_parts_applies(
    code: str,
    row: str,
    excluded: bool,  # noqa: FBT001 - a table of answers
    expected: str,
) -> None:
    known = facts(industry={"code": code, "revision": 10}, industry_answer={"row": row, "excluded": excluded})
    assert reason(RULE, known) == expected


def test_an_answer_does_not_help_where_the_whole_industry_is_out() -> None:
    known = facts(industry={"code": "56211", "revision": 10}, industry_answer={"row": "56211", "excluded": False})
    assert reason(RULE, known) == "industry_excluded"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "56212",
            Text(
                ko="업종코드 56212는 제외 업종인 ‘무도유흥주점업’에 해당합니다.",
                en="Industry 56212 belongs to the excluded “Dance entertainment bars”.",
            ),
        ),
        (
            "86201",
            Text(
                ko="업종코드 86201은 제외 업종인 ‘보건업’에 해당합니다.",
                en="Industry 86201 belongs to the excluded “Human health activities”.",
            ),
        ),
    ],
)
def test_the_particle_fits_the_number(code: str, message: Text) -> None:
    assert found(RULE, facts(industry={"code": code, "revision": 10})).message == message


def test_a_condition_is_asked_as_a_question() -> None:
    mend = found(RULE, facts(industry={"code": "68221", "revision": 10})).mend
    assert mend is not None
    assert "Does this hold: the agency has been run at one place for six months or more?" in mend.en
