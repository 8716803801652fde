"""A year rehearsed in memory and through the rooms: the same people, the same dossiers."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from panro.intake import seams
from panro.intake.models import Application, Supplement
from panro.rehearsal.population import Population, default_population
from panro.rehearsal.rehearse import Options, rehearse
from panro.rules.edition.load import load_edition
from panro.site.cli.errors import CommandError
from panro.site.own_database import write_mark
from panro.site.rehearsing import database
from panro.site.rehearsing.run import DatabaseRooms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAMMES = ("2-2", "3-1", "4-3")
COMPANIES = 60
PROOFS = {"proof.json", "manifest.json"}
"""The manifest lists the bytes of the proof."""


def population() -> Population:
    """The usual people, who wish for some programmes only."""
    whole = default_population()

    def some(one):  # noqa: ANN001, ANN202 - profiles and parties alike
        wishes = {code: rate for code, rate in one.wishes.items() if code in PROGRAMMES}
        return one.model_copy(update={"wishes": wishes, "other": 0})

    return whole.model_copy(update={"profile": [*map(some, whole.profile)], "party": [*map(some, whole.party)]})


def files(folder: Path) -> dict[str, str]:
    """All files of all dossiers, heads and record proofs apart."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in PROOFS and path.parent.name != "record" and path.parent != folder
    }


@pytest.mark.django_db(transaction=True)
def test_both_ways_lead_to_the_same_dossiers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seams._Filled, "holdings", seams._Filled.holdings)
    edition = load_edition("2021")
    for name, rooms in (("memory", None), ("rooms", DatabaseRooms(edition))):
        options = Options(COMPANIES, 5, tmp_path / name)
        rehearse(edition, population(), options, timer=count().__next__, rooms=rooms)
    memory, through = files(tmp_path / "memory"), files(tmp_path / "rooms")
    assert list(memory) == list(through)
    for name, content in memory.items():
        assert through[name].splitlines() == content.splitlines(), name
    types = set(Application.objects.values_list("applicant_type", flat=True))
    assert {"merchant", "trainee", "consortium"} <= types
    assert Application.objects.filter(state="withdrawn").exists()
    assert Supplement.objects.filter(state="answered").exists()


@pytest.fixture
def empty(transactional_db: None) -> Iterator[str]:
    """The address of a new, empty database beside that of the tests."""
    del transactional_db
    name = "panro_rehearsal_test"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    info = connection.connection.info
    yield psycopg.conninfo.make_conninfo(
        host=info.host, port=info.port, user=info.user, password=info.password, dbname=name
    )
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def claim(url: str, *, anew: bool) -> None:
    with psycopg.connect(url, autocommit=True) as held:
        database.claim(held, anew=anew)


def table(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as held:
        held.execute(sql.SQL("CREATE TABLE cases (number int)"))


def test_a_database_with_cases_is_refused(empty: str) -> None:
    table(empty)
    for anew in (False, True):
        with pytest.raises(CommandError, match="was not made by a rehearsal: name an empty one"):
            claim(empty, anew=anew)


def test_one_that_was_broken_off_says_what_to_do(empty: str) -> None:
    claim(empty, anew=False)
    table(empty)
    with pytest.raises(CommandError, match="broken off: add --anew"):
        claim(empty, anew=False)
    with psycopg.connect(empty, autocommit=True) as held:
        write_mark(held, database.ENDED)
    with pytest.raises(CommandError, match="holds an earlier rehearsal: add --anew"):
        claim(empty, anew=False)
    claim(empty, anew=True)
    claim(empty, anew=False)
