"""Score sheets from a file instead of simulated reviewers: one line each, as `docs/rehearsal.md` tells."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final, NamedTuple

from panro.dossier.sources import Departures, Sheet
from panro.korea.text import Text
from panro.rehearsal.cells import read_list
from panro.rehearsal.files import Line, LineError, Rejects, read_lines
from panro.rules.selection.model import Conflict, Panel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from panro.rules.edition.model import Edition
    from panro.rules.edition.programme import Stage
    from panro.rules.selection.model import Phase
    from panro.rules.selection.round_rules import ScoredStage

COLUMNS: Final = ("round", "stage", "application", "reviewer", "points", "at")
REQUIRED: Final = ("round", "application", "reviewer", "points")
_ELSEWHERE: Final = "sits_in_another_panel"


class FileSheet(NamedTuple):
    """One sheet of the file; ``at`` None where the file does not say when."""

    points: tuple[Decimal, ...]
    at: datetime | None


class IncompletePanelError(ValueError):
    """Applications have not as many sheets as the panel has members: their applicants and numbers of sheets."""

    def __init__(self, stage: str, panel: int, found: Mapping[str, int]) -> None:
        super().__init__(f"stage {stage}: {len(found)} applications have not exactly {panel} sheets")
        self.stage = stage
        self.panel = panel
        self.found = found


@dataclass(slots=True)
class ScoreFile:
    """All sheets, by round id and stage, then by applicant and reviewer."""

    name: str
    sheets: dict[tuple[str, str], dict[str, dict[str, FileSheet]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )
    count: int = 0

    def leave_out(self, missing: IncompletePanelError, round_id: str, rejects: Rejects) -> None:
        """Report applications that cannot be evaluated."""
        for applicant, count in sorted(missing.found.items()):
            reason = Text(
                ko=f"{round_id} {missing.stage}: 평가표가 {missing.panel}장이어야 하는데 {count}장입니다. "
                "이 신청은 빼고 진행했습니다.",
                en=f"{round_id} {missing.stage}: {missing.panel} sheets are needed, found {count}; "
                "the application was taken out",
            )
            rejects.add(self.name, Line(0, {"application": applicant}), reason)


def read_scores(path: Path, edition: Edition, rejects: Rejects) -> ScoreFile:
    """Read a file of score sheets; lines that cannot be used go to the rejects.

    Raises:
        FileError: the file cannot be used at all.
    """
    found = ScoreFile(path.name)
    for line in read_lines(path, required=REQUIRED, known=COLUMNS, rejects=rejects):
        try:
            _take(found, line.cells, edition)
        except LineError as error:
            rejects.add(path.name, line, error.text)
    return found


def _take(found: ScoreFile, cells: Mapping[str, str], edition: Edition) -> None:
    round_id = cells["round"]
    stage = _stage(round_id, cells.get("stage", ""), edition)
    applicant, reviewer = cells["application"].replace("-", ""), cells["reviewer"]
    if cells["application"].startswith("person"):
        applicant = cells["application"]
    if not applicant or not reviewer:
        raise LineError("application과 reviewer를 채워 주세요.", "application and reviewer: fill both in")
    sheets = found.sheets[round_id, stage.code][applicant]
    if reviewer in sheets:
        raise LineError(
            f"{reviewer}이(가) 같은 신청에 두 번 채점했습니다.", f"{reviewer} has a sheet for this application already"
        )
    sheets[reviewer] = FileSheet(_points(cells["points"], stage), _at(cells.get("at", "")))
    found.count += 1


def _stage(round_id: str, code: str, edition: Edition) -> Stage:
    edition_code, _, rest = round_id.partition("/")
    programme_code, _, round_code = rest.partition("/")
    try:
        programme = edition.programme(programme_code)
        round_ = programme.round(round_code)
    except KeyError:
        programme = None
    if programme is None or edition_code != edition.head.code:
        raise LineError(
            f"round: {round_id!r} 차수가 없습니다. {edition.head.code}/3-1/R1처럼 적어 주세요.",
            f"round: there is no {round_id!r}; write it like {edition.head.code}/3-1/R1",
        )
    scored = {stage.code: stage for stage in programme.stages_of(round_) if stage.scored}
    if not code and len(scored) == 1:
        code = next(iter(scored))
    if code not in scored:
        there = ", ".join(scored)
        raise LineError(
            f"stage: {code!r} 단계가 없습니다. 있는 단계: {there}", f"stage: no {code!r}; there are {there}"
        )
    return scored[code]


def _points(text: str, stage: Stage) -> tuple[Decimal, ...]:
    """Read ``criterion=points`` pairs; every criterion once, on the grid, within its maximum."""
    given: dict[str, str] = {}
    for part in read_list(text):
        code, _, number = part.partition("=")
        given[code.strip()] = number.strip()
    codes = [criterion.code for criterion in stage.rubric]
    if sorted(given) != sorted(codes):
        raise LineError(
            f"points: {', '.join(codes)}을(를) 한 번씩 적어 주세요.", f"points: give each of {', '.join(codes)} once"
        )
    return tuple(_one(given[one.code], one.code, one.max, stage.point_step) for one in stage.rubric)


def _one(text: str, code: str, most: Decimal, step: Decimal) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number <= most or number % step:
        raise LineError(
            f"points: {code}은(는) 0에서 {most}까지 {step} 간격입니다. (받은 값: {text!r})",
            f"points: {code} goes from 0 to {most} by {step}; found {text!r}",
        )
    return number.quantize(step)


def _at(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise LineError(
            f"at: {text!r} 대신 2021-05-03T01:00:00Z처럼 적어 주세요.", f"at: write {text!r} like 2021-05-03T01:00:00Z"
        )
    return at.astimezone(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class FileReviewers:
    """Lets the sheets of a file stand in for reviewers.

    Who judged whom is what the file says; so everybody else in the roster is given a conflict with the application,
    and the procedure of the specification can come to no other panel.
    """

    sheets_of: Mapping[tuple[str, str], Mapping[str, Mapping[str, FileSheet]]]
    round_id: str
    applicants: Sequence[str]
    """By result number, from 1."""
    begins: datetime

    def panel(self, stage: ScoredStage, receipts: Mapping[int, str]) -> Panel:
        """Give the reviewers of the file; raises IncompletePanelError for applications without a full panel."""
        found = self.sheets_of.get((self.round_id, stage.code), {})
        counts = {self.applicants[number - 1]: len(found.get(self.applicants[number - 1], {})) for number in receipts}
        short = {applicant: count for applicant, count in counts.items() if count != stage.panel}
        if short:
            raise IncompletePanelError(stage.code, stage.panel, short)
        roster = sorted({reviewer for applicant in counts for reviewer in found[applicant]})
        conflicts = [
            Conflict(receipt, reviewer, _ELSEWHERE)
            for number, receipt in receipts.items()
            for reviewer in roster
            if reviewer not in found[self.applicants[number - 1]]
        ]
        return Panel(tuple(roster), tuple(conflicts))

    def departures(
        self, stage: ScoredStage, receipts: Mapping[int, str], seats: Mapping[int, tuple[str, ...]]
    ) -> Departures:
        """Nobody leaves: the file has the sheets of those who stayed."""
        del stage, receipts, seats
        return Departures()

    def sheets(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]], phase: Phase) -> Iterator[Sheet]:
        """Give the sheets of the file."""
        del phase
        found = self.sheets_of[self.round_id, stage.code]
        for number, members in seats.items():
            for reviewer in members:
                sheet = found[self.applicants[number - 1]][reviewer]
                yield Sheet(number, reviewer, 1, sheet.points, sheet.at or self.begins)
