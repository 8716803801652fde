"""A public addendum from which somebody's marks of before are missing (section 10).

`addendum.json` has the objectors' marks of before. Who took part, lost the eligibility and did not object is in no
`stages.csv` any more, so that the result before cannot be computed. Its lines and its selected are then taken as the
files state them, and everything that follows from them is computed. `--original` gives the whole check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .addendum import Before, must_list_stages
from .numbers import decimal
from .pool import ELIGIBLE
from .selection import KEPT, NOT_SELECTED, SELECTED, WAITING
from .stages import BELOW_LINE, run_stages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .addendum import Addendum
    from .basis import Basis
    from .rounds import Stage
    from .selection import Result
    from .stages import PublishedMarks
    from .tables import Sheet

COMPETED = (SELECTED, WAITING, NOT_SELECTED)


def stated_before(basis: Basis, published: PublishedMarks, own: PublishedMarks, sheet: Sheet) -> Before:
    """Return lines and selected of the result before, as `results.csv` and the objectors' own rows imply them."""
    names = {step.name for step in basis.rules.steps}
    selected: dict[int, str] = {}
    details: dict[str, str] = {}
    numbers = {str(number): number for number in basis.pool.receipts}
    for index, (number, outcome, reason, detail, step, *_) in enumerate(sheet.rows()):
        if number not in numbers:
            raise sheet.differs(index, "result_no", "a result number", number)
        details[number] = detail
        if outcome == SELECTED and reason in (SELECTED, KEPT):
            if step not in names:
                raise sheet.differs(index, "step", "a step of the round", step)
            selected[numbers[number]] = step
    lines = [
        _stated_line(stage, _below(published, position), _below(own, position), details)
        for position, stage in enumerate(basis.rules.stages)
    ]
    return Before(lines, selected)


def _below(marks: PublishedMarks, position: int) -> dict[int, int]:
    """Return the scores of those who are stated to be below the line."""
    numbers = [n for n, standing in marks.standings[position].items() if standing == BELOW_LINE]
    return {number: mark.score for number, mark in marks.marks(position, numbers).items()}


def _stated_line(stage: Stage, now: dict[int, int], before: dict[int, int], details: Mapping[str, str]) -> int | None:
    """Return the line that follows from the first detail `STAGE:SHORT` of somebody below it.

    Without any, it is above all who are below it now or were before.
    """
    if stage.keep is None or not (now or before):
        return None
    for number, score in now.items():
        code, colon, short = details.get(str(number), "").rpartition(":")
        lacking = decimal(short, stage.step.digits)
        if colon and code == stage.code and lacking is not None:
            return score + lacking
    return max((*now.values(), *before.values())) + 1


def check_own_rows(basis: Basis, addendum: Addendum, own: PublishedMarks, before: Before) -> None:
    """Check the objectors' rows of before as far as the stated lines allow."""
    took_part = [n for n in sorted(addendum.objectors) if addendum.cases_before[n].requirement == ELIGIBLE]
    must_list_stages(addendum, basis.rules, run_stages(basis.rules, took_part, own, before.lines))


def check_difference(sheet: Sheet, addendum: Addendum, before: Before, after: Mapping[int, Result]) -> None:
    """Check every row of `difference.csv` as far as the addendum alone allows, and that no known change is missing."""
    listed: set[int] = set()
    numbers = {str(number): number for number in after}
    last = 0
    for index, (result_no, old, new, old_total, new_total) in enumerate(sheet.rows()):
        number = numbers.get(result_no, 0)
        if number <= last:
            raise sheet.differs(index, "result_no", f"a result number after {last}", result_no)
        last = number
        listed.add(number)
        now, possible = after[number], _outcomes_before(number, addendum, before)
        if old not in possible:
            raise sheet.differs(index, "before", " or ".join(possible), old)
        if (new, new_total) != (now.outcome, now.total):
            raise sheet.differs(index, "after", f"{now.outcome} {now.total}", f"{new} {new_total}")
        if (old, old_total) == (new, new_total):
            raise sheet.differs(index, "", "somebody whose outcome or total changed", sheet.lines[index])
        apart = number not in addendum.objectors and number not in addendum.changed
        if apart and old_total != now.total:
            raise sheet.differs(index, "total_before", now.total, old_total)
        if old not in COMPETED and old_total:
            raise sheet.differs(index, "total_before", "an empty cell", old_total)
    for number, now in after.items():
        if number not in listed and now.outcome not in _outcomes_before(number, addendum, before):
            raise sheet.differs(len(sheet.lines), "", f"a row of result_no {number}", "none")


def _outcomes_before(number: int, addendum: Addendum, before: Before) -> tuple[str, ...]:
    requirement = addendum.cases_before[number].requirement
    if requirement != ELIGIBLE:
        return (requirement,)
    return (SELECTED,) if number in before.selected else (WAITING, NOT_SELECTED)
