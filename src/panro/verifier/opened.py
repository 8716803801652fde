"""The auditor's files: receipts, facts, panels, assignment and scores, opened (sections 4, 6 and 7)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from .assignment import Panels, Roster, assign, assign_for_objections
from .hashes import commitment, h
from .numbers import is_hash
from .scores import Scores, mark_of, must_be_members, open_scores, panel_points, severities
from .tables import Node, parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .basis import Basis
    from .draw import Draw
    from .pool import Case, Pool
    from .rounds import Round, Stage
    from .stages import Mark, StageRun
    from .tables import Sheet

RECEIPT_KEYS = ("receipt_no", "applicant", "round", "track")
PANEL_KEYS = ("roster", "conflicts", "replaced", "resigned")
TRIPLE = ("receipt", "reviewer", "why")
PAIR = ("reviewer", "replacements before")


def open_receipts(sheet: Sheet, rules: Round, pool: Pool, cases: dict[int, Case]) -> None:
    """Open every receipt of the pool (section 4): its round and track, and no number or applicant twice."""
    seen: tuple[set[object], set[object]] = (set(), set())
    for index, number, payload in _openings(sheet, list(pool.receipts.values())):
        receipt = payload if isinstance(payload, dict) else {}
        texts = [receipt.get(key) for key in RECEIPT_KEYS]
        if not all(isinstance(text, str) for text in texts):
            raise sheet.differs(index, "payload", f"an object with the texts {', '.join(RECEIPT_KEYS)}", str(payload))
        receipt_no, applicant, round_id, track = texts
        if (round_id, track) != (rules.round_id, cases[number].track):
            wanted = f"round {rules.round_id} and track {cases[number].track}, as in cases.csv"
            raise sheet.differs(index, "payload", wanted, f"round {round_id} and track {track}")
        if receipt_no in seen[0] or applicant in seen[1]:
            raise sheet.differs(index, "payload", "no receipt_no and no applicant twice", f"{receipt_no}, {applicant}")
        seen[0].add(receipt_no)
        seen[1].add(applicant)


def open_facts(sheet: Sheet, cases: dict[int, Case]) -> None:
    """Open the facts of every case; what they say is `panro audit`'s to judge."""
    for _ in _openings(sheet, [case.facts for case in cases.values()]):
        pass


def _openings(sheet: Sheet, commitments: list[str]) -> Iterator[tuple[int, int, object]]:
    """Yield (line index, result number, payload) of rows that open the commitments one by one."""
    rows = 0
    for index, (number, salt, payload) in enumerate(sheet.rows()):
        rows = index + 1
        if rows > len(commitments) or number != str(rows):
            wanted = str(rows) if rows <= len(commitments) else "the end of the file"
            raise sheet.differs(index, "result_no", wanted, number)
        yield index, rows, _opened(sheet, index, salt, payload, commitments[index])
    if rows < len(commitments):
        raise sheet.differs(rows, "", f"result_no {rows + 1}", "the end of the file")


def _opened(sheet: Sheet, index: int, salt: str, payload: str, expected: str) -> object:
    if not is_hash(salt):
        raise sheet.differs(index, "salt", "64 lower-case hexadecimal digits", salt)
    value = parse_json(payload, sheet.file, f"line {index + 2}, payload")
    found = commitment(salt, payload)
    if found != expected:
        raise sheet.differs(index, "", f"salt and payload of commitment {expected}", f"those of {found}")
    return value


def open_rosters(sheet: Sheet, rules: Round, panels: dict[str, str]) -> list[Roster]:
    """Open the panel of every stage: one row for each, in the order of the stages."""
    rosters = []
    for index, (code, salt, payload) in enumerate(sheet.rows()):
        if index >= len(rules.stages) or code != rules.stages[index].code:
            wanted = rules.stages[index].code if index < len(rules.stages) else "the end of the file"
            raise sheet.differs(index, "stage", wanted, code)
        panel = _opened(sheet, index, salt, payload, panels[code])
        rosters.append(_roster(Node(panel, sheet.file, f"line {index + 2}, payload")))
    if len(rosters) < len(rules.stages):
        raise sheet.differs(len(rosters), "", f"stage {rules.stages[len(rosters)].code}", "the end of the file")
    return rosters


def _roster(panel: Node) -> Roster:
    keys = panel.fields(PANEL_KEYS)
    reviewers = _ascending(keys["roster"])
    everyone = frozenset(reviewers)
    conflicts: dict[str, set[str]] = {}
    pairs = [_triple(item, everyone) for item in keys["conflicts"].items()]
    if any(pair >= following for pair, following in pairwise(pairs)):
        raise keys["conflicts"].differs("ascending order without a repeated pair")
    for receipt, reviewer in pairs:
        conflicts.setdefault(receipt, set()).add(reviewer)
    return Roster(
        reviewers,
        {receipt: frozenset(names) for receipt, names in conflicts.items()},
        tuple(_triple(item, everyone) for item in keys["replaced"].items()),
        _resigned(keys["resigned"], everyone),
    )


