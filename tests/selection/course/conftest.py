"""The agency's people, a published year, and a round on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake import world as intake
from panro.staff.states import Role
from screening.world import hire
from selection.course import world

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    """Files go to the test's own folder."""
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture(autouse=True)
def _english(settings: Settings) -> None:
    """What is refused is said in English, in every thread."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def notice(db: None) -> EditionVersion:
    """The year 2021 with programme 3-1."""
    del db
    return intake.publish("3-1")


@pytest.fixture
def han(db: None) -> User:
    """한담당, who leads rounds."""
    del db
    return hire("한담당", Role.OFFICER)


@pytest.fixture
def yoon(db: None) -> User:
    """윤팀장, the chief who confirms."""
    del db
    return hire("윤팀장", Role.CHIEF)


@pytest.fixture
def bae(db: None) -> User:
    """배팀장, the second chief."""
    del db
    return hire("배팀장", Role.CHIEF)


@pytest.fixture
def noh(db: None) -> User:
    """노감사, who may look and not act."""
    del db
    return hire("노감사", Role.AUDITOR)


@pytest.fixture
def chiefs(yoon: User, bae: User) -> tuple[User, User]:
    """Both chiefs."""
    return yoon, bae


@pytest.fixture
def story(notice: EditionVersion, han: User, chiefs: tuple[User, User]) -> world.Story:
    """A round of fourteen applications, generated in memory; nothing of it is in the rows yet."""
    return world.story(notice, han, chiefs)
