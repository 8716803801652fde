"""Who goes on to the next stage (selection-spec, 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from panro.rules.selection.grid import MEAN_GRID
from panro.rules.selection.model import StageRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from panro.rules.selection.aggregation import StageScores
    from panro.rules.selection.model import Standing
    from panro.rules.selection.round_rules import ScoredStage


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """A stage with its participants' scores (in steps of ``step``), their standings and the line, if there was one."""

    stage: ScoredStage
    scored: StageScores
    standings: Mapping[int, Standing]
    line: int | None

    @property
    def passed(self) -> list[int]:
        """The result numbers that go on, ascending."""
        return sorted(number for number, standing in self.standings.items() if standing == "passed")

    def shortfall(self, number: int) -> str:
        """Give what a score lacks to the mark or the line, written with the stage's step; empty if it passed."""
        standing, score, grid = self.standings[number], self.scored.scores[number], self.stage.grid
        if standing == "below_mark" and self.stage.pass_mark is not None:
            return grid.text(grid.units(self.stage.pass_mark) - score)
        if standing == "below_line" and self.line is not None:
            return grid.text(self.line - score)
        return ""

    def rows(self) -> Iterator[StageRow]:
        """Give the rows of ``stages.csv``, ascending by result number."""
        grid, mean = self.stage.grid, MEAN_GRID
        scores, criteria = self.scored.scores, self.scored.criteria
        for number in sorted(scores):
            means = tuple([mean.decimal(value) for value in criteria[number]])
            yield StageRow(self.stage.code, number, grid.decimal(scores[number]), means, self.standings[number])


def find_line(stage: ScoredStage, scores: Mapping[int, int]) -> int | None:
    """Give the score of the last place that goes on, or None if everybody above the mark does."""
    if stage.keep is None:
        return None
    mark = _mark(stage)
    above = sorted((score for score in scores.values() if mark is None or score >= mark), reverse=True)
    return above[stage.keep - 1] if len(above) > stage.keep else None


def standing_of(stage: ScoredStage, score: int, line: int | None) -> Standing:
    """Give the standing of one score against the mark and a given line."""
    mark = _mark(stage)
    if mark is not None and score < mark:
        return "below_mark"
    if line is not None and score < line:
        return "below_line"
    return "passed"


def stand(stage: ScoredStage, scored: StageScores) -> StageOutcome:
    """Give every participant's standing; who is level with the line goes on."""
    line = find_line(stage, scored.scores)
    mark = _mark(stage)
    standings: dict[int, Standing] = {}
    for number, score in scored.scores.items():
        if mark is not None and score < mark:
            standings[number] = "below_mark"
        elif line is not None and score < line:
            standings[number] = "below_line"
        else:
            standings[number] = "passed"
    return StageOutcome(stage, scored, standings, line)


def _mark(stage: ScoredStage) -> int | None:
    return None if stage.pass_mark is None else stage.grid.units(stage.pass_mark)
