"""Fixtures of the vault: a shop with its people, a stranger, an officer."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from panro.accounts.models import User
from panro.files.conf import storage
from panro.parties.models import Party
from panro.vault import seams
from vault.world import business, person


@pytest.fixture(autouse=True)
def _kept(tmp_path: Path, settings: SimpleNamespace) -> None:
    """Files of a test lie in its own folder."""
    settings.STORAGES = settings.STORAGES | {"default": storage(tmp_path / "kept")}


@pytest.fixture(autouse=True)
def _seams(monkeypatch: pytest.MonkeyPatch) -> None:
    """No room above tells anything; a test that needs one says so."""
    for name in ("facts_from", "in_use", "paper_settled", "consent_withdrawn"):
        monkeypatch.setattr(getattr(seams, name), "_parts", {})


@pytest.fixture
def owner(request: pytest.FixtureRequest) -> User:
    request.getfixturevalue("db")
    return person("kim@example.kr", "김두부")


@pytest.fixture
def shop(owner: User) -> Party:
    return business(owner, "한마음 두부")


@pytest.fixture
def clerk(shop: Party) -> User:
    return person("lee@example.kr", "이점원", shop, "staff")


@pytest.fixture
def stranger(request: pytest.FixtureRequest) -> User:
    request.getfixturevalue("db")
    return person("park@example.kr", "박남남")


@pytest.fixture
def officer(request: pytest.FixtureRequest) -> User:
    request.getfixturevalue("db")
    return person("officer@example.kr", "최담당", staff=True)
