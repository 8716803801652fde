"""From a panel's points to one score, exactly (selection-spec, 5 and 7).

Inside, a reviewer's total is a whole number of ``point_step``, a severity of 0.0001, a mean of 0.01 and a stage
score of the stage's ``step``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from operator import le
from typing import TYPE_CHECKING

from panro.rules.selection.errors import SelectionError
from panro.rules.selection.grid import MEAN_GRID, SEVERITY_GRID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from panro.rules.selection.grid import Grid
    from panro.rules.selection.model import Phase, Score
    from panro.rules.selection.round_rules import ScoredStage

type Points = Mapping[tuple[int, str], tuple[int, ...]]
"""Points that count, in steps of ``point_step`` by criterion, by (result number, reviewer)."""


@dataclass(frozen=True, slots=True)
class StageScores:
    """What the panels of a stage say: scores in steps of ``step``, criteria means in steps of 0.01, by result number.

    ``severities`` is empty unless the stage is ``panel_adjusted``; steps of 0.0001, positive for a generous reviewer.
    """

    scores: dict[int, int]
    criteria: dict[int, tuple[int, ...]]
    severities: dict[str, int] = field(default_factory=dict)


class _Units(dict["Decimal", int]):
    """Decimals as their number of steps, each worked out once."""

    def __init__(self, grid: Grid) -> None:
        super().__init__()
        self._grid = grid

    def __missing__(self, value: Decimal) -> int:
        found = self[value] = self._grid.units(value)
        return found


def counting_points(
    stage: ScoredStage, scores: Iterable[Score], phase: Phase
) -> dict[tuple[int, str], tuple[int, ...]]:
    """Give the last version of each reviewer's points of one phase, in steps of ``point_step``.

    Raises:
        SelectionError: if points are missing, off the grid or beyond the criterion's ``max``.
    """
    grid = stage.point_grid
    most = tuple(grid.units(criterion.max) for criterion in stage.criteria)
    known = _Units(grid)
    last: dict[tuple[int, str], int] = {}
    found: dict[tuple[int, str], tuple[int, ...]] = {}
    for score in scores:
        if score.phase != phase or score.stage != stage.code:
            continue
        who = (score.result_no, score.reviewer)
        if last.get(who, 0) > score.version:
            continue
        try:
            units = tuple([known[point] for point in score.points])
        except ValueError as error:
            raise SelectionError(f"{_name(score)}: {error}") from error
        if len(units) != len(most) or min(units) < 0 or not all(map(le, units, most)):
            raise SelectionError(f"{_name(score)}: points {_list(score.points)} do not fit the rubric's maxima")
        last[who] = score.version
        found[who] = units
    return found


def aggregate(stage: ScoredStage, seats: Mapping[int, Sequence[str]], points: Points) -> StageScores:
    """Give every participant its score and criteria means.

    Args:
        stage: the stage with its method, grids and rubric.
        seats: the panels' reviewers by result number.
        points: points that count; those of reviewers outside a panel are passed over.

    Raises:
        SelectionError: if a member of a panel gave no points.
    """
    if stage.aggregate == "panel_adjusted":
        return adjusted(stage, seats, points, severities(stage, seats, points))
    sheets = _sheets_by_panel(stage, seats, points)
    grid, point = stage.grid, stage.point_grid
    trimmed = stage.aggregate == "trimmed_mean"
    scores = {}
    for number, sheets_of in sheets.items():
        totals = [sum(sheet) for sheet in sheets_of]
        total, count = sum(totals), len(totals)
        if trimmed:
            total, count = total - max(totals) - min(totals), count - 2
        scores[number] = grid.round(total * point.numerator, count * point.denominator)
    return StageScores(scores, _criteria_means(stage, sheets))


def severities(stage: ScoredStage, seats: Mapping[int, Sequence[str]], points: Points) -> dict[str, int]:
    """Give each reviewer's severity: how far above the other members it scores on average, in steps of 0.0001."""
    above: dict[str, int] = defaultdict(int)
    panels: dict[str, int] = defaultdict(int)
    for number, sheets in _sheets_by_panel(stage, seats, points).items():
        totals = [sum(sheet) for sheet in sheets]
        whole, size = sum(totals), len(totals)
        for reviewer, total in zip(seats[number], totals, strict=True):
            above[reviewer] += size * total - whole
            panels[reviewer] += 1
    point = stage.point_grid
    return {
        reviewer: SEVERITY_GRID.round(
            above[reviewer] * point.numerator, (stage.panel - 1) * panels[reviewer] * point.denominator
        )
        for reviewer in sorted(panels)
    }


def adjusted(
    stage: ScoredStage, seats: Mapping[int, Sequence[str]], points: Points, severity: Mapping[str, int]
) -> StageScores:
    """Give the ``panel_adjusted`` scores with given severities; a reviewer without one has 0."""
    point, grid = stage.point_grid, stage.grid
    scale = SEVERITY_GRID.denominator
    top = sum(point.units(criterion.max) for criterion in stage.criteria)
    sheets = _sheets_by_panel(stage, seats, points)
    scores = {}
    for number, sheets_of in sheets.items():
        whole = sum(map(sum, sheets_of))
        shift = sum(severity.get(reviewer, 0) for reviewer in seats[number])
        numerator = whole * point.numerator * scale - shift * point.denominator
        denominator = len(sheets_of) * point.denominator * scale
        if numerator < 0:
            numerator = 0
        elif numerator > top * point.numerator * len(sheets_of) * scale:
            numerator = top * point.numerator * len(sheets_of) * scale
        scores[number] = grid.round(numerator, denominator)
    return StageScores(scores, _criteria_means(stage, sheets), dict(severity))


def _sheets_by_panel(
    stage: ScoredStage, seats: Mapping[int, Sequence[str]], points: Points
) -> dict[int, list[tuple[int, ...]]]:
    found = {}
    for number, members in seats.items():
        try:
            found[number] = [points[number, reviewer] for reviewer in members]
        except KeyError as missing:
            reviewer = missing.args[0][1]
            raise SelectionError(
                f"stage {stage.code}: {reviewer!r} gave result {number} no points; "
                "wait for the sheet or replace the reviewer"
            ) from None
    return found


def _criteria_means(stage: ScoredStage, sheets: Mapping[int, list[tuple[int, ...]]]) -> dict[int, tuple[int, ...]]:
    point = stage.point_grid
    known: dict[int, int] = {}
    scale = stage.panel * point.denominator

    def mean(total: int) -> int:
        if total not in known:
            known[total] = MEAN_GRID.round(total * point.numerator, scale)
        return known[total]

    return {number: tuple([mean(sum(column)) for column in zip(*of, strict=True)]) for number, of in sheets.items()}


def _name(score: Score) -> str:
    return f"stage {score.stage}, result {score.result_no}, reviewer {score.reviewer!r}, version {score.version}"


def _list(points: Iterable[Decimal]) -> str:
    return ";".join(format(point, "f") for point in points)
