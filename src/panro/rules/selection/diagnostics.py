"""What an officer looks at before confirming: reviewers' habits and what the draw decided. Decides nothing itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING, Final

from panro.rules.selection.aggregation import severities
from panro.rules.selection.grid import MEAN_GRID, SEVERITY_GRID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from panro.rules.selection.aggregation import Points
    from panro.rules.selection.outcome import Decided
    from panro.rules.selection.round_rules import ScoredStage

_HUNDREDTHS: Final = 100


@dataclass(frozen=True, slots=True)
class ReviewerHabit:
    """How one reviewer scored at one stage.

    ``mean`` and ``spread`` (standard deviation) of its totals in points, on a grid of 0.01; ``severity`` as in
    the specification, on a grid of 0.0001 (positive: more generous than the other members); None for panels of one.
    """

    reviewer: str
    panels: int
    mean: Decimal
    spread: Decimal
    severity: Decimal | None


@dataclass(frozen=True, slots=True)
class DrawnTies:
    """Exact ties at a boundary that the draw decided: how many boundaries, how many lost, how many won against them."""

    boundaries: int
    lost: int
    won: int


def reviewer_habits(
    stage: ScoredStage, seats: Mapping[int, Sequence[str]], points: Points
) -> tuple[ReviewerHabit, ...]:
    """Give the habits of every reviewer who sat in a panel, ascending by reviewer."""
    totals: dict[str, list[int]] = defaultdict(list)
    for number, members in seats.items():
        for reviewer in members:
            totals[reviewer].append(sum(points[number, reviewer]))
    known = severities(stage, seats, points) if stage.panel > 1 else {}
    step = stage.point_grid.fraction(1)
    return tuple(_habit(reviewer, totals[reviewer], step, known.get(reviewer)) for reviewer in sorted(totals))


def drawn_ties(decided: Decided) -> DrawnTies:
    """Count the ties that only the draw decided."""
    lost = [result for result in decided.results if result.reason == "lost_draw"]
    ranking, steps = decided.ranking, decided.selection.steps
    boundaries = {int(result.detail.rpartition("@")[2]) for result in lost}
    tied = {ranking.standard(last) for last in boundaries}
    won = sum(
        1 for rank, place in enumerate(ranking.order, 1) if steps[place] is not None and ranking.standard(rank) in tied
    )
    return DrawnTies(len(boundaries), len(lost), won)


def _habit(reviewer: str, totals: Sequence[int], step: Fraction, severity: int | None) -> ReviewerHabit:
    count, whole = len(totals), sum(totals)
    mean = Fraction(whole, count) * step
    variance = (Fraction(sum(total * total for total in totals), count) - Fraction(whole, count) ** 2) * step * step
    spread = isqrt(variance.numerator * _HUNDREDTHS**2 // variance.denominator)
    return ReviewerHabit(
        reviewer,
        count,
        MEAN_GRID.decimal(MEAN_GRID.round(mean.numerator, mean.denominator)),
        MEAN_GRID.decimal(spread),
        None if severity is None else SEVERITY_GRID.decimal(severity),
    )
