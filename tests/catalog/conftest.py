"""Fixtures of the catalogue: two shops, their people, a stranger."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from catalog.world import TODAY, person
from catalog.world import shop as a_shop
from panro.accounts.models import User
from panro.catalog import seams
from panro.files.conf import storage
from panro.parties.models import Party


@pytest.fixture(autouse=True)
def _kept(tmp_path: Path, settings: SimpleNamespace) -> None:
    """Files of a test lie in its own folder; the pages stand in April 2021."""
    settings.STORAGES = settings.STORAGES | {"default": storage(tmp_path / "kept")}
    settings.PRETENDED_DAY = TODAY
    seams.fill()


@pytest.fixture
def shop(request: pytest.FixtureRequest) -> Party:
    request.getfixturevalue("db")
    return a_shop("미나반찬")


@pytest.fixture
def mina(shop: Party) -> User:
    return person("mina", shop)


@pytest.fixture
def jiho(shop: Party) -> User:
    return person("jiho", shop, "staff")


@pytest.fixture
def pottery(request: pytest.FixtureRequest) -> Party:
    request.getfixturevalue("db")
    return a_shop("두리공방")


@pytest.fixture
def duri(pottery: Party) -> User:
    return person("duri", pottery)


@pytest.fixture
def sora(request: pytest.FixtureRequest) -> User:
    request.getfixturevalue("db")
    return person("sora")
