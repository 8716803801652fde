"""What a score row commits to, worked out again from what it says."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from panro.evaluation import panels
from panro.evaluation.models import ScoreVersion
from panro.rules.selection.model import Score
from panro.rules.selection.sealing import score_sealer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from panro.evaluation.models import Evaluation

AT_ONCE: Final = 5_000
COLUMNS: Final = (
    "assignment__run__stage",
    "assignment__participant__result_no",
    "assignment__participant__receipt",
    "assignment__reviewer__code",
    "version",
    "points",
    "at",
    "salt",
    "commitment",
)


def commitments(evaluation: Evaluation) -> Iterator[tuple[str, str, str]]:
    """Give, for every score version of the evaluation, the stored commitment, the recomputed one, and where it is.

    One query. What cannot be committed to at all, such as points off the grid, has the recomputed commitment "".
    """
    sealers = {stage.code: score_sealer(stage) for stage in panels.rules_of(evaluation).stages}
    rows = ScoreVersion.objects.filter(assignment__run__evaluation=evaluation, assignment__phase=0)
    ordered = rows.order_by(*COLUMNS[:2], "assignment__reviewer__code", "version").values_list(*COLUMNS)
    for stage, number, receipt, reviewer, version, points, at, salt, commitment in ordered.iterator(AT_ONCE):
        where = f"{stage}, {number}, {reviewer}, {version}"
        score = Score(stage, number, reviewer, version, 0, tuple(points), at.astimezone(UTC), salt)
        try:
            yield commitment, sealers[stage](score, receipt), where
        except ValueError:
            yield commitment, "", where
