"""Rounds that were published, for the tests of what comes after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from selection.after import world
from staff.conftest import as_user, hire

if TYPE_CHECKING:
    from made_rounds import MadeRound
    from panro.editions.models import EditionVersion

__all__ = ["as_user", "hire"]


@pytest.fixture(scope="session")
def round_of_240(tmp_path_factory: pytest.TempPathFactory) -> MadeRound:
    """A round of 240 receipts of 3-2, run and proven."""
    return world.made(tmp_path_factory.mktemp("after"))


@pytest.fixture
def published(year: EditionVersion, round_of_240: MadeRound) -> world.Round:
    """That round, published; all of its receipts are of shops of this house."""
    return world.published(year, round_of_240)
