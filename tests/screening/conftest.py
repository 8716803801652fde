"""Fixtures of the desk: a published year, merchants, officers."""

import pytest

from intake.world import Shop, shop
from intake.world import publish as publish_year
from panro.accounts.models import User
from panro.editions.models import EditionVersion
from panro.staff.states import Role
from screening import world


@pytest.fixture
def notice(db: None) -> EditionVersion:
    """The year 2021 with one programme."""
    del db
    return publish_year("3-1")


@pytest.fixture
def minji(db: None) -> Shop:
    """김민지 of 미래상회, against whom nothing speaks."""
    del db
    made = shop()
    world.clean(made)
    return made


@pytest.fixture
def junho(db: None) -> Shop:
    """이준호 of 바다식품, of whom nothing is known yet."""
    del db
    return shop("바다식품", "이준호")


@pytest.fixture
def park(db: None) -> User:
    """박담당, who works at the desk."""
    del db
    return world.hire("박담당", Role.OFFICER)


@pytest.fixture
def choi(db: None) -> User:
    """최팀장, the chief."""
    del db
    return world.hire("최팀장", Role.CHIEF)


@pytest.fixture
def noh(db: None) -> User:
    """노감사, who may look and not decide."""
    del db
    return world.hire("노감사", Role.AUDITOR)
