"""Fixtures of evaluations: a published year, messages of this room, people of the agency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evaluation import world
from intake import world as intake
from rules.selection.makers import make_rules, make_stage
from staff.conftest import as_user, hire

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.rules.selection.round_rules import RoundRules

__all__ = ["as_user", "hire"]


@pytest.fixture
def notice(db: None) -> EditionVersion:
    """The year 2021 with programme 3-1."""
    del db
    return intake.publish("3-1")


@pytest.fixture
def rules() -> RoundRules:
    """One stage of two criteria, panels of three."""
    return make_rules(stages=[make_stage(panel=3, aggregate="panel_adjusted", pass_mark="50.00")], seats=2)


@pytest.fixture
def judged(notice: EditionVersion, rules: RoundRules) -> world.Judged:
    """Four applications being judged by six reviewers, three each."""
    return world.opened(notice, rules)


@pytest.fixture
def manager(db: None) -> User:
    """한관리, who looks after the reviewers."""
    del db
    return intake.officer()


@pytest.fixture
def english(settings: Settings) -> None:
    """What is refused is said in English, in every thread: tests read it."""
    settings.LANGUAGE_CODE = "en"
