from decimal import Decimal

import pytest

from panro.korea.text import Text
from panro.rules.selection.explanation import Names, explain
from panro.rules.selection.model import Result

NAMES = Names(
    regions={"11": Text(ko="서울", en="Seoul")},
    stages={"paper": Text(ko="서면평가", en="paper evaluation")},
    tracks={"A": Text(ko="기본형", en="basic track")},
    groups={"women": Text(ko="여성기업", en="women-owned businesses")},
    reasons={"too_large": Text(ko="소상공인이 아닙니다", en="not a small merchant")},
)
POINTS = (1, Decimal("80.00"), Decimal("0.00"), Decimal("80.00"), "00" * 32)


@pytest.mark.parametrize(
    ("result", "ko", "en"),
    [
        (
            Result(1, "not_selected", "full", "regional:11@181", "", 200, *POINTS),
            "서울 몫이 181위에서 찼습니다",
            "Seoul full at rank 181",
        ),
        (
            Result(1, "waiting", "full", "track:A@9", "", 10, *POINTS, 3),
            "예비 3번입니다. 기본형 몫이 9위에서 찼습니다",
            "number 3 on the waiting list: basic track full at rank 9",
        ),
        (
            Result(1, "not_selected", "lost_draw", "seats@30", "", 31, *POINTS),
            "전체 마지막 자리의 30위와 동점이었으나 추첨에서 밀렸습니다",
            "lost the draw: level with rank 30, the last place of all places",
        ),
        (
            Result(1, "not_selected", "full", "pair@0", "", 1, *POINTS),
            "pair에는 배정된 몫이 없습니다",
            "no places for pair",
        ),
        (
            Result(1, "not_selected", "below_mark", "paper:0.40"),
            "서면평가 기준점수에 0.40점 모자랍니다",
            "paper evaluation: 0.40 below the pass mark",
        ),
        (
            Result(1, "not_selected", "below_line", "paper:0.40"),
            "서면평가 통과선에 0.40점 모자랍니다",
            "paper evaluation: 0.40 below the cut",
        ),
        (Result(1, "selected", "selected", "", "open", 7, *POINTS), "7위로 선정되었습니다", "selected at rank 7"),
        (
            Result(1, "selected", "selected", "", "set_aside:women", 7, *POINTS),
            "7위로, 여성기업 우선배정에서 선정되었습니다",
            "selected at rank 7 from the places set aside for women-owned businesses",
        ),
        (
            Result(1, "selected", "kept", "", "open"),
            "먼저 받은 선정이 그대로 유지됩니다",
            "keeps the place it was given before",
        ),
        (
            Result(1, "selected", "objection", "", "open", 7, *POINTS),
            "이의신청을 반영한 재산정에서 7위로 선정되었습니다",
            "selected at rank 7 after the objections were judged",
        ),
        (
            Result(1, "ineligible", "too_large"),
            "신청 요건에 맞지 않습니다: 소상공인이 아닙니다",
            "not eligible: not a small merchant",
        ),
        (
            Result(1, "lapsed", "tax"),
            "보완 기한까지 확인되지 않았습니다: tax",
            "not shown before the supplement deadline: tax",
        ),
        (Result(1, "withdrawn", "by_applicant"), "신청을 철회했습니다", "withdrawn"),
    ],
)
def test_every_outcome_has_its_sentence(result: Result, ko: str, en: str) -> None:
    assert explain(result, NAMES) == Text(ko=ko, en=en)
