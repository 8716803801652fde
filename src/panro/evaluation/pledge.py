"""A reviewer's word for a round: its text, and whether it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from panro.evaluation.models import Declaration
from panro.korea.text import Text
from panro.proof.hashing import tagged_hash

if TYPE_CHECKING:
    from panro.evaluation.models import Reviewer

PLEDGE: Final = (
    Text(
        "공고의 평가 기준에 따라 공정하게 평가합니다.",
        "I judge fairly, by the criteria that the notice prints.",
    ),
    Text(
        "신청자와 이해관계가 있으면 바로 알리고 그 신청서를 평가하지 않습니다.",
        "Where I have a conflict with an applicant I say so at once, and do not judge that application.",
    ),
    Text(
        "평가하면서 알게 된 내용을 다른 사람에게 알리거나 다른 목적으로 쓰지 않습니다.",
        "What I learn while judging I neither pass on nor use for anything else.",
    ),
)
TEXT_HASH: Final = tagged_hash("panro-pledge-1", *(line.ko for line in PLEDGE))


def has_declared(reviewer: Reviewer, round_id: str) -> bool:
    """Whether a reviewer gave this word for a round. One query."""
    return Declaration.objects.filter(reviewer=reviewer, round_id=round_id).exists()
