"""The auditor's files: receipts, facts, panels, assignment and scores, opened (sections 4, 6 and 7)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from .assignment import OBJECTIONS_FILE, Objections, Panels, Roster, assign, assign_for_objections, taking_part
from .hashes import commitment, h
from .numbers import is_hash
from .scores import Scores, mark_of, must_be_members, open_scores, panel_points, severities
from .tables import Node, parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .addendum import Addendum
    from .basis import Basis
    from .draw import Draw
    from .pool import Case, Pool
    from .rounds import Round, Stage
    from .stages import Mark, StageRun
    from .tables import Sheet

FACTS = "auditor/facts.csv"
RECEIPT_KEYS = ("receipt_no", "applicant", "round", "track")
PANEL_KEYS = ("roster", "conflicts", "replaced", "resigned")
TRIPLE = ("receipt", "reviewer", "why")
PAIR = ("reviewer", "replacements before")


def open_receipts(sheet: Sheet, rules: Round, pool: Pool, cases: dict[int, Case]) -> None:
    """Open every receipt of the pool (section 4): its round and track, and no number or applicant twice."""
    seen: tuple[set[object], set[object]] = (set(), set())
    for index, number, payload in _openings(sheet, list(pool.receipts.values())):
        receipt = payload if isinstance(payload, dict) else {}
        receipt_no, applicant, round_id, track = texts = tuple(map(receipt.get, RECEIPT_KEYS))
        if {*map(type, texts)} != {str}:
            raise sheet.differs(index, "payload", f"an object with the texts {', '.join(RECEIPT_KEYS)}", str(payload))
        if (round_id, track) != (rules.round_id, cases[number].track):
            wanted = f"round {rules.round_id} and track {cases[number].track}, as in cases.csv"
            raise sheet.differs(index, "payload", wanted, f"round {round_id} and track {track}")
        if receipt_no in seen[0] or applicant in seen[1]:
            raise sheet.differs(index, "payload", "no receipt_no and no applicant twice", f"{receipt_no}, {applicant}")
        seen[0].add(receipt_no)
        seen[1].add(applicant)


def open_facts(basis: Basis) -> None:
    """Open the facts of every case; what they say is `panro audit`'s to judge, and nothing here needs it."""
    for _ in _openings(basis.dossier.sheet(FACTS), [case.facts for case in basis.cases.values()]):
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
    return [_roster(panel) for panel in _stage_openings(sheet, rules, panels)]


def open_changes(basis: Basis, addendum: Addendum, rosters: list[Roster]) -> list[list[Changes]]:
    """Open what changed in the new panels: by stage, for every addendum so far (section 10)."""
    sheet = basis.dossier.sheet(OBJECTIONS_FILE)
    found = []
    for roster, node in zip(rosters, _stage_openings(sheet, basis.rules, addendum.panels), strict=True):
        everyone = frozenset(roster.reviewers)
        items = node.items()
        if len(items) != addendum.number:
            raise node.differs(f"{addendum.number} objects, the addendum's number", str(len(items)))
        found.append([_changes(item, everyone) for item in items])
    return found


def _changes(node: Node, roster: frozenset[str]) -> Changes:
    keys = node.fields(("replaced", "resigned"))
    replaced = tuple(_triple(item, roster) for item in keys["replaced"].items())
    return Changes(replaced, _resigned(keys["resigned"], roster))


def _stage_openings(sheet: Sheet, rules: Round, commitments: dict[str, str]) -> list[Node]:
    """Open one commitment for each stage, in their order; returns the payloads."""
    nodes = []
    for index, (code, salt, payload) in enumerate(sheet.rows()):
        if index >= len(rules.stages) or code != rules.stages[index].code:
            wanted = rules.stages[index].code if index < len(rules.stages) else "the end of the file"
            raise sheet.differs(index, "stage", wanted, code)
        value = _opened(sheet, index, salt, payload, commitments[code])
        nodes.append(Node(value, sheet.file, f"line {index + 2}, payload"))
    if len(nodes) < len(rules.stages):
        raise sheet.differs(len(nodes), "", f"stage {rules.stages[len(nodes)].code}", "the end of the file")
    return nodes


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


class Changes(NamedTuple):
    """What changed in the new panels of one addendum's objections at a stage, as `Objections` has it."""

    replaced: tuple[tuple[str, str], ...]
    resigned: dict[str, int]


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
        self,
        first: OpenedMarks,
        basis: Basis,
        before: list[StageRun],
        rounds: Sequence[Sequence[int]],
        changes: list[list[Changes]],
    ) -> None:
        """Take what was computed before the objections.

        Args:
            first: The marks before, with their panels.
            basis: The round.
            before: The stages before.
            rounds: The objections by the addendum that first had them.
            changes: What changed in the new panels, by stage for each of the rounds.
        """
        self._first, self._rules, self._pool = first, basis.rules, basis.pool
        self._before, self._rounds, self._changes = before, rounds, changes
        self._objectors = {number for numbers in rounds for number in numbers}
        self.panels: list[Panels] = []

    def marks(self, position: int, participants: Sequence[int]) -> dict[int, Mark]:
        """Give the objectors their new panels and aggregate the scores of phase 1."""
        stage, first = self._rules.stages[position], self._first
        receipts = first.receipts([number for number in participants if number in self._objectors])
        rounds = [
            Objections(tuple(first.receipts(numbers).values()), *changes)
            for numbers, changes in zip(self._rounds, self._changes[position], strict=True)
        ]
        drawn = assign_for_objections(first.seed(stage), stage, first.rosters[position], first.panels[position], rounds)
        panels = taking_part(stage, drawn, list(receipts.values()))
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


def open_marks(basis: Basis) -> OpenedMarks:
    """Open receipts, panels and scores, and return the source of marks."""
    dossier, rules, pool = basis.dossier, basis.rules, basis.pool
    open_receipts(dossier.sheet("auditor/receipts.csv"), rules, pool, basis.cases)
    rosters = open_rosters(dossier.sheet("auditor/panels.csv"), rules, basis.panels)
    scores = open_scores(dossier.sheet("auditor/scores.csv"), rules, pool, basis.committed)
    return OpenedMarks(rules, pool, basis.draw, rosters, scores)
