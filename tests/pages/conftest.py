"""A site with a published year and a published rehearsal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from made_rounds import NOW, MadeRound, make_round
from panro.editions import actions as editions
from panro.rules.edition.load import load_edition
from panro.selection import actions as selection

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeRound:
    """A round of 240 receipts of 3-2."""
    return make_round(load_edition("2021"), "3-2", "R1", tmp_path_factory.mktemp("round"), receipts=240)


@pytest.fixture
def world(transactional_db: None, made: MadeRound, settings: Settings, tmp_path: Path) -> None:
    """The year and the round, published; the pages stand in May."""
    del transactional_db
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    settings.PRETENDED_DAY = date(2021, 5, 27)
    editions.publish(editions.load_edition_folder("2021", now=NOW), now=NOW)
    selection.publish_dossier(made.public, verify=lambda _folder: [], now=NOW)
