"""Participants, standings and the line of every stage (section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from .numbers import HUNDREDTH, decimal, rounded, whole, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .report import DifferenceError
    from .rounds import Round, Stage

    DiffersAtRow = Callable[[int, str, str, str], DifferenceError]

PASSED, BELOW_MARK, BELOW_LINE = "passed", "below_mark", "below_line"


class Mark(NamedTuple):
    """A stage score in units of the stage's step, and every criterion's mean in hundredths."""

    score: int
    criteria: tuple[int, ...]


class StageRun(NamedTuple):
    """What a stage came to: every participant's mark and standing, by result number, and the line if one was drawn."""

    marks: dict[int, Mark]
    standings: dict[int, str]
    line: int | None

    def passed(self) -> list[int]:
        """Return who goes on, ascending."""
        return [number for number, standing in self.standings.items() if standing == PASSED]


class MarkSource(Protocol):
    """Where marks come from: published ones, or the opened scores."""

    def marks(self, position: int, participants: Sequence[int]) -> dict[int, Mark]:
        """Return the mark of every participant of the stage at `position`, ascending."""


def run_stages(
    rules: Round, eligible: list[int], source: MarkSource, lines: Sequence[int | None] | None = None
) -> list[StageRun]:
    """Go through the scored stages (section 5).

    Args:
        rules: The round.
        eligible: The eligible result numbers, ascending.
        source: Gives the marks.
        lines: The lines to use instead of drawing them, as a re-run does (section 10).
    """
    runs: list[StageRun] = []
    participants = eligible
    for position, stage in enumerate(rules.stages):
        marks = source.marks(position, participants)
        line = _line(stage, marks) if lines is None else lines[position]
        run = StageRun(marks, {n: _standing(stage, mark.score, line) for n, mark in marks.items()}, line)
        runs.append(run)
        participants = run.passed()
    return runs


def _line(stage: Stage, marks: dict[int, Mark]) -> int | None:
    """Return the line, or None where `keep` cuts nobody (section 5, rule 2)."""
    if stage.keep is None:
        return None
    level = [m.score for m in marks.values() if stage.pass_mark is None or m.score >= stage.pass_mark]
    return sorted(level, reverse=True)[stage.keep - 1] if len(level) > stage.keep else None


def _standing(stage: Stage, score: int, line: int | None) -> str:
    if stage.pass_mark is not None and score < stage.pass_mark:
        return BELOW_MARK
    return BELOW_LINE if line is not None and score < line else PASSED


def stage_rows(rules: Round, runs: Sequence[StageRun]) -> Iterator[tuple[str, ...]]:
    """Write `stages.csv`: in the order of the stages, then of the result numbers."""
    for stage, run in zip(rules.stages, runs, strict=True):
        for number, mark in run.marks.items():
            criteria = ";".join(written(value, HUNDREDTH.digits) for value in mark.criteria)
            score = written(mark.score, stage.step.digits)
            yield stage.code, str(number), score, criteria, run.standings[number]


class PublishedMarks:
    """Marks as rows of `stages.csv` state them; each is checked to be one that the stage can give."""

    def __init__(self, rows: Iterable[Sequence[str]], rules: Round, differs: DiffersAtRow) -> None:
        """Read the rows; their order and participants are checked when they are compared with what was computed.

        Args:
            rows: The rows of `stages.csv`.
            rules: The round.
            differs: Makes the error for a row's index, a column (or none), what was expected and what was found.
        """
        self._differs, self._rows = differs, 0
        self._by_stage: list[dict[int, Mark]] = [{} for _ in rules.stages]
        positions = {stage.code: position for position, stage in enumerate(rules.stages)}
        limits = [_Limits(stage) for stage in rules.stages]
        for index, (code, number, score, criteria, _) in enumerate(rows):
            self._rows = index + 1
            position = positions.get(code)
            if position is None:
                raise differs(index, "stage", "a stage of the round", code)
            result_no = whole(number)
            if result_no is None or result_no in self._by_stage[position]:
                raise differs(index, "result_no", "a result number, once in a stage", number)
            points = limits[position].score(score)
            if points is None:
                raise differs(index, "score", limits[position].described, score)
            means = limits[position].criteria(criteria)
            if means is None:
                raise differs(index, "criteria", "every criterion's mean with two digits, 0 to its max", criteria)
            self._by_stage[position][result_no] = Mark(points, means)

    def marks(self, position: int, participants: Sequence[int]) -> dict[int, Mark]:
        """Return the stated marks of the participants; a difference where one is missing."""
        stated = self._by_stage[position]
        for number in participants:
            if number not in stated:
                raise self._differs(
                    self._rows, "", f"a row of result_no {number} in each stage it takes part in", "none"
                )
        return {number: stated[number] for number in participants}


class _Limits:
    """The scores and criteria means that a stage can give."""

    def __init__(self, stage: Stage) -> None:
        points = 10**stage.point_step.digits
        self._step = stage.step
        self._greatest = rounded(stage.maximum, points, stage.step)
        self._criteria = [rounded(criterion.maximum, points, HUNDREDTH) for criterion in stage.criteria]
        self.described = (
            f"a multiple of {written(stage.step.units, stage.step.digits)} "
            f"from 0 to {written(self._greatest, stage.step.digits)}"
        )

    def score(self, text: str) -> int | None:
        value = decimal(text, self._step.digits)
        if value is None or not 0 <= value <= self._greatest or value % self._step.units:
            return None
        return value

    def criteria(self, cell: str) -> tuple[int, ...] | None:
        values = [decimal(text, HUNDREDTH.digits) for text in cell.split(";")]
        if len(values) != len(self._criteria):
            return None
        means = tuple(value for value in values if value is not None and value >= 0)
        if len(means) != len(values) or any(a > b for a, b in zip(means, self._criteria, strict=True)):
            return None
        return means
