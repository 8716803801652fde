"""The score versions: their commitments, and in an auditor's dossier the scores themselves (section 7)."""

from __future__ import annotations

import re
from bisect import bisect_left
from hashlib import sha256
from itertools import pairwise
from operator import ge
from typing import TYPE_CHECKING, NamedTuple

from .hashes import framed, merkle_root_of_texts
from .numbers import HASH_DIGITS, HUNDREDTH, TEN_THOUSANDTH, all_hashes, decimal, is_hash, is_time, rounded
from .report import DifferenceError
from .stages import Mark

if TYPE_CHECKING:
    from .assignment import Panels
    from .pool import Pool
    from .rounds import Round, Stage
    from .tables import Sheet

FILE = "auditor/scores.csv"
NO_SALT = "0" * HASH_DIGITS
_COMMITMENT = re.compile(r"[01],[0-9a-f]{64}")
Points = tuple[int, ...]
# Points by result number and reviewer, in units of the stage's point_step.
Sheaf = dict[int, dict[str, Points]]


class Committed(NamedTuple):
    """The commitments of phase 0 and 1, each ascending, and the root of phase 0."""

    phases: tuple[list[str], list[str]]
    root: str


def read_commitments(sheet: Sheet, *, addendum: bool) -> Committed:
    """Read `scores.csv`: ascending by phase, then by commitment, none twice; phase 1 only in an addendum.

    As every line is a digit, a comma and 64 digits, the lines have that order exactly if they ascend as texts.
    """
    lines = sheet.lines
    for index, match in enumerate(map(_COMMITMENT.fullmatch, lines)):
        if match is None:
            raise sheet.differs(index, "", "phase 0 or 1, and a commitment of 64 hexadecimal digits", lines[index])
    if any(map(ge, lines, lines[1:])):
        index = next(i for i, (line, following) in enumerate(pairwise(lines), 1) if line >= following)
        raise sheet.differs(index, "", f"a line after {lines[index - 1]}", lines[index])
    first = bisect_left(lines, "1")
    phases = [line[2:] for line in lines[:first]], [line[2:] for line in lines[first:]]
    if phases[1] and not addendum:
        raise sheet.differs(len(phases[0]), "phase", "0, this being no addendum", "1")
    return Committed(phases, merkle_root_of_texts(phases[0]))


class Scores(NamedTuple):
    """The last version of every score, by phase and stage position."""

    last: tuple[list[Sheaf], list[Sheaf]]


def open_scores(sheet: Sheet, rules: Round, pool: Pool, committed: Committed) -> Scores:
    """Open every commitment of `scores.csv` with `auditor/scores.csv`, and keep the last versions."""
    opener = _Opener(sheet, rules, pool, committed)
    opener.take_all()
    opener.must_be_complete()
    return opener.scores


class _Entered(NamedTuple):
    """A receipt at a stage: both framed, what reads their points, and the last versions by phase and reviewer."""

    framed: bytes
    reader: _PointsReader
    last: tuple[dict[str, Points], dict[str, Points]]


