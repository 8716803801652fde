"""What every computation of a dossier starts from, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from .draw import read_draw, read_stage_commitments
from .opened import open_marks
from .pool import read_cases, read_pool
from .report import DifferenceError
from .rounds import read_rules
from .scores import read_commitments

if TYPE_CHECKING:
    from .draw import Draw
    from .files import Dossier
    from .opened import OpenedMarks
    from .pool import Case, Pool
    from .rounds import Round
    from .scores import Committed
    from .selection import Result, Selection
    from .stages import StageRun


@dataclass(frozen=True, slots=True)
class Basis:
    """The round as its files state it: rules, panels' commitments, pool, cases, scores' commitments and events."""

    dossier: Dossier
    rules: Round
    panels: dict[str, str]
    pool: Pool
    cases: dict[int, Case]
    committed: Committed
    draw: Draw
    opened: OpenedMarks | None

    def with_marks(self) -> Basis:
        """Return the same with receipts, panels and scores opened, if these are there."""
        return replace(self, opened=open_marks(self)) if self.dossier.kind == "auditor" else self

    def opened_marks(self) -> OpenedMarks:
        """Return the opened scores of an auditor's dossier."""
        if self.opened is None:
            raise self.differs("manifest.json", "kind", "auditor", self.dossier.kind)
        return self.opened

    def outcome(self, runs: list[StageRun], chosen: Selection, found: dict[int, Result]) -> Outcome:
        """Return what was computed from this basis."""
        return Outcome(self, runs, chosen, found)

    def differs(self, file: str, place: str, expected: str, found: str) -> DifferenceError:
        """Return the error for a place in one of the files."""
        return DifferenceError(file, place, expected, found)


class Outcome(NamedTuple):
    """A computed selection: the stages, the places, and every row of the results."""

    basis: Basis
    runs: list[StageRun]
    chosen: Selection
    found: dict[int, Result]


def read_basis(dossier: Dossier) -> Basis:
    """Read everything that is stated and not computed, but the auditor's files."""
    rules = read_rules(dossier.json("rules.json"))
    if rules.simulated != dossier.simulated:
        stated = "true" if dossier.simulated else "false"
        wanted = "true" if rules.simulated else "false"
        raise DifferenceError("manifest.json", "simulated", f"{wanted}, as in rules.json", stated)
    panels = read_stage_commitments(dossier.json("panels.json"), rules)
    pool = read_pool(dossier.sheet("pool.csv"))
    cases = read_cases(dossier.sheet("cases.csv"), rules, pool)
    committed = read_commitments(dossier.sheet("scores.csv"), addendum=dossier.addendum)
    draw = read_draw(dossier.json("draw.json"), rules, pool.root, committed.root)
    return Basis(dossier, rules, panels, pool, cases, committed, draw, None)
