"""Two programs, written apart from one specification, agree on generated rounds: the proof that it is complete."""

import random
import shutil
from pathlib import Path

import pytest

from dossier.generate import Generated, generate
from panro.verifier import verify

SHARDS = 20
ROUNDS_PER_SHARD = 60
"""Some 1,200 rounds in each run of the tests, each read as a public and as an auditor's dossier."""


def history(generated: Generated) -> list[Generated]:
    """A round with the addenda that changed it, oldest first."""
    found = [generated]
    while (older := found[-1].earlier or found[-1].before) is not None:
        found.append(older)
    return found[::-1]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_verifier_recomputes_what_the_maker_made(shard: int, tmp_path: Path) -> None:
    for seed in range(shard * ROUNDS_PER_SHARD, (shard + 1) * ROUNDS_PER_SHARD):
        for step, made in enumerate(history(generate(random.Random(seed)))):
            folder = tmp_path / f"{seed}-{step}"
            folder.mkdir()
            made.write(folder / "public", folder / "auditor")
            for kind, with_original in (("public", False), ("public", True), ("auditor", True)):
                if with_original and kind == "public" and not step:
                    continue
                original = tmp_path / f"{seed}-0" / kind if with_original and step else None
                report = verify(folder / kind, head=made.proof.head, original=original)
                assert report.difference is None, f"seed {seed}, step {step}, {kind}, {original}"
                assert report.authenticated
                assert report.root == made.dossier.root
        for folder in tmp_path.iterdir():
            shutil.rmtree(folder)


def test_a_later_addendum_leaves_the_panels_of_an_earlier_one() -> None:
    kept = changed = 0
    for seed in range(400):
        made = generate(random.Random(seed))
        if made.earlier is None:
            continue
        for code, panel in made.record.panels.items():
            before = made.earlier.record.panels[code].objection_seats
            assert {n: seats for n, seats in panel.objection_seats.items() if n in before} == {
                n: seats for n, seats in before.items() if n in panel.objection_seats
            }
            kept += len(before.keys() & panel.objection_seats.keys())
            changed += len(before.keys() - panel.objection_seats.keys())
    assert kept > 100
    assert changed > 20  # who took part no more, and took nobody's panel with them
