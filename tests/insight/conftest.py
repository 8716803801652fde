"""Fixtures of figures, exports and open data: a published year, people of the agency, files of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake import world as intake
from panro.staff.states import Role
from screening.world import hire

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion


@pytest.fixture
def notice(db: None) -> EditionVersion:
    """The year 2021 with two programmes."""
    del db
    return intake.publish("3-1", "3-2")


@pytest.fixture
def park(db: None) -> User:
    """박담당, an officer."""
    del db
    return hire("박담당", Role.OFFICER)


@pytest.fixture
def choi(db: None) -> User:
    """최팀장, the chief."""
    del db
    return hire("최팀장", Role.CHIEF)


@pytest.fixture
def noh(db: None) -> User:
    """노감사, the auditor, who looks and takes nothing out."""
    del db
    return hire("노감사", Role.AUDITOR)


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    """Files go to the test's own folder."""
    default = {"BACKEND": "panro.files.storage.LocalStorage", "OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
