from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from panro.rehearsal.reviewers import SimulatedReviewers
from panro.rules.selection.assignment import assign
from panro.rules.selection.round_rules import Criterion, ScoredStage

if TYPE_CHECKING:
    from panro.rehearsal.population import Population

STAGE = ScoredStage(
    "paper",
    (Criterion("a", Decimal("20.0")), Criterion("b", Decimal("30.0"))),
    Decimal("0.5"),
    5,
    "trimmed_mean",
    Decimal("0.01"),
    None,
    None,
    10000,
)
BEGINS, ENDS = datetime(2021, 5, 1, tzinfo=UTC), datetime(2021, 5, 9, tzinfo=UTC)
RECEIPTS = {number: f"{number:064x}" for number in range(1, 301)}


def reviewers(population: Population, quality: float = 0.66) -> SimulatedReviewers:
    return SimulatedReviewers(population, 3, "2021/x/R1", dict.fromkeys(RECEIPTS, quality), BEGINS, ENDS, ENDS, ENDS)


def seats(office: SimulatedReviewers) -> dict[int, tuple[str, ...]]:
    panel = office.panel(STAGE, RECEIPTS)
    dealt = assign(key="0" * 64, stage="paper", size=STAGE.panel, panel=panel, receipts=RECEIPTS)
    return dict(dealt.seats)


def test_points_are_on_the_grid_and_within_the_evaluation(population: Population) -> None:
    office = reviewers(population)
    dealt = seats(office)
    office.departures(STAGE, RECEIPTS, dealt)
    sheets = list(office.sheets(STAGE, dealt, 0))
    assert len(sheets) >= 5 * len(RECEIPTS)
    for sheet in sheets:
        for points, criterion in zip(sheet.points, STAGE.criteria, strict=True):
            assert 0 <= points <= criterion.max
            assert points % STAGE.point_step == 0
        assert BEGINS <= sheet.at <= ENDS


def test_better_applications_get_more_points(population: Population) -> None:
    def mean(quality: float) -> Decimal:
        office = reviewers(population, quality)
        dealt = seats(office)
        totals = [sum(sheet.points, Decimal(0)) for sheet in office.sheets(STAGE, dealt, 0)]
        return sum(totals, Decimal(0)) / len(totals)

    assert abs(mean(0.6) - 30) < 1
    assert abs(mean(0.8) - 40) < 1


def test_who_leaves_is_told_once_and_a_panel_can_always_be_filled(population: Population) -> None:
    office = reviewers(population)
    dealt = seats(office)
    gone = office.departures(STAGE, RECEIPTS, dealt)
    assert gone.replaced
    assert not office.departures(STAGE, RECEIPTS, dealt).replaced
    roster = office.panel(STAGE, RECEIPTS).roster
    assert len(roster) - len(gone.resigned) >= 2 * STAGE.panel + population.review.spare


def test_the_same_seed_judges_alike_in_any_order(population: Population) -> None:
    dealt = seats(reviewers(population))
    forwards = list(reviewers(population).sheets(STAGE, dealt, 0))
    backwards = list(reviewers(population).sheets(STAGE, dict(reversed(dealt.items())), 0))
    assert sorted(forwards, key=str) == sorted(backwards, key=str)
