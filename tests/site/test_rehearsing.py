"""A year of a few programmes, rehearsed in memory and through the rooms: the same people, the same dossiers."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from panro.intake import seams
from panro.intake.models import Application, Receipt, Supplement
from panro.intake.states import State, SupplementState
from panro.parties.models import Party
from panro.rehearsal.population import default_population
from panro.rehearsal.rehearse import Options, rehearse
from panro.rules.edition.load import load_edition
from panro.site.rehearsing.run import DatabaseRooms

if TYPE_CHECKING:
    from panro.rules.edition.model import Edition

PROGRAMMES = ("2-2", "3-1", "4-3")
COMPANIES = 60
PROOFS = {"record.json", "proof.json", "head.txt"}


def year(*codes: str) -> Edition:
    whole = load_edition("2021")
    head = whole.head.model_copy(update={"programmes": list(codes)})
    return whole.model_copy(update={"head": head, "programmes": [whole.programme(code) for code in codes]})


def files(folder: Path) -> dict[str, bytes]:
    """All files of all dossiers, heads and record proofs apart."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in PROOFS and path.parent.name != "record" and path.parent != folder
    }


@pytest.mark.django_db(transaction=True)
def test_both_ways_lead_to_the_same_dossiers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seams._Filled, "holdings", seams._Filled.holdings)
    edition = year(*PROGRAMMES)
    for name, rooms in (("memory", None), ("rooms", DatabaseRooms(edition))):
        options = Options(COMPANIES, 5, tmp_path / name)
        rehearse(edition, default_population(), options, timer=count().__next__, rooms=rooms)
    memory, through = files(tmp_path / "memory"), files(tmp_path / "rooms")
    assert list(memory) == list(through)
    for name, content in memory.items():
        assert through[name].decode().splitlines() == content.decode().splitlines(), name
