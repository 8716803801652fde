"""One small year for all tests of this room, so that it is rehearsed once."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from panro.rehearsal.population import Population, default_population
from panro.rehearsal.rehearse import Options, Rehearsal, rehearse
from panro.rehearsal.what_if import scaled_edition
from panro.rules.edition.load import load_edition

if TYPE_CHECKING:
    from pathlib import Path

    from panro.rules.edition.model import Edition

SEED = 11
COMPANIES = 600


@pytest.fixture(scope="session")
def population() -> Population:
    return default_population()


@pytest.fixture(scope="session")
def edition() -> Edition:
    return load_edition("2021")


@pytest.fixture(scope="session")
def small_edition(edition: Edition) -> Edition:
    """The year with places for 600 companies, so that they are fought over."""
    return scaled_edition(edition, COMPANIES)


@pytest.fixture(scope="session")
def small_year(
    small_edition: Edition, population: Population, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Rehearsal]:
    """A rehearsed year and the folder of its dossiers; nobody may write there."""
    folder = tmp_path_factory.mktemp("small-year") / "out"
    options = Options(COMPANIES, SEED, folder)
    return folder, rehearse(small_edition, population, options, timer=count().__next__)
