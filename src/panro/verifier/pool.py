"""All receipts and what was decided on each: `pool.csv` and `cases.csv` (section 4)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from .hashes import merkle_root_of_texts
from .numbers import is_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .report import DifferenceError
    from .rounds import Round
    from .tables import Sheet

    DiffersAt = Callable[[str, str, str], DifferenceError]

ELIGIBLE = "eligible"
REQUIREMENTS = (ELIGIBLE, "ineligible", "lapsed", "withdrawn")
_REASON = re.compile(r"[a-z0-9_]+")


class Pool(NamedTuple):
    """The frozen pool: every receipt's commitment by result number, and the hash of all."""

    receipts: dict[int, str]
    root: str


class Case(NamedTuple):
    """One row of `cases.csv`; the lists are split."""

    track: str
    region: str
    requirement: str
    reason: str
    clause: str
    groups: tuple[str, ...]
    bonus: tuple[str, ...]
    facts: str


def read_pool(sheet: Sheet) -> Pool:
    """Read `pool.csv`: numbers 1, 2, … in strictly ascending order of the commitments."""
    receipts: dict[int, str] = {}
    last = ""
    for index, (number, receipt) in enumerate(sheet.rows()):
        if number != str(index + 1):
            raise sheet.differs(index, "result_no", str(index + 1), number)
        if not is_hash(receipt):
            raise sheet.differs(index, "receipt", "64 lower-case hexadecimal digits", receipt)
        if receipt <= last:
            raise sheet.differs(index, "receipt", f"a commitment after {last}", receipt)
        receipts[index + 1] = last = receipt
    return Pool(receipts, merkle_root_of_texts(receipts.values()))


def read_cases(sheet: Sheet, rules: Round, pool: Pool) -> dict[int, Case]:
    """Read `cases.csv`: one row per result number, ascending."""
    cases: dict[int, Case] = {}
    for index, (number, *cells) in enumerate(sheet.rows()):
        if number != str(index + 1) or index >= len(pool.receipts):
            raise sheet.differs(index, "result_no", _row_wanted(index, pool), number)

        def differs(column: str, expected: str, found: str, at: int = index) -> DifferenceError:
            return sheet.differs(at, column, expected, found)

        cases[index + 1] = parse_case(cells, rules, differs)
    if len(cases) < len(pool.receipts):
        raise sheet.differs(len(cases), "", f"result_no {len(cases) + 1}", "the end of the file")
    return cases


def _row_wanted(index: int, pool: Pool) -> str:
    return str(index + 1) if index < len(pool.receipts) else "the end of the file"


def parse_case(cells: Sequence[str], rules: Round, differs: DiffersAt) -> Case:
    """Read the cells of `cases.csv` after the result number.

    Args:
        cells: `track` to `facts`.
        rules: The round, for its tracks and bonus items.
        differs: Makes the error for a column, what was expected and what was found.
    """
    track, region, requirement, reason, clause, groups, bonus, facts = cells
    if track not in rules.tracks:
        raise differs("track", "a track of the round", track)
    if ";" in region:
        raise differs("region", "no semicolon", region)
    if requirement not in REQUIREMENTS:
        raise differs("requirement", " or ".join(REQUIREMENTS), requirement)
    _grounds(requirement, reason, clause, differs)
    if not is_hash(facts):
        raise differs("facts", "64 lower-case hexadecimal digits", facts)
    items = _ascending("bonus", bonus, differs)
    for item in items:
        if item not in rules.bonus_items:
            raise differs("bonus", "items of the round's bonus", item)
    return Case(track, region, requirement, reason, clause, _ascending("groups", groups, differs), items, facts)


def _grounds(requirement: str, reason: str, clause: str, differs: DiffersAt) -> None:
    """Reason and clause are there if and only if the requirement is not met; a withdrawal needs no clause."""
    if requirement == ELIGIBLE:
        if reason or clause:
            raise differs("reason" if reason else "clause", "an empty cell, being eligible", reason or clause)
    elif _REASON.fullmatch(reason) is None:
        raise differs("reason", "a word of a-z, 0-9 and _", reason)
    elif not clause and requirement != "withdrawn":
        raise differs("clause", "the clause that was applied", "an empty cell")


def _ascending(column: str, cell: str, differs: DiffersAt) -> tuple[str, ...]:
    if not cell:
        return ()
    items = cell.split(";")
    if not all(items) or any(a >= b for a, b in pairwise(items)):
        raise differs(column, "a list in ascending order without repetition", cell)
    return tuple(items)


def case_cells(number: int, case: Case) -> tuple[str, ...]:
    """Write a case as its row of `cases.csv`."""
    return (str(number), *case[:5], ";".join(case.groups), ";".join(case.bonus), case.facts)
