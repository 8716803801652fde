"""The processes of a rehearsal: what they do comes back in order, and one that dies is told from one that fails."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connection
from typer.testing import CliRunner

from panro.accounts.models import User
from panro.editions.actions import load_edition_folder, publish
from panro.rules.edition.load import load_edition
from panro.rules.edition.write import write_edition
from panro.site.cli import app
from panro.site.cli.errors import CommandError
from panro.site.own_database import contents
from panro.site.rehearsing import database
from panro.site.rehearsing.crew import Processes, Setup, WorkerDiedError, database_url, share_of
from panro.site.rehearsing.origins import Origin, line
from rehearsing_jobs import Dying, Failing, Naming

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2021, 1, 4, 3, tzinfo=UTC)


@pytest.fixture
def crew(transactional_db: None, tmp_path: Path) -> Iterator[Processes]:
    """Two processes beside this one, with the notice of 2021."""
    del transactional_db
    officer = User.objects.create(email="officer@rehearsal.invalid", is_staff=True, date_joined=NOW)
    write_edition(load_edition("2021"), tmp_path / "2021")
    version = publish(load_edition_folder(tmp_path / "2021", now=NOW), now=NOW)
    started = Processes.started(Setup(version.pk, officer.pk, NOW, NOW.date()), 2, database_url())
    yield started
    started.close()


def test_answers_come_in_the_order_of_the_shares_and_one_error_is_not_the_end(crew: Processes) -> None:
    work = crew.begin([Naming("first"), Naming("second")])
    (one, first, officer), (two, second, _officer) = work.results()
    assert (one, two, officer) == ("first", "second", "officer@rehearsal.invalid")
    assert len({first, second, os.getpid()}) == 3
    failing = crew.begin([Failing(), Failing()])
    with pytest.raises(LookupError, match="the drawer is empty") as caught:
        failing.results()
    assert "in done_by" in caught.value.__notes__[0]


def test_a_process_that_dies_is_told_in_one_sentence(crew: Processes) -> None:
    work = crew.begin([Naming("first"), Dying()])
    with pytest.raises(WorkerDiedError) as caught:
        work.results()
    assert caught.value.exit_code == 1
    assert str(caught.value) == (
        "process 2 of the rehearsal ended in the middle of its work (signal 9); the database holds a rehearsal that "
        "was broken off: begin again with --anew (fewer --processes need less memory)"
    )


def test_a_rehearsal_whose_process_died_leaves_its_database_marked_as_begun(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del transactional_db
    name = "panro_rehearsal_broken"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    info = connection.connection.info
    url = f"postgresql://{info.user}:{info.password}@{info.host}:{info.port}/{name}"
    monkeypatch.setenv("DATABASE_URL", url)

    def broken_off() -> None:
        with database.running():
            raise WorkerDiedError(1, -9)

    with pytest.raises(WorkerDiedError):
        broken_off()
    with psycopg.connect(url, autocommit=True) as held:
        assert contents(held).mark == database.BEGUN
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_an_applicant_always_falls_into_the_same_share() -> None:
    refs = [f"company-{number}" for number in range(1_000)]
    shares = [share_of(ref, 3) for ref in refs]
    assert shares == [share_of(ref, 3) for ref in refs]
    assert set(shares) == {0, 1, 2}
    assert min(shares.count(one) for one in range(3)) > 250
    assert {share_of(ref, 1) for ref in refs} == {0}


def test_where_the_facts_come_from_is_one_line() -> None:
    counts = {Origin.APPLICANT: 1_500, Origin.PAPER: 300, Origin.REGISTER: 150, Origin.STATED: 50}
    assert line(counts, "en") == (
        "Where the facts come from: 1,500 told by applicants, 300 from papers, 150 put in by the rehearsal for "
        "registers that nothing here asks (7.5%), 50 put in by the rehearsal for want of a paper or an act (2.5%)."
    )
    assert line({Origin.TAX_SERVICE: 4}, "ko") == "사실의 출처: 국세청 조회 4."


@pytest.mark.parametrize("option", [["--anew"], ["--processes", "2"]])
def test_options_of_the_rooms_are_refused_without_them(option: list[str]) -> None:
    done = CliRunner().invoke(app, ["rehearse", "--companies", "1", *option])
    assert isinstance(done.exception, CommandError)
    assert done.exception.exit_code == 2
    assert str(done.exception) == f"{option[0]} belongs to --through-actions"