class _Opener:
    """Takes the rows of `auditor/scores.csv` one after another; what is hashed again and again is framed once."""

    def __init__(self, sheet: Sheet, rules: Round, pool: Pool, committed: Committed) -> None:
        self.scores = Scores(([{} for _ in rules.stages], [{} for _ in rules.stages]))
        self._sheet, self._receipts = sheet, pool.receipts
        self._numbers = {str(number): number for number in pool.receipts}
        self._positions = {stage.code: position for position, stage in enumerate(rules.stages)}
        self._readers = [_PointsReader(stage) for stage in rules.stages]
        self._unopened = ({*committed.phases[0]}, {*committed.phases[1]})
        self._place, self._last_reviewer, self._versions, self._last_phase = (-1, 0), "", 0, 0

    def take_all(self) -> None:
        """Check every version and open its commitment."""
        columns = self._sheet.cells()
        self._must_be_salts(columns[-1])
        names = {reviewer: framed(reviewer) for reviewer in {*columns[2]}}
        times = {at: framed(at) for at in {*columns[6]} if is_time(at)}
        beginning, counts = framed("panro-score-1") + framed(NO_SALT).removesuffix(NO_SALT.encode()), _Counts()
        entered, unopened = ("", ""), self._unopened
        for index, (stage, result_no, reviewer, version, phase, points, at, salt) in enumerate(
            zip(*columns, strict=True)
        ):
            if (stage, result_no) != entered:
                receipt, reader, by_reviewer = self._enter(index, stage, result_no)
                entered = stage, result_no
            which = self._phase(index, reviewer, version, phase)
            known = reader.known.get(points) or reader.read(points)
            if known is None:
                raise self._differs(index, "points", reader.described, points)
            if at not in times:
                raise self._differs(index, "at", "a time as YYYY-MM-DDTHH:MM:SSZ", at)
            values, written = known
            parts = salt.encode() + receipt + names[reviewer] + counts[version, phase] + written + times[at]
            opened = sha256(beginning + parts).hexdigest()
            if opened not in unopened[which]:
                wanted = f"a score whose commitment is in scores.csv, phase {phase}"
                raise self._differs(index, "", wanted, opened)
            unopened[which].remove(opened)
            by_reviewer[which][reviewer] = values

    def _must_be_salts(self, salts: list[str]) -> None:
        if not all_hashes(salts):
            index = next(i for i, salt in enumerate(salts) if not is_hash(salt))
            raise self._differs(index, "salt", "64 lower-case hexadecimal digits", salts[index])

    def _enter(self, index: int, stage: str, result_no: str) -> _Entered:
        """Begin with a receipt at a stage, in their order."""
        position, number = self._positions.get(stage), self._numbers.get(result_no)
        if position is None or number is None:
            column = "stage" if position is None else "result_no"
            raise self._differs(index, column, "a stage and a result number of the round", f"{stage}, {result_no}")
        if (position, number) <= self._place:
            raise self._out_of_order(index)
        self._place, self._last_reviewer, self._versions, self._last_phase = (position, number), "", 0, 0
        first, again = (sheaves[position].setdefault(number, {}) for sheaves in self.scores.last)
        return _Entered(framed(stage) + framed(self._receipts[number]), self._readers[position], (first, again))

    def _phase(self, index: int, reviewer: str, version: str, phase: str) -> int:
        """Check order, version and phase of a row; returns the phase."""
        if reviewer != self._last_reviewer:
            if reviewer < self._last_reviewer:
                raise self._out_of_order(index)
            self._last_reviewer, self._versions, self._last_phase = reviewer, 0, 0
        self._versions += 1
        if version != str(self._versions):
            raise self._differs(index, "version", str(self._versions), version)
        if phase != str(self._last_phase) and (phase, self._last_phase) != ("1", 0):
            raise self._differs(index, "phase", f"{self._last_phase} or higher, at most 1", phase)
        self._last_phase = int(phase)
        return self._last_phase

    def _out_of_order(self, index: int) -> DifferenceError:
        row = self._sheet.lines[index]
        return self._differs(index, "", "order of stage, result number, reviewer, version", row)

    def _differs(self, index: int, column: str, expected: str, found: str) -> DifferenceError:
        return self._sheet.differs(index, column, expected, found)

    def must_be_complete(self) -> None:
        """A difference if a commitment was not opened."""
        for phase, commitments in enumerate(self._unopened):
            if commitments:
                wanted = f"the score of commitment {min(commitments)}, phase {phase}"
                raise DifferenceError(FILE, "all lines", wanted, "no such score")


class _Counts(dict[tuple[str, str], bytes]):
    """Version and phase, framed."""

    def __missing__(self, key: tuple[str, str]) -> bytes:
        version, phase = key
        self[key] = framed(version) + framed(phase)
        return self[key]


