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
    while found[-1].before is not None:
        found.append(found[-1].before)
    return found[::-1]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_verifier_recomputes_what_the_maker_made(shard: int, tmp_path: Path) -> None:
    for seed in range(shard * ROUNDS_PER_SHARD, (shard + 1) * ROUNDS_PER_SHARD):
        before: Path | None = None
        for step, made in enumerate(history(generate(random.Random(seed)))):
            folder = tmp_path / f"{seed}-{step}"
            folder.mkdir()
            made.write(folder / "public", folder / "auditor")
            for kind in ("public", "auditor"):
                original = before / kind if before else None
                report = verify(folder / kind, head=made.proof.head, original=original)
                assert report.difference is None, f"seed {seed}, step {step}, {kind}"
                assert report.authenticated
                assert report.root == made.dossier.root
            if before:
                shutil.rmtree(before)
            before = folder
        if before:
            shutil.rmtree(before)