def _resigned(node: Node, roster: frozenset[str]) -> dict[str, int]:
    """Return who resigned, with the number of replacements before it."""
    resigned: dict[str, int] = {}
    last = ""
    for item in node.items():
        parts = item.items()
        if len(parts) != len(PAIR):
            raise item.differs("an array of reviewer and a number of replacements")
        reviewer = _in_roster(parts[0], roster)
        if reviewer <= last:
            raise parts[0].differs(f"a reviewer after {last}")
        resigned[reviewer] = parts[1].whole()
        last = reviewer
    return resigned


def _in_roster(node: Node, roster: frozenset[str]) -> str:
    if node.text() not in roster:
        raise node.differs("a reviewer of the roster")
    return node.text()


def _triple(node: Node, roster: frozenset[str]) -> tuple[str, str]:
    parts = node.items()
    if len(parts) != len(TRIPLE):
        raise node.differs("an array of receipt, reviewer and why")
    receipt, reviewer, why = parts
    why.text()
    return receipt.hash(), _in_roster(reviewer, roster)


def _ascending(node: Node) -> tuple[str, ...]:
    names = tuple(item.name() for item in node.items())
    if any(a >= b for a, b in pairwise(names)):
        raise node.differs("ascending order without repetition")
    return names


class OpenedMarks:
    """Marks computed from the opened scores of phase 0, with the panels they were assigned to."""

    def __init__(self, rules: Round, pool: Pool, draw: Draw, rosters: list[Roster], scores: Scores) -> None:
        """Take what the auditor's files opened to."""
        self._rules, self._pool, self._draw = rules, pool, draw
        self.rosters, self.scores = rosters, scores
        self.panels: list[Panels] = []
        self.severities: list[dict[str, int]] = []

    def seed(self, stage: Stage) -> str:
        """Return A of section 6."""
        draw = self._draw
        return h(
            "panro-assignment-1", draw.round_id, stage.code, draw.assignment_event, draw.assignment_value,
            self._pool.root,
        )  # fmt: skip

    def receipts(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return the commitments of receipts by result number."""
        return {number: self._pool.receipts[number] for number in numbers}

    def marks(self, position: int, participants: Sequence[int]) -> dict[int, Mark]:
        """Assign the panels of the stage and aggregate their scores."""
        stage, receipts = self._rules.stages[position], self.receipts(participants)
        panels = assign(self.seed(stage), stage, self.rosters[position], list(receipts.values()))
        sheaf = self.scores.last[0][position]
        must_be_members(stage, self._pool, sheaf, panels, 0)
        counted = panel_points(stage, receipts, sheaf, panels, 0)
        severity = severities(stage, receipts, counted, panels)
        self.panels.append(panels)
        self.severities.append(severity)
        return {
            number: mark_of(stage, points, _sum(severity, panels.members[receipts[number]]))
            for number, points in counted.items()
        }


class ObjectionMarks:
    """Marks of a re-run (section 10): new panels for the objectors, the marks of before for everybody else."""

    def __init__(
        self, first: OpenedMarks, rules: Round, pool: Pool, before: list[StageRun], objectors: frozenset[int]
    ) -> None:
        """Take what was computed before the objections."""
        self._first, self._rules, self._pool = first, rules, pool
        self._before, self._objectors = before, objectors
        self.panels: list[Panels] = []

    def marks(self, position: int, participants: Sequence[int]) -> dict[int, Mark]:
        """Give the objectors their new panels and aggregate the scores of phase 1."""
        stage, first = self._rules.stages[position], self._first
        receipts = first.receipts([number for number in participants if number in self._objectors])
        panels = assign_for_objections(
            first.seed(stage), stage, first.rosters[position], first.panels[position], list(receipts.values())
        )
        sheaf = first.scores.last[1][position]
        must_be_members(stage, self._pool, sheaf, panels, 1)
        counted = panel_points(stage, receipts, sheaf, panels, 1)
        severity = first.severities[position]
        self.panels.append(panels)
        again = {
            number: mark_of(stage, points, _sum(severity, panels.members[receipts[number]]))
            for number, points in counted.items()
        }
        before = self._before[position].marks
        return {number: again[number] if number in again else before[number] for number in participants}


def _sum(severity: dict[str, int], members: list[str]) -> int:
    return sum(severity.get(reviewer, 0) for reviewer in members)


def assignment_rows(rules: Round, pool: Pool, first: list[Panels], second: list[Panels]) -> Iterator[tuple[str, ...]]:
    """Write `auditor/assignment.csv`: stages in order; in each phase 0, then phase 1; result numbers, then slots."""
    for position, stage in enumerate(rules.stages):
        for phase, panels in enumerate((first[position], *second[position : position + 1])):
            for number, receipt in pool.receipts.items():
                for slot, reviewer in enumerate(panels.members.get(receipt, ()), 1):
                    yield stage.code, str(phase), str(number), str(slot), reviewer


def open_all(basis: Basis, panels: dict[str, str]) -> OpenedMarks:
    """Open everything that the public files only commit to, and return the source of marks."""
    dossier, rules, pool = basis.dossier, basis.rules, basis.pool
    open_receipts(dossier.sheet("auditor/receipts.csv"), rules, pool, basis.cases)
    open_facts(dossier.sheet("auditor/facts.csv"), basis.cases)
    rosters = open_rosters(dossier.sheet("auditor/panels.csv"), rules, panels)
    scores = open_scores(dossier.sheet("auditor/scores.csv"), rules, pool, basis.committed)
    return OpenedMarks(rules, pool, basis.draw, rosters, scores)
