"""A year rehearsed in memory and through the rooms: the same people, the same dossiers."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from psycopg import sql

from panro.intake import seams
from panro.intake.models import Application, Supplement
from panro.parties.models import StatusCheck
from panro.rehearsal.population import Population, default_population
from panro.rehearsal.rehearse import Options, rehearse
from panro.rules.edition.load import load_edition
from panro.site.cli.errors import CommandError
from panro.site.own_database import write_mark
from panro.site.rehearsing import database, origins
from panro.site.rehearsing.origins import Origin
from panro.site.rehearsing.run import DatabaseRooms
from panro.vault.models import Consent, StoredFact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAMMES = ("2-2", "3-1", "4-3")
COMPANIES = 60
SEED = 5
PROOFS = {"proof.json", "manifest.json"}
"""The manifest lists the bytes of the proof."""


def population(programmes: tuple[str, ...]) -> Population:
    """The usual people, who wish for some programmes only; without any, for all."""
    whole = default_population()
    if not programmes:
        return whole

    def some(one):  # noqa: ANN001, ANN202 - profiles and parties alike
        wishes = {code: rate for code, rate in one.wishes.items() if code in programmes}
        return one.model_copy(update={"wishes": wishes, "other": 0})

    return whole.model_copy(update={"profile": [*map(some, whole.profile)], "party": [*map(some, whole.party)]})


def files(folder: Path) -> dict[str, str]:
    """All files of all dossiers, heads and record proofs apart."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in PROOFS and path.parent.name != "record" and path.parent != folder
    }


@pytest.mark.parametrize(("processes", "programmes"), [(1, PROGRAMMES), (2, ())])
@pytest.mark.django_db(transaction=True)
def test_both_ways_lead_to_the_same_dossiers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int, programmes: tuple[str, ...]
) -> None:
    monkeypatch.setattr(seams._Filled, "holdings", seams._Filled.holdings)
    edition, people = load_edition("2021"), population(programmes)
    rehearse(edition, people, Options(COMPANIES, SEED, tmp_path / "memory"), timer=count().__next__)
    with DatabaseRooms(edition, processes) as rooms:
        rehearse(edition, people, Options(COMPANIES, SEED, tmp_path / "rooms"), timer=count().__next__, rooms=rooms)
    memory, through = files(tmp_path / "memory"), files(tmp_path / "rooms")
    assert list(memory) == list(through)
    for name, content in memory.items():
        assert through[name].splitlines() == content.splitlines(), name
    applied = Application.objects.exclude(state="draft")
    assert not Application.objects.filter(state="draft").exists()
    assert {"merchant", "trainee", "consortium"} <= set(applied.values_list("applicant_type", flat=True))
    assert applied.filter(state="withdrawn").exists()
    assert Supplement.objects.filter(state="answered").exists()
    consenting = set(Consent.objects.filter(withdrawn_at=None).values_list("party", flat=True))
    assert consenting == set(applied.values_list("party", flat=True))
    assert_that_facts_came_in_their_own_way()


def assert_that_facts_came_in_their_own_way() -> None:
    """What the tax service and papers can tell was not put in by hand."""
    found = origins.counted()
    assert found.total() == StoredFact.objects.filter(withdrawn_at=None).count()
    assert found[Origin.TAX_SERVICE] > 0
    assert found[Origin.PAPER] > found[Origin.STATED]
    with_number = Q(party__kind="business") | Q(party__kind="organisation")
    by_hand = StoredFact.objects.filter(with_number, key="operating", looked_up=True, withdrawn_at=None)
    answered = StatusCheck.objects.filter(party=OuterRef("party"), asked_at__date=OuterRef("as_of"))
    assert not by_hand.exclude(Exists(answered)).exists()


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
