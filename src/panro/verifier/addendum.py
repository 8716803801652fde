"""Objections: the result before, the re-run, and who keeps a place (section 10)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from .draw import read_stage_commitments
from .files import COLUMNS
from .numbers import whole
from .opened import ObjectionMarks, open_changes
from .pool import ELIGIBLE, Case, parse_case
from .selection import rank, results, select
from .stages import PublishedMarks, run_stages, stage_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .assignment import Panels
    from .basis import Basis, Outcome
    from .report import DifferenceError
    from .rounds import Round
    from .selection import Result
    from .stages import Mark, MarkSource, StageRun
    from .tables import Node

FILE = "addendum.json"
SAME_FILES = ("rules.json", "programme.json", "panels.json", "pool.csv", "draw.json")
KEYS = ("number", "of", "objections", "cases", "stages", "panels")


class Addendum(NamedTuple):
    """`addendum.json`: whose scores were given anew, and cases and rows of `stages.csv` as they were before.

    `rounds` are the objections by the addendum that first had them, `objectors` all of them, `concerned` they and
    those whose requirement was decided anew. `panels` are the commitments to what changed in the new panels.
    """

    node: Node
    number: int
    of: str
    rounds: tuple[tuple[int, ...], ...]
    objectors: frozenset[int]
    concerned: frozenset[int]
    cases_before: dict[int, Case]
    stages_before: tuple[tuple[str, ...], ...]
    panels: dict[str, str]


class Before(NamedTuple):
    """What the re-run takes from the result before: lines, and who was selected in which step."""

    lines: Sequence[int | None]
    selected: Mapping[int, str]


def read_addendum(node: Node, rules: Round, cases: Mapping[int, Case]) -> Addendum:
    """Read `addendum.json`; a difference where it is not as section 10 says."""
    keys = node.fields(KEYS)
    number, of = keys["number"].whole(1), keys["of"].hash()
    rounds = _rounds(keys["objections"], number, cases)
    objectors = frozenset(one for numbers in rounds for one in numbers)
    changed: dict[int, Case] = {}
    for item in keys["cases"].items():
        result_no, case = _case(item, rules, cases)
        if changed and result_no <= max(changed):
            raise item.differs("ascending result numbers without repetition", str(result_no))
        without_scores = not rules.stages or cases[result_no].requirement != ELIGIBLE
        if result_no not in objectors and not without_scores:
            raise item.differs("a number that is in objections too, being eligible now", str(result_no))
        changed[result_no] = case
    rows = tuple(tuple(_cells(item, COLUMNS["stages.csv"]).values()) for item in keys["stages"].items())
    return Addendum(
        node,
        number,
        of,
        rounds,
        objectors,
        objectors | changed.keys(),
        {**cases, **changed},
        rows,
        read_stage_commitments(keys["panels"], rules),
    )


def _rounds(node: Node, count: int, cases: Mapping[int, Case]) -> tuple[tuple[int, ...], ...]:
    """Read the objections: ascending result numbers for each addendum so far, none in two of them."""
    rounds: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for one in node.items():
        numbers = tuple(_result_number(item, item.whole(1), cases) for item in one.items())
        if any(a >= b for a, b in pairwise(numbers)):
            raise one.differs("ascending result numbers without repetition")
        if not seen.isdisjoint(numbers):
            raise one.differs("numbers that are in no array before", str(min(seen.intersection(numbers))))
        seen.update(numbers)
        rounds.append(numbers)
    if len(rounds) != count:
        raise node.differs(f"{count} arrays, the addendum's number", f"{len(rounds)} arrays")
    return tuple(rounds)


def _cells(node: Node, columns: Sequence[str]) -> dict[str, str]:
    """Return a row of a CSV file that is written as an object by column name."""
    keys = node.fields(columns)
    return {column: keys[column].text() for column in columns}


def _result_number(node: Node, number: int, cases: Mapping[int, Case]) -> int:
    if number not in cases:
        raise node.differs("a result number", str(number))
    return number


def _case(node: Node, rules: Round, cases: Mapping[int, Case]) -> tuple[int, Case]:
    cells, keys = _cells(node, COLUMNS["cases.csv"]), node.members()
    number = whole(cells["result_no"]) or 0
    _result_number(keys["result_no"], number, cases)

    def differs(column: str, expected: str, found: str) -> DifferenceError:
        return keys[column].differs(expected, found)

    case = parse_case([*cells.values()][1:], rules, differs)
    if case.track != cases[number].track:
        raise keys["track"].differs(f"{cases[number].track}, the receipt's track")
    return number, case


def compute(basis: Basis, cases: Mapping[int, Case], source: MarkSource, before: Before | None = None) -> Outcome:
    """Compute stages, order, places and results with the given cases and marks.

    Args:
        basis: The round, its pool and draw.
        cases: What was decided on the requirements.
        source: Gives the marks.
        before: In a re-run, what it takes from the result before.
    """
    rules = basis.rules
    eligible = [number for number, case in cases.items() if case.requirement == ELIGIBLE]
    runs = run_stages(rules, eligible, source, None if before is None else before.lines)
    chosen = select(rules, cases, rank(rules, basis.pool, cases, runs, basis.draw))
    found = results(rules, cases, runs, chosen, None if before is None else before.selected)
    return basis.outcome(runs, chosen, found)


def taken_from(outcome: Outcome) -> Before:
    """Return what a re-run takes from the result before."""
    return Before([run.line for run in outcome.runs], outcome.chosen.steps)


class PublishedBefore:
    """Marks of before in a public dossier: those that the addendum states, else those of `stages.csv`."""

    def __init__(self, published: PublishedMarks, addendum: Addendum, rules: Round) -> None:
        """Take the marks of the re-run, and what the addendum says of before."""
        self._published, self._concerned = published, addendum.concerned
        self._own = marks_of_rows(addendum, rules)

    def marks(self, position: int, participants: Sequence[int]) -> dict[int, Mark]:
        """Return the marks of the participants."""
        own = self._own.marks(position, [n for n in participants if n in self._concerned])
        others = self._published.marks(position, [n for n in participants if n not in self._concerned])
        return {number: own[number] if number in own else others[number] for number in participants}


def marks_of_rows(addendum: Addendum, rules: Round) -> PublishedMarks:
    """Read the rows of `stages.csv` in `addendum.json`."""
    node = addendum.node.members()["stages"]

    def differs(index: int, column: str, expected: str, found: str) -> DifferenceError:
        items = node.items()
        row = items[index] if index < len(items) else node
        return (row.members()[column] if column else row).differs(expected, found)

    return PublishedMarks(addendum.stages_before, rules, differs)


def must_list_stages(addendum: Addendum, rules: Round, before: Sequence[StageRun]) -> None:
    """Check that `stages` holds, of all whom the addendum concerns, the rows of `stages.csv` before (section 10)."""
    node = addendum.node.members()["stages"]
    expected = [row for row in stage_rows(rules, before) if int(row[1]) in addendum.concerned]
    for item, wanted, found in zip(node.items(), expected, addendum.stages_before, strict=False):
        if wanted != found:
            raise item.differs(",".join(wanted), ",".join(found))
    if len(expected) != len(addendum.stages_before):
        raise node.differs(
            f"{len(expected)} rows, those of objections and cases", f"{len(addendum.stages_before)} rows"
        )


class PublishedAgain:
    """Marks of a re-run in a public dossier: those stated for objectors, those of before for everybody else."""

    def __init__(self, stated: PublishedMarks, before: Sequence[StageRun], objectors: frozenset[int]) -> None:
        """Take the stated marks and the stages of before."""
        self._stated, self._before, self._objectors = stated, before, objectors

    def marks(self, position: int, participants: Sequence[int]) -> dict[int, Mark]:
        """Return the marks of the participants."""
        again = self._stated.marks(position, [n for n in participants if n in self._objectors])
        before = self._before[position].marks
        return {number: again[number] if number in again else before[number] for number in participants}


def recompute_opened(basis: Basis, addendum: Addendum) -> tuple[Outcome, Outcome, list[Panels]]:
    """Return the result before, the re-run and its new panels, computed from the opened scores."""
    first = basis.opened_marks()
    before = compute(basis, addendum.cases_before, first)
    source = ObjectionMarks(first, basis, before.runs, addendum.rounds, open_changes(basis, addendum, first.rosters))
    again = compute(basis, basis.cases, source, taken_from(before))
    return before, again, source.panels


def must_change(basis: Basis, addendum: Addendum, original: Outcome) -> None:
    """Check that the original is the dossier this addendum changes, and that nothing else was changed."""
    old = original.basis.dossier
    if addendum.of != old.root:
        raise addendum.node.members()["of"].differs(f"{old.root}, the original's root")
    for name in SAME_FILES:
        if basis.dossier.texts[name] != old.texts[name]:
            raise basis.differs(name, "the whole file", "the same bytes as in the original", "others")
    for number, case in original.basis.cases.items():
        if addendum.cases_before[number] != case:
            where = f"result_no {number}"
            raise basis.differs("cases.csv", where, "the original's row, or that row in addendum.json", "another")
    if old.texts["offers.csv"] != ",".join(COLUMNS["offers.csv"]):
        raise basis.differs("original/offers.csv", "line 2", "no offers before an addendum", "an offer")


def must_agree(basis: Basis, before: Outcome, original: Outcome) -> None:
    """Check that the result before, computed from the scores, is that of the original."""
    for number, row in before.found.items():
        if original.found[number] != row:
            raise basis.differs(
                "original/results.csv", f"result_no {number}", ",".join(row), ",".join(original.found[number])
            )
    for stage, ours, theirs in zip(basis.rules.stages, before.runs, original.runs, strict=True):
        if ours.marks != theirs.marks:
            number = min(n for n in ours.marks if ours.marks[n] != theirs.marks.get(n))
            raise basis.differs(
                "original/stages.csv", f"stage {stage.code}, result_no {number}", "the marks of phase 0", "others"
            )


def difference_rows(before: Mapping[int, Result], after: Mapping[int, Result]) -> Iterator[tuple[str, ...]]:
    """Write `difference.csv`: those whose outcome or total changed, ascending."""
    for number, new in after.items():
        old = before[number]
        if (old.outcome, old.total) != (new.outcome, new.total):
            yield str(number), old.outcome, new.outcome, old.total, new.total
