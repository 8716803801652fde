"""Small rounds made by hand, for tests of the selection."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from panro.proof.hashing import tagged_hash
from panro.rules.selection.aggregation import StageScores
from panro.rules.selection.model import Case
from panro.rules.selection.round_rules import Bonus, Cap, Criterion, RoundRules, ScoredStage, Step
from panro.rules.selection.standing import StageOutcome, stand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from panro.rules.selection.round_rules import Aggregate

SEED = "5e" * 32


def make_stage(
    *,
    code: str = "paper",
    panel: int = 3,
    aggregate: Aggregate = "mean",
    step: str = "0.01",
    point_step: str = "1",
    maxima: Sequence[str] = ("60", "40"),
    pass_mark: str | None = None,
    keep: int | None = None,
    weight: int = 10000,
) -> ScoredStage:
    return ScoredStage(
        code,
        tuple(Criterion("abcdef"[index], Decimal(top)) for index, top in enumerate(maxima)),
        Decimal(point_step),
        panel,
        aggregate,
        Decimal(step),
        None if pass_mark is None else Decimal(pass_mark),
        keep,
        weight,
    )


def make_rules(
    *,
    stages: Sequence[ScoredStage] = (),
    seats: int | None = None,
    tracks: Mapping[str, int | None] | None = None,
    caps: Sequence[Cap] = (),
    steps: Sequence[Step] = (Step("open", None, None),),
    waiting: int | None = None,
    service_order: Sequence[str] = (),
    ladder: Sequence[str] = (),
    bonus_cap: str = "5.00",
    items: Mapping[str, str] | None = None,
) -> RoundRules:
    points = {item: Decimal(value) for item, value in (items or {"x": "1.00", "y": "4.50"}).items()}
    return RoundRules(
        edition="2021",
        programme="3-1",
        round="R1",
        method="ranked",
        simulated=True,
        stages=tuple(stages),
        total_step=Decimal("0.01"),
        bonus=Bonus(Decimal(bonus_cap), points),
        service_order=tuple(service_order),
        ladder=tuple(ladder),
        seats=seats,
        tracks=tracks or {"A": None},
        caps=tuple(caps),
        steps=tuple(steps),
        waiting=waiting,
        assignment_event="lottery 955",
        draw_event="lottery 960",
    ).checked()


def receipt_of(number: int) -> str:
    return tagged_hash("test-receipt", number)


def make_case(number: int, *, track: str = "A", region: str = "11", **more: tuple[str, ...]) -> Case:
    return Case(number, receipt_of(number), track, region, **more)  # type: ignore[arg-type]


def scored(stage: ScoredStage, scores: Mapping[int, int]) -> StageOutcome:
    """An outcome with given scores, in steps of the stage's step."""
    return stand(stage, StageScores(dict(scores), {number: (0,) * len(stage.criteria) for number in scores}))
