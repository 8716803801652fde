"""Fixtures of applications: a published year, a merchant, an officer."""

import pytest

from intake import world
from panro.accounts.models import User
from panro.editions.models import EditionVersion


@pytest.fixture
def notice(db: None) -> EditionVersion:
    """The year 2021 with the programmes that these stories need."""
    del db
    return world.publish("3-1", "2-1", "2-3", "4-2", "4-3")


@pytest.fixture
def minji(db: None) -> world.Shop:
    """김민지, who runs 미래상회 and has proved it."""
    del db
    return world.shop()


@pytest.fixture
def officer(db: None) -> User:
    """박담당, an officer of the agency."""
    del db
    return world.officer()
