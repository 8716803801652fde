"""Rounds for tests of pages: a programme of an edition with made-up applicants, built and proven as real ones are."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from panro.dossier.audit import programme_payload
from panro.dossier.build import build_addendum, build_round
from panro.dossier.entries import evaluation_sealed, pool_frozen, round_published
from panro.dossier.model import RoundTimes
from panro.dossier.salts import SeededSalts
from panro.dossier.sources import Application, Departures, PublicValues, Sheet
from panro.dossier.write import render, write_auditor, write_public
from panro.korea.regions import regions_on
from panro.proof.chain import Chain, Entry
from panro.rules.freeze import round_rules
from panro.rules.selection.model import Panel
from panro.verifier.check import verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from panro.dossier.model import RoundRecord
    from panro.proof.canonical import Json
    from panro.rules.edition.model import Edition
    from panro.rules.selection.model import Phase
    from panro.rules.selection.round_rules import RoundRules, ScoredStage
    from panro.rules.selection.waiting import WaitingList

FIRST = datetime(2021, 4, 20, tzinfo=UTC)
NOW = datetime(2021, 5, 17, 1, tzinfo=UTC)
REFUSED = ("tax_arrears", "industry_excluded", "certificate_expired")


def verifier(folder: Path) -> list[str]:
    """The real verifier, as the roof passes it in."""
    report = verify(folder)
    return [] if report.difference is None else [str(report.difference)]


@dataclass
class Panellists:
    """Reviewers who give points around a random merit."""

    rng: random.Random

    def panel(self, stage: ScoredStage, receipts: Mapping[int, str]) -> Panel:
        size = stage.panel * 2 + len(receipts) // 60
        return Panel(tuple(sorted(f"reviewer-{number:04}" for number in range(size))))

    def departures(
        self, stage: ScoredStage, receipts: Mapping[int, str], seats: Mapping[int, tuple[str, ...]]
    ) -> Departures:
        del receipts
        del seats
        del stage
        return Departures()

    def sheets(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]], phase: Phase) -> Iterable[Sheet]:
        del phase
        at = FIRST + timedelta(days=10)
        tops = [int(criterion.max / stage.point_step) for criterion in stage.criteria]
        for number, members in seats.items():
            merit = self.rng.betavariate(9, 2)
            for reviewer in members:
                marks = [min(top, round(top * min(1, merit * self.rng.uniform(0.8, 1.2)))) for top in tops]
                yield Sheet(number, reviewer, 1, tuple(stage.point_step * mark for mark in marks), at)


@dataclass(frozen=True)
class MadeRound:
    """A round's two dossiers on disk."""

    public: Path
    auditor: Path
    record: RoundRecord
    head: str


def make_round(
    edition: Edition,
    programme: str,
    code: str,
    folder: Path,
    *,
    receipts: int,
    simulated: bool = True,
    seed: int = 7,
    offers: bool = True,
) -> MadeRound:
    """Build a round with so many receipts and write both of its dossiers into a folder."""
    rng = random.Random(f"{seed}/{programme}/{code}")
    found = edition.programme(programme)
    round_ = found.round(code)
    rules = round_rules(edition, found, round_, simulated=simulated)
    salts = SeededSalts(f"{seed}")
    record = build_round(
        rules=rules,
        programme=programme_payload(edition.head, found, round_),
        applications=[_application(rng, rules, salts, number, round_.closes) for number in range(receipts)],
        reviewers=Panellists(rng),
        values=PublicValues("3153.32", "1,6,13,37,38,40,9"),
        salts=salts,
        offers=_carry_on if offers else None,
    )
    return _written(record, folder, rng)


def make_addendum(made: MadeRound, folder: Path, *, objecting: int = 2, seed: int = 7) -> MadeRound:
    """Build what follows when some of those who took part object and are scored anew, and write both its dossiers.

    The round must have been made without offers: an addendum changes the results before any place was offered.
    """
    rng = random.Random(f"{seed}/addendum")
    before = made.record
    judged = sorted(row.result_no for row in before.stages)
    record = build_addendum(
        before,
        root=render(before).root,
        objections=sorted(rng.sample(sorted(set(judged)), objecting)),
        decisions={},
        reviewers=Panellists(rng),
        salts=SeededSalts(f"{seed}/addendum"),
    )
    return _written(record, folder, rng)


def _written(record: RoundRecord, folder: Path, rng: random.Random) -> MadeRound:
    """Prove a record by a chain of its own, and write both of its dossiers."""
    dossier = render(record)
    times = RoundTimes(FIRST, FIRST + timedelta(days=20), FIRST + timedelta(days=27))
    chain = Chain()
    places = []
    for entry in (
        pool_frozen(record, times),
        evaluation_sealed(record, times),
        round_published(record, dossier.root, times),
    ):
        chain.append(Entry.of({"act": "mail_sent", "n": rng.randrange(10**6)}))
        places.append(chain.append(entry))
        chain.seal()
    proof = chain.proof(places)
    public, auditor = folder / "public", folder / "auditor"
    write_public(dossier, proof, public)
    write_auditor(dossier, proof, auditor)
    return MadeRound(public, auditor, record, proof.seals[-1].head)


def _application(rng: random.Random, rules: RoundRules, salts: SeededSalts, number: int, day: object) -> Application:
    payload: dict[str, Json] = {
        "receipt_no": f"{rules.edition}-{number:06}",
        "applicant": f"company-{number}",
        "round": rules.round_id,
        "track": rng.choice(sorted(rules.tracks)),
    }
    lot = rng.random()
    requirement = "ineligible" if lot < 0.08 else "lapsed" if lot < 0.11 else "withdrawn" if lot < 0.12 else "eligible"
    reason = "" if requirement == "eligible" else "withdrawn" if requirement == "withdrawn" else rng.choice(REFUSED)
    clause = "안내 2. 지원 제외대상" if requirement in {"ineligible", "lapsed"} else ""
    regions = [region.code for region in regions_on(day)]  # type: ignore[arg-type]
    return Application(
        salt=salts.salt("receipt", number),
        payload=payload,
        region=rng.choices(regions, weights=[30, 8, 6, 6, 4, 4, 3, 1, 28, *[4] * (len(regions) - 9)])[0],
        facts={"employees": str(rng.randrange(5))},
        requirement=requirement,  # type: ignore[arg-type]
        reason=reason,
        clause=clause,
        groups=tuple(sorted({"first_time_online"} if rng.random() < 0.2 else set())),
        bonus=tuple(item for item in sorted(rules.bonus.items) if rng.random() < 0.1),
    )


def _carry_on(waiting: WaitingList) -> None:
    """Let the first who was selected give the place back, and the next in line take it."""
    if not waiting.holders:
        return
    day = (FIRST + timedelta(days=30)).date()
    waiting.give_back(min(waiting.holders), day)
    waiting.offer(day)
    while waiting.open_offers:
        waiting.accept(min(waiting.open_offers), day)
