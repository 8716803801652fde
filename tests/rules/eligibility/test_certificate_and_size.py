from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from panro.korea.text import Text
from panro.rules.eligibility.shapes import FactShapeError
from panro.rules.findings import Answer, Moment
from rules.eligibility.examples import CERTIFICATE, FOOD, NEXT_CERTIFICATE
from rules.eligibility.world import CLOSES, asking, fact, facts, found, reason

if TYPE_CHECKING:
    from panro.rules.facts import Fact

RULE = "small_merchant_certificate"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2020, 3, 31), "certificate_not_yet_valid"),
        (date(2020, 4, 1), "certificate_valid"),
        (date(2021, 3, 17), "certificate_valid"),
        (date(2021, 3, 31), "certificate_valid"),
        (date(2021, 4, 1), "certificate_expired"),
    ],
)
@pytest.mark.parametrize("moment", list(Moment))
def test_the_cliff_of_31_march(on: date, expected: str, moment: Moment) -> None:
    assert reason(RULE, facts(certificate=CERTIFICATE), asking(moment=moment, on=on)) == expected


def test_the_new_certificate_holds_from_1_april() -> None:
    known = facts(certificate=NEXT_CERTIFICATE)
    assert reason(RULE, known, asking(on=date(2021, 3, 31))) == "certificate_not_yet_valid"
    assert reason(RULE, known, asking(on=date(2021, 4, 1))) == "certificate_valid"


def test_an_expired_certificate_says_when_and_where_the_next_can_be_had() -> None:
    known = facts(certificate=CERTIFICATE)
    finding = found(RULE, known, asking(moment=Moment.CLOSING, on=CLOSES))
    assert finding.answer is Answer.UNKNOWN
    assert finding.facts == (known["certificate"],)
    assert finding.message == Text(
        ko="소상공인확인서가 2021. 3. 31.에 끝났습니다. 2021. 4. 16.에 유효한 확인서가 필요합니다.",
        en="The small-merchant certificate ended on 31 March 2021; one that is valid on 16 April 2021 is needed.",
    )
    assert finding.mend == Text(
        ko="새 확인서는 2021. 4. 1.부터 중소기업현황정보시스템(sminfo.mss.go.kr)에서 발급받을 수 있습니다. "
        "2021. 4. 26.까지 올려 주세요.",
        en="A new one can be issued from 1 April 2021 on, from the SME status information system (sminfo.mss.go.kr); "
        "upload it by 26 April 2021.",
    )


def test_after_the_supplement_deadline_no_day_is_promised() -> None:
    mend = found(RULE, {}, asking(moment=Moment.SELECTION, on=date(2021, 4, 27))).mend
    assert mend is not None
    assert mend.en.endswith("upload it.")


@pytest.mark.parametrize(
    ("members", "certified", "expected"),
    [
        (4, 4, "members_too_few"),
        (5, 2, "members_too_few_certified"),
        (5, 3, "members_certified"),
        (6, 3, "members_certified"),
        (7, 3, "members_too_few_certified"),
    ],
)
def test_a_cooperative_counts_by_its_certified_members(members: int, certified: int, expected: str) -> None:
    known = facts(members_certified={"members": members, "certified": certified})
    assert reason(RULE, known, asking(applicant_type="cooperative")) == expected


def test_share_and_least_number_of_members_are_parameters() -> None:
    known = facts(members_certified={"members": 3, "certified": 2})
    asked = asking(applicant_type="cooperative")
    assert reason(RULE, known, asked, min_members=3, min_certified_share=6666) == "members_certified"
    assert reason(RULE, known, asked, min_members=3, min_certified_share=6667) == "members_too_few_certified"


def test_a_certificate_without_days_is_an_error_of_the_source() -> None:
    with pytest.raises(FactShapeError, match=r"fact certificate .*valid_from and valid_to"):
        reason(RULE, facts(certificate={"number": "1", "valid_from": None, "valid_to": None}))


def size(sales: int, employees: str, code: str = "10797", **more: object) -> dict[str, Fact]:
    known = facts(industry={"code": code, "revision": 10}, average_sales=sales, employees=employees)
    return known | {key: fact(key, value) for key, value in more.items()}


@pytest.mark.parametrize(
    ("sales", "employees", "code", "expected"),
    [
        (12_000_000_000, "9.99", "10797", "size_within"),
        (12_000_000_001, "9.99", "10797", "size_grace_unknown"),
        (12_000_000_000, "10", "10797", "size_grace_unknown"),
        (5_000_000_000, "4.5", "47911", "size_within"),
        (5_000_000_001, "4.5", "47911", "size_grace_unknown"),
        (5_000_000_000, "5", "47911", "size_grace_unknown"),
        (1_000_000_000, "4", "56111", "size_within"),
        (1_000_000_001, "4", "56111", "size_grace_unknown"),
        (1, "19.5", "47911", "size_grace_unknown"),
        (1, "20", "47911", "size_too_large"),
    ],
)
def test_limits_of_sales_and_employees(sales: int, employees: str, code: str, expected: str) -> None:
    assert reason("small_merchant_size", size(sales, employees, code)) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2025, 8, 31), "size_within"), (date(2025, 9, 1), "size_limit_unknown")],
)
def test_limits_that_are_not_on_record_are_not_guessed(on: date, expected: str) -> None:
    assert reason("small_merchant_size", size(1_000_000, "1"), asking(on=on)) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2021, 3, 19), "size_too_large"),
        (date(2021, 3, 20), "size_in_grace"),
        (date(2021, 3, 25), "size_in_grace"),
        (date(2021, 3, 26), "size_too_large"),
    ],
)
def test_the_years_of_grace_have_both_their_days(on: date, expected: str) -> None:
    grace = {"from": "2021-03-20", "to": "2021-03-25"}
    assert reason("small_merchant_size", size(10**11, "1", size_grace=grace), asking(on=on)) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2021, 3, 31), "size_grace_unknown"), (date(2021, 4, 1), "size_too_large")],
)
def test_a_valid_certificate_beside_too_large_figures_is_a_question(on: date, expected: str) -> None:
    known = size(10**11, "1", certificate=CERTIFICATE)
    assert reason("small_merchant_size", known, asking(on=on)) == expected
    assert reason("small_merchant_size", size(10**11, "1", size_grace=None), asking(on=on)) == "size_too_large"


def test_too_large_names_the_figures_and_the_limits() -> None:
    finding = found("small_merchant_size", size(5_500_000_000, "20", "47911"))
    assert finding.message == Text(
        ko="평균 매출 5,500,000,000원(기준 5,000,000,000원 이하), 상시근로자 20명(기준 5명 미만)으로 "
        "소상공인 기준을 넘습니다.",
        en="Average sales of 5,500,000,000 won (limit 5,000,000,000 won), 20 regular employees (limit: fewer than 5): "
        "above the limit of a small merchant.",
    )


@pytest.mark.parametrize("missing", ["industry", "average_sales", "employees"])
def test_every_figure_is_needed(missing: str) -> None:
    known = size(1, "1")
    del known[missing]
    assert reason("small_merchant_size", known) == "size_figures_missing"


def test_one_figure_above_its_limit_is_enough() -> None:
    known = facts(industry=FOOD, average_sales=12_000_000_001, certificate=None)
    assert reason("small_merchant_size", known) == "size_too_large"
