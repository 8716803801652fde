"""Made-up rounds of any size, on which selection and verification are measured."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from panro.dossier.build import build_round
from panro.dossier.entries import enter
from panro.dossier.model import RoundTimes
from panro.dossier.salts import SeededSalts
from panro.dossier.sources import Application, Departures, PublicValues, Sheet
from panro.dossier.write import render, write_auditor, write_public
from panro.proof.chain import Chain
from panro.proof.hashing import tagged_hash
from panro.rules.selection.model import Case, Panel
from panro.rules.selection.round_rules import Bonus, Cap, Criterion, RoundRules, ScoredStage, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from panro.rules.selection.model import Phase

REGIONS = tuple(str(code) for code in (11, 26, 27, 28, 29, 30, 31, 36, 41, 42, 43, 44, 45, 46, 47, 48, 50))
GROUPS = ("designated", "first_time_online", "innovative")
TRACKS = ("detail_page", "listing")
PANEL = 3
LOAD = 150
START = datetime(2021, 4, 1, tzinfo=UTC)


def big_rules(size: int) -> RoundRules:
    """Rules with everything that costs time: tracks, a cap per province, a set-aside, bonus points, a ladder."""
    seats = max(size // 3, 1)
    stage = ScoredStage(
        "paper",
        (Criterion("merit", Decimal("100.0")),),
        Decimal("0.5"),
        PANEL,
        "mean",
        Decimal("0.01"),
        None,
        None,
        10000,
    )
    return RoundRules(
        edition="bench",
        programme="1-1",
        round="R1",
        method="ranked",
        simulated=True,
        stages=(stage,),
        total_step=Decimal("0.01"),
        bonus=Bonus(Decimal("5.00"), {group: Decimal("2.00") for group in GROUPS}),
        service_order=(),
        ladder=("criterion:paper.merit", "bonus"),
        seats=seats,
        tracks={"detail_page": seats // 3, "listing": seats - seats // 3},
        caps=(Cap("per_region", "region", None, max(seats // 5, 1)),),
        steps=(
            Step("open", None, seats * 4 // 5),
            Step("set_aside", "first_time_online", seats // 10),
            Step("open", None, None),
        ),
        waiting=max(seats // 5, 1),
        assignment_event="an event",
        draw_event="another event",
    ).checked()


def big_cases(size: int) -> tuple[list[Case], dict[int, int]]:
    """Eligible cases and their stage scores in hundredths; many are level."""
    source = random.Random(1)
    cases, scores = [], {}
    for number in range(1, size + 1):
        group = source.choice((*GROUPS, ""))
        groups = (group,) if group else ()
        receipt = tagged_hash("bench", number)
        cases.append(Case(number, receipt, source.choice(TRACKS), source.choice(REGIONS), groups=groups, bonus=groups))
        scores[number] = min(max(round(source.gauss(68, 11) * 6), 0), 600) * 100 // 6
    return cases, scores


def written_round(size: int, folder: Path) -> str:
    """Carry out a round and write both its dossiers; gives the head that authenticates them."""
    source = random.Random(2)
    rules = big_rules(size)
    salts = SeededSalts("bench")
    applications = [_application(rules, number, source, salts) for number in range(size)]
    record = build_round(
        rules=rules,
        programme={"code": "1-1"},
        applications=applications,
        reviewers=_Reviewers(source),
        values=PublicValues("a value", "another value"),
        salts=salts,
    )
    dossier = render(record)
    times = RoundTimes(START, START.replace(month=5), START.replace(month=6))
    proof = enter(Chain(), record, dossier.root, times)
    write_public(dossier, proof, folder / "public")
    write_auditor(dossier, proof, folder / "auditor")
    return proof.head


def _application(rules: RoundRules, number: int, source: random.Random, salts: SeededSalts) -> Application:
    group = source.choice((*GROUPS, ""))
    groups = (group,) if group else ()
    refused = source.random() < 0.2
    return Application(
        salt=salts.salt("receipt", number),
        payload={
            "receipt_no": f"B-{number:07d}",
            "applicant": f"applicant-{number}",
            "round": rules.round_id,
            "track": source.choice(TRACKS),
        },
        region=source.choice(REGIONS),
        facts={"facts": [{"key": f"fact_{key}", "value": number * key, "source": "bench"} for key in range(24)]},
        requirement="ineligible" if refused else "eligible",
        reason="closed" if refused else "",
        clause="a clause" if refused else "",
        groups=groups,
        bonus=groups,
    )


@dataclass(frozen=True, slots=True)
class _Reviewers:
    """Reviewers who stay, and judge by chance."""

    source: random.Random

    def panel(self, stage: ScoredStage, receipts: Mapping[int, str]) -> Panel:
        count = max(2 * stage.panel, -(-len(receipts) * stage.panel // LOAD))
        return Panel(tuple(f"reviewer-{number:05d}" for number in range(count)))

    def departures(
        self, stage: ScoredStage, receipts: Mapping[int, str], seats: Mapping[int, tuple[str, ...]]
    ) -> Departures:
        del stage, receipts, seats
        return Departures()

    def sheets(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]], phase: Phase) -> Iterator[Sheet]:
        del stage, phase
        grid = [Decimal(units) / 2 for units in range(201)]
        for number, members in seats.items():
            for reviewer in members:
                yield Sheet(number, reviewer, 1, (grid[self.source.randint(60, 200)],), START)
