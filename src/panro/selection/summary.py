"""The counts of a publication that pages show, taken from its dossier once, when it is published."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from panro.proof.canonical import Json
    from panro.selection.dossiers import DossierFolder


@dataclass(frozen=True, slots=True)
class RegionCount:
    """One region: how many applied and how many were selected."""

    region: str
    applied: int
    selected: int


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many lines bear one outcome for one reason."""

    outcome: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class StageCount:
    """One stage: how many took part and how many passed."""

    stage: str
    participants: int
    passed: int


@dataclass(frozen=True, slots=True)
class Summary:
    """All counts. Regions by code, reasons by outcome and falling count, stages in their order, offers by event."""

    regions: tuple[RegionCount, ...]
    reasons: tuple[ReasonCount, ...]
    stages: tuple[StageCount, ...]
    offers: Mapping[str, int]
    ranked: int

    def to_json(self) -> dict[str, Json]:
        """What is stored."""
        return {
            "regions": [[one.region, one.applied, one.selected] for one in self.regions],
            "reasons": [[one.outcome, one.reason, one.count] for one in self.reasons],
            "stages": [[one.stage, one.participants, one.passed] for one in self.stages],
            "offers": dict(self.offers),
            "ranked": self.ranked,
        }


def summary_from_json(data: Mapping[str, Json]) -> Summary:
    """Read back what `Summary.to_json` gave."""
    return Summary(
        regions=tuple(RegionCount(*row) for row in cast("list[tuple[str, int, int]]", data["regions"])),
        reasons=tuple(ReasonCount(*row) for row in cast("list[tuple[str, str, int]]", data["reasons"])),
        stages=tuple(StageCount(*row) for row in cast("list[tuple[str, int, int]]", data["stages"])),
        offers=cast("Mapping[str, int]", data["offers"]),
        ranked=cast("int", data["ranked"]),
    )


def summary_of(dossier: DossierFolder) -> Summary:
    """Count a dossier's lines, stages and offers."""
    applied: Counter[str] = Counter()
    selected: Counter[str] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    ranked = 0
    for line in dossier.lines():
        applied[line.region] += 1
        selected[line.region] += line.outcome == "selected"
        reasons[line.outcome, line.reason] += 1
        ranked += line.rank is not None
    took_part: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for score in dossier.stages():
        took_part[score.stage] += 1
        passed[score.stage] += score.standing == "passed"
    return Summary(
        regions=tuple(RegionCount(region, applied[region], selected[region]) for region in sorted(applied)),
        reasons=tuple(
            ReasonCount(outcome, reason, count)
            for (outcome, reason), count in sorted(reasons.items(), key=lambda one: (one[0][0], -one[1], one[0][1]))
        ),
        stages=tuple(StageCount(stage, count, passed[stage]) for stage, count in took_part.items()),
        offers=dict(Counter(offer.event for offer in dossier.offers())),
        ranked=ranked,
    )