class _PointsReader:
    """Reads the points of one version, and frames their text; texts met before are not parsed again."""

    def __init__(self, stage: Stage) -> None:
        self.known: dict[str, tuple[Points, bytes]] = {}
        self._stage = stage
        self._parsed: list[dict[str, int]] = [{} for _ in stage.criteria]
        self.described = "points of every criterion, multiples of point_step from 0 to its max"

    def read(self, cell: str) -> tuple[Points, bytes] | None:
        """Return the points that a cell writes and the cell framed, or None if it writes none of the stage."""
        texts = cell.split(";")
        if len(texts) != len(self._parsed):
            return None
        try:
            values = tuple([parsed[text] for parsed, text in zip(self._parsed, texts, strict=True)])
        except KeyError:
            if not self._parse(texts):
                return None
            return self.read(cell)
        self.known[cell] = values, framed(cell)
        return self.known[cell]

    def _parse(self, texts: list[str]) -> bool:
        step = self._stage.point_step
        for parsed, text, criterion in zip(self._parsed, texts, self._stage.criteria, strict=True):
            value = decimal(text, step.digits)
            if value is None or not 0 <= value <= criterion.maximum or value % step.units:
                return False
            parsed[text] = value
        return True


def must_be_members(stage: Stage, pool: Pool, sheaf: Sheaf, panels: Panels, phase: int) -> None:
    """A difference if a score is by somebody who never was in the receipt's panel."""
    for number, by_reviewer in sheaf.items():
        ever = panels.ever.get(pool.receipts[number], set())
        if not by_reviewer.keys() <= ever:
            raise DifferenceError(
                FILE,
                f"stage {stage.code}, result_no {number}, phase {phase}",
                "scores only by reviewers who are or were in the panel",
                min(by_reviewer.keys() - ever),
            )


def panel_points(
    stage: Stage, receipts: dict[int, str], sheaf: Sheaf, panels: Panels, phase: int
) -> dict[int, list[Points]]:
    """Return the points that count for each participant, in the order of the slots; none may be missing."""
    counted: dict[int, list[Points]] = {}
    for number, receipt in receipts.items():
        given = sheaf.get(number, {})
        members = panels.members[receipt]
        missing = [reviewer for reviewer in members if reviewer not in given]
        if missing:
            where = f"stage {stage.code}, result_no {number}, phase {phase}"
            raise DifferenceError(FILE, where, f"a score of {missing[0]}", "none")
        counted[number] = [given[reviewer] for reviewer in members]
    return counted


def severities(
    stage: Stage, receipts: dict[int, str], counted: dict[int, list[Points]], panels: Panels
) -> dict[str, int]:
    """Return every reviewer's severity in ten-thousandths (section 7)."""
    if stage.aggregate != "panel_adjusted":
        return {}
    size = stage.panel
    above: dict[str, int] = {}
    seen: dict[str, int] = {}
    for number, points in counted.items():
        totals = [sum(values) for values in points]
        together = sum(totals)
        for reviewer, total in zip(panels.members[receipts[number]], totals, strict=True):
            above[reviewer] = above.get(reviewer, 0) + size * total - together
            seen[reviewer] = seen.get(reviewer, 0) + 1
    scale = 10**stage.point_step.digits
    return {
        reviewer: rounded(above[reviewer], (size - 1) * seen[reviewer] * scale, TEN_THOUSANDTH) for reviewer in above
    }


def mark_of(stage: Stage, points: list[Points], severity: int) -> Mark:
    """Return the stage score and the criteria means of one panel (sections 5 and 7).

    Args:
        stage: The stage.
        points: Every member's points.
        severity: The sum of the members' severities, in ten-thousandths; 0 unless panel-adjusted.
    """
    scale, size = 10**stage.point_step.digits, len(points)
    totals = [sum(values) for values in points]
    if stage.aggregate == "trimmed_mean":
        score = rounded(sum(totals) - max(totals) - min(totals), (size - 2) * scale, stage.step)
    elif stage.aggregate == "panel_adjusted":
        fine = 10**TEN_THOUSANDTH.digits
        share = sum(totals) * fine - severity * scale
        share = min(max(share, 0), stage.maximum * fine * size)
        score = rounded(share, size * scale * fine, stage.step)
    else:
        score = rounded(sum(totals), size * scale, stage.step)
    means = tuple(rounded(sum(column), size * scale, HUNDREDTH) for column in zip(*points, strict=True))
    return Mark(score, means)
