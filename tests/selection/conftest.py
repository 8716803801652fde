"""A published year with a small round that was run and proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from made_rounds import NOW, MadeRound, make_round
from panro.editions import actions as editions
from panro.editions.models import EditionVersion, VersionState
from panro.rules.edition.load import load_edition

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeRound:
    """A round of 240 receipts of 3-2."""
    return make_round(load_edition("2021"), "3-2", "R1", tmp_path_factory.mktemp("round"), receipts=240)


@pytest.fixture
def year(db: None) -> EditionVersion:
    """The year, published."""
    del db
    version = editions._keep_draft(load_edition("2021"), now=NOW, by=None)
    EditionVersion.objects.filter(pk=version.pk).update(state=VersionState.PUBLISHED, published_at=NOW)
    return EditionVersion.objects.get(pk=version.pk)


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    """Files go to the test's own folder."""
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
