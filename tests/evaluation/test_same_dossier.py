"""A round judged in the database gives the dossier of the same round judged in memory, byte for byte."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossier.generate import random_applications, random_rules
from evaluation.world import START, Replay, TellingReviewers
from panro.dossier.build import build_round
from panro.dossier.entries import enter, evaluation_sealed
from panro.dossier.model import RoundTimes
from panro.dossier.salts import SeededSalts
from panro.dossier.sources import PublicValues
from panro.dossier.write import render, write_auditor, write_public
from panro.evaluation import actions, checks
from panro.evaluation.models import ScoreVersion
from panro.evaluation.sources import DatabaseReviewers, DatabaseSalts
from panro.proof.chain import Chain
from panro.record import doctor
from panro.record.models import Entry
from panro.verifier import verify

if TYPE_CHECKING:
    from pathlib import Path

    from panro.dossier.model import RoundRecord
    from panro.dossier.sources import Application
    from panro.editions.models import EditionVersion
    from panro.rules.selection.round_rules import RoundRules

VALUES = PublicValues("3, 7, 12, 25", "9, 11")
TIMES = RoundTimes(START, START + timedelta(days=45), START + timedelta(days=50))


def in_memory(seed: int, size: int) -> tuple[RoundRules, list[Application], SeededSalts, RoundRecord]:
    rng = random.Random(seed)
    rules = random_rules(rng, size)
    while not rules.stages:
        rules = random_rules(rng, size)
    salts = SeededSalts(f"{seed}")
    applications = random_applications(rng, rules, size, salts)
    record = build_round(
        rules=rules,
        programme={},
        applications=applications,
        reviewers=TellingReviewers(rng),
        values=VALUES,
        salts=salts,
    )
    return rules, applications, salts, record


def from_rows(rules: RoundRules, applications: list[Application], salts: SeededSalts) -> RoundRecord:
    return build_round(
        rules=rules,
        programme={},
        applications=applications,
        reviewers=DatabaseReviewers(rules.round_id),
        values=VALUES,
        salts=DatabaseSalts(rules.round_id, salts),
    )


def write(record: RoundRecord, folder: Path, sealed: RoundRecord | None = None) -> None:
    """Write both dossiers; the entry of the seal is that of ``sealed``."""
    dossier = render(record)
    chain = Chain()
    if sealed is None:
        proof = enter(chain, record, dossier.root, TIMES)
    else:
        enter(chain, sealed, dossier.root, TIMES)
        proof = chain.proof([0, 1, 2])
    folder.mkdir()
    write_public(dossier, proof, folder / "public")
    write_auditor(dossier, proof, folder / "auditor")


SEEDS = (33, 69, 98, 113)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_generated_round_put_into_rows_gives_the_same_dossier(
    seed: int, notice: EditionVersion, tmp_path: Path
) -> None:
    rules, applications, salts, record = in_memory(seed, 14)
    evaluation = Replay(notice, record, salts).play()
    sealed = actions.seal(evaluation.pk, by="system:test", now=TIMES.evaluation_sealed)
    assert (sealed.scores_root, sealed.count) == (record.draw.scores_root, len(record.scores))
    entry = Entry.objects.get(act="evaluation_sealed")
    assert entry.document == evaluation_sealed(record, TIMES).canonical.decode()
    again = from_rows(rules, applications, salts)
    one, other = render(record), render(again)
    assert {name: file.content for name, file in other.public.items()} == {
        name: file.content for name, file in one.public.items()
    }
    assert other == one
    write(again, tmp_path / "d")
    for kind in ("public", "auditor"):
        assert verify(tmp_path / "d" / kind).difference is None
    assert [one.broken for one in doctor.examine() if one.check.name.startswith("evaluation")] == [[], [], []]


def test_the_generated_rounds_have_what_can_go_wrong() -> None:
    panels = [panel.panel for seed in SEEDS for panel in in_memory(seed, 14)[3].panels.values()]
    assert sum(len(panel.replaced) for panel in panels) >= 30
    assert sum(len(panel.conflicts) for panel in panels) >= 10
    assert any(one.after for panel in panels for one in panel.resigned)


def test_a_superusers_edit_of_a_sealed_score_is_found(notice: EditionVersion, tmp_path: Path) -> None:
    rules, applications, salts, record = in_memory(33, 14)
    evaluation = Replay(notice, record, salts).play()
    actions.seal(evaluation.pk, by="system:test", now=TIMES.evaluation_sealed)
    victim = ScoreVersion.objects.filter(assignment__left_at=None).order_by("pk").first()
    assert victim is not None
    step = victim.assignment.run.point_step
    points = [step * 0 if point else step for point in victim.points]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE evaluation_scoreversion SET points = %s WHERE id = %s", [points, victim.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    broken = next(found for found in doctor.examine() if found.check.name == checks.SCORES).broken
    assert [one.where.rpartition(", score ")[0] or one.where for one in broken] == [
        f"round {rules.round_id}",
        f"round {rules.round_id}, root of scores",
        f"round {rules.round_id}, seal in the record",
    ]
    changed = from_rows(rules, applications, salts)
    write(changed, tmp_path / "d", sealed=record)
    difference = verify(tmp_path / "d" / "public").difference
    assert difference is not None
    assert (difference.file, difference.place) == ("proof.json", "entries[1].entry.root")


@pytest.mark.parametrize("size", [6, 18])
def test_the_builder_asks_a_constant_number_of_queries(size: int, notice: EditionVersion) -> None:
    rng = random.Random(5)
    rules = random_rules(rng, 3)
    while len(rules.stages) != 1:
        rules = random_rules(rng, 3)
    salts = SeededSalts("q")
    applications = random_applications(rng, rules, size, salts)
    record = build_round(
        rules=rules,
        programme={},
        applications=applications,
        reviewers=TellingReviewers(rng),
        values=VALUES,
        salts=salts,
    )
    Replay(notice, record, salts).play()
    with CaptureQueriesContext(connection) as asked:
        assert render(from_rows(rules, applications, salts)) == render(record)
    assert len(asked) == 11
