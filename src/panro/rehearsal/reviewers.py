"""Simulated reviewers: who sits on a roster, who has to leave, and which points they give."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Self

from panro.dossier.sources import Departures, Sheet
from panro.rehearsal.stream import WHOLE, chance, happens, stream
from panro.rules.selection.model import Conflict, Panel, Replacement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal
    from random import Random

    from panro.rehearsal.population import Population
    from panro.rules.selection.model import Phase
    from panro.rules.selection.round_rules import ScoredStage

_DECLARED: Final = ("kinship", "business_dealings", "former_employer", "advised_before")
_LATE: Final = ("same_address_found", "supplier_found")
_HALF: Final = 0.5  # rounds to the nearest step


@dataclass(slots=True)
class SimulatedReviewers:
    """Gives rosters, departures and sheets of one round.

    ``qualities`` are the shares of the points that the applications deserve, by result number. ``begins`` and ``ends``
    bound the evaluation; sheets of an addendum lie between ``objections_from`` and ``objections_to``.
    """

    population: Population
    seed: int
    round_id: str
    qualities: Mapping[int, float]
    begins: datetime
    ends: datetime
    objections_from: datetime
    objections_to: datetime
    left: dict[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    """By stage: result numbers and reviewers who left a sheet and then were replaced."""
    severities: dict[tuple[str, str], float] = field(default_factory=dict)

    def panel(self, stage: ScoredStage, receipts: Mapping[int, str]) -> Panel:
        """Give roster and conflicts: enough reviewers for the load, and for new panels after objections."""
        review = self.population.review
        sheets = len(receipts) * stage.panel
        size = max(2 * stage.panel + review.spare + 2, -(-sheets // review.sheets_per_reviewer))
        roster = tuple(f"{stage.code}-reviewer-{number:04d}" for number in range(1, size + 1))
        conflicts = []
        for receipt in receipts.values():
            name = ("conflict", self.round_id, stage.code, receipt)
            if chance(self.seed, review.conflict.rate, *name):
                source = stream(self.seed, *name)
                conflicts.append(Conflict(receipt, source.choice(roster), source.choice(_DECLARED)))
        return Panel(roster, tuple(conflicts))

    def departures(
        self, stage: ScoredStage, receipts: Mapping[int, str], seats: Mapping[int, tuple[str, ...]]
    ) -> Departures:
        """Give who resigned for the rest of the evaluation, and whose conflict was found late: all of it at once."""
        if stage.code in self.left:
            return Departures()
        review = self.population.review
        gone = frozenset(self._resigned(stage, seats))
        replaced, left = [], []
        for number in sorted(seats):
            name = ("departure", self.round_id, stage.code, receipts[number])
            found = chance(self.seed, review.late_conflict.rate, *name)
            if not found and gone.isdisjoint(seats[number]):
                continue
            source = stream(self.seed, *name)
            late = source.choice(seats[number]) if found else ""
            for reviewer in seats[number]:
                if reviewer in gone:
                    replaced.append(Replacement(receipts[number], reviewer, "resigned"))
                elif reviewer == late:
                    replaced.append(Replacement(receipts[number], reviewer, source.choice(_LATE)))
                else:
                    continue
                if happens(source, review.left_a_sheet.rate):
                    left.append((number, reviewer))
        self.left[stage.code] = tuple(left)
        return Departures(tuple(replaced), tuple(sorted(gone)))

    def sheets(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]], phase: Phase) -> Iterator[Sheet]:
        """Give every version of every sheet, those of replaced reviewers too."""
        grader = _Grader.of(self.population, stage)
        begins, ends = (self.begins, self.ends) if phase == 0 else (self.objections_from, self.objections_to)
        for number, reviewer in self.left.get(stage.code, ()) if phase == 0 else ():
            source = stream(self.seed, "left", self.round_id, stage.code, number, reviewer)
            deserved = grader.deserved(source, self.qualities[number])
            points = grader.points(source, deserved, self._severity(stage, reviewer))
            yield Sheet(number, reviewer, 1, points, _moment(source, begins, ends))
        rate = self.population.review.second_version.rate
        for number, members in seats.items():
            source = stream(self.seed, "points", self.round_id, stage.code, number, phase)
            deserved = grader.deserved(source, self.qualities[number])
            for reviewer in members:
                severity = self._severity(stage, reviewer)
                at = _moment(source, begins, ends)
                yield Sheet(number, reviewer, 1, grader.points(source, deserved, severity), at)
                if happens(source, rate):
                    again = grader.points(source, deserved, severity)
                    yield Sheet(number, reviewer, 2, again, _moment(source, at, ends))

    def _resigned(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
        """Draw who resigns; so many stay that every panel, and a new one after an objection, can still be filled."""
        roster = sorted({reviewer for members in seats.values() for reviewer in members})
        most = max(0, len(roster) - 2 * stage.panel - self.population.review.spare)
        rate = self.population.review.resigns.rate
        gone = [name for name in roster if chance(self.seed, rate, "resigns", self.round_id, stage.code, name)]
        return tuple(gone[:most])

    def _severity(self, stage: ScoredStage, reviewer: str) -> float:
        known = self.severities.get((stage.code, reviewer))
        if known is None:
            spread = self.population.quality.severity_spread
            known = stream(self.seed, "severity", self.round_id, stage.code, reviewer).gauss(0, spread) / WHOLE
            self.severities[stage.code, reviewer] = known
        return known


@dataclass(frozen=True, slots=True)
class _Grader:
    """Turns deserved shares into points of every criterion of a stage, on the grid."""

    scales: tuple[tuple[Decimal, ...], ...]
    spread: float
    noise: float

    @classmethod
    def of(cls, population: Population, stage: ScoredStage) -> Self:
        """Prepare every number of points that the grid allows, criterion by criterion."""
        grid = stage.point_grid
        scales = tuple(
            tuple(grid.decimal(units) for units in range(grid.units(criterion.max) + 1)) for criterion in stage.criteria
        )
        data = population.quality
        return cls(scales, data.criterion_spread / WHOLE, data.noise_spread / WHOLE)

    def deserved(self, source: Random, quality: float) -> list[float]:
        """Draw the share of each criterion that an application deserves."""
        return [source.gauss(quality, self.spread) for _ in self.scales]

    def points(self, source: Random, deserved: Sequence[float], severity: float) -> tuple[Decimal, ...]:
        """Draw what one reviewer gives."""
        points = []
        for share, scale in zip(deserved, self.scales, strict=True):
            most = len(scale) - 1
            units = int((share + severity + source.gauss(0, self.noise)) * most + _HALF)
            points.append(scale[min(max(units, 0), most)])
        return tuple(points)


def _moment(source: Random, begins: datetime, ends: datetime) -> datetime:
    seconds = max(int((ends - begins).total_seconds()), 0)
    return begins + timedelta(seconds=source.randint(0, seconds))


def deserved_by_result(commitments: Iterable[str], quality: Mapping[str, float]) -> dict[int, float]:
    """Give the qualities by result number, from those by commitment."""
    return {number: quality[commitment] for number, commitment in enumerate(commitments, 1)}
