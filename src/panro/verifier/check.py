"""The whole verification, in the order of the specification; ends at the first difference."""

from __future__ import annotations

import gc
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .addendum import (
    PublishedAgain,
    PublishedBefore,
    compute,
    difference_rows,
    must_agree,
    must_change,
    must_list_stages,
    read_addendum,
    recompute_opened,
    taken_from,
)
from .apart import Apart
from .basis import Basis, Outcome, read_basis
from .files import MANIFEST, PROOF, read_dossier
from .numbers import is_hash
from .offers import replay
from .opened import FACTS, assignment_rows, open_facts
from .pool import ELIGIBLE
from .proof import Claims, check_proof
from .report import Difference, DifferenceError, Report, printable
from .selection import SELECTED, result_rows
from .stages import PublishedMarks, stage_rows

if TYPE_CHECKING:
    from .addendum import Addendum
    from .assignment import Panels
    from .stages import StageRun


def verify(path: str | Path, head: str | None = None, original: str | Path | None = None) -> Report:
    """Read a dossier and recompute its selection from `docs/selection-spec.md`.

    Args:
        path: The dossier's folder.
        head: The head of the last seal as known from elsewhere, 64 lower-case hexadecimal digits.
        original: For an addendum, the folder of the dossier that it changes.

    Returns:
        A report; its `difference` is None when everything agreed.

    Raises:
        ValueError: If `head` is not 64 lower-case hexadecimal digits.
    """
    if head is not None and not is_hash(head):
        raise ValueError("a head is 64 lower-case hexadecimal digits")
    report = Report(str(path))
    collecting = gc.isenabled()
    gc.disable()  # millions of objects live until the end, and none of them in a cycle
    try:
        first = None if original is None else _original(Path(original))
        _check(Path(path), head, first, report)
    except DifferenceError as error:
        report.difference = error.difference
    except OSError as error:
        name = Path(str(error.filename)).name if error.filename else "."
        report.difference = Difference(name, "reading it", "a readable file", printable(error.strerror or str(error)))
    except MemoryError:
        report.difference = Difference(".", "the dossier", "files that fit this machine's memory", "larger ones")
    finally:
        if collecting:
            gc.enable()
    return report


def _original(folder: Path) -> Outcome:
    try:
        outcome = _check(folder, None, None, Report(str(folder)))
    except DifferenceError as error:
        point = error.difference
        raise DifferenceError(f"original/{point.file}", point.place, point.expected, point.found) from error
    if outcome.basis.dossier.addendum:
        raise DifferenceError("original/addendum.json", "the file", "a dossier that is no addendum", "an addendum")
    return outcome


def _check(folder: Path, head: str | None, original: Outcome | None, report: Report) -> Outcome:
    dossier = read_dossier(folder)
    if original is not None and not dossier.addendum:
        raise DifferenceError(MANIFEST, "files", "an addendum, an original being given", "no addendum.json")
    basis = read_basis(dossier)
    if dossier.kind == "public":
        return _recompute(basis, head, original, report)
    with Apart(partial(open_facts, basis), len(dossier.texts[FACTS])):
        return _recompute(basis.with_marks(), head, original, report)


def _recompute(basis: Basis, head: str | None, original: Outcome | None, report: Report) -> Outcome:
    dossier = basis.dossier
    outcome = _addendum(basis, original, report) if dossier.addendum else _plain(basis)
    dossier.sheet("results.csv").must_equal(result_rows(outcome.found))
    report.offers = replay(dossier.sheet("offers.csv"), basis.rules, basis.cases, outcome.found)
    selected = sum(row.outcome == SELECTED for row in outcome.found.values())
    claims = Claims(
        basis.rules.round_id,
        (len(basis.pool.receipts), len(basis.committed.phases[0]), selected),
        (basis.pool.root, basis.committed.root, dossier.root),
    )
    report.head = check_proof(dossier.json(PROOF), claims, head)
    report.authenticated = head is not None
    _fill(report, outcome)
    return outcome


def _plain(basis: Basis) -> Outcome:
    sheet = basis.dossier.sheet("stages.csv")
    source = basis.opened or PublishedMarks(sheet.rows(), basis.rules, sheet.differs)
    outcome = compute(basis, basis.cases, source)
    sheet.must_equal(stage_rows(basis.rules, outcome.runs))
    if basis.opened:
        _must_equal_assignment(basis, basis.opened.panels, [])
    _enough_scores(basis, 0, outcome.runs, frozenset())
    return outcome


def _must_equal_assignment(basis: Basis, first: list[Panels], second: list[Panels]) -> None:
    rows = assignment_rows(basis.rules, basis.pool, first, second)
    basis.dossier.sheet("auditor/assignment.csv").must_equal(rows)


def _enough_scores(basis: Basis, phase: int, runs: list[StageRun], without: frozenset[int]) -> None:
    """Check that there are commitments for every member of every panel (section 7)."""
    needed = sum(
        stage.panel * len(run.marks.keys() - without) for stage, run in zip(basis.rules.stages, runs, strict=True)
    )
    found = len(basis.committed.phases[phase])
    if found < needed:
        raise basis.differs("scores.csv", f"phase {phase}", f"at least {needed} commitments", str(found))


def _addendum(basis: Basis, original: Outcome | None, report: Report) -> Outcome:
    addendum = read_addendum(basis.dossier.json("addendum.json"), basis.rules, basis.cases)
    report.addendum, report.original_checked = addendum.number, original is not None
    if original is not None:
        must_change(basis, addendum, original)
    if basis.opened is None:
        return _addendum_of_public(basis, addendum, original)
    before, again, second = recompute_opened(basis, addendum)
    if original is not None:
        must_agree(basis, before, original)
    must_list_stages(addendum, basis.rules, before.runs)
    basis.dossier.sheet("stages.csv").must_equal(stage_rows(basis.rules, again.runs))
    _must_equal_assignment(basis, basis.opened.panels, second)
    basis.dossier.sheet("difference.csv").must_equal(difference_rows(before.found, again.found))
    return again


def _addendum_of_public(basis: Basis, addendum: Addendum, original: Outcome | None) -> Outcome:
    rules, sheet = basis.rules, basis.dossier.sheet("stages.csv")
    stated = PublishedMarks(sheet.rows(), rules, sheet.differs)
    before = original or compute(basis, addendum.cases_before, PublishedBefore(stated, addendum, rules))
    must_list_stages(addendum, rules, before.runs)
    source = PublishedAgain(stated, before.runs, addendum.objectors)
    again = compute(basis, basis.cases, source, taken_from(before))
    sheet.must_equal(stage_rows(rules, again.runs))
    basis.dossier.sheet("difference.csv").must_equal(difference_rows(before.found, again.found))
    _enough_scores(basis, 0, before.runs, frozenset())
    _enough_scores(basis, 1, again.runs, frozenset(basis.cases) - addendum.objectors)
    return again


def _fill(report: Report, outcome: Outcome) -> None:
    basis = outcome.basis
    report.kind, report.simulated = basis.dossier.kind, basis.rules.simulated
    report.round_id, report.root = basis.rules.round_id, basis.dossier.root
    report.applicants = len(basis.cases)
    report.eligible = sum(case.requirement == ELIGIBLE for case in basis.cases.values())
    report.ranked = len(outcome.chosen.ranked)
    report.outcomes = dict(Counter(row.outcome for row in outcome.found.values()))
    report.scores = (len(basis.committed.phases[0]), len(basis.committed.phases[1]))
    report.scores_opened = basis.opened is not None
