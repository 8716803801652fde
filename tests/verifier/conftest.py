from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from panro.verifier import Difference, Report, verify
from verifier.dossier_maker import Maker
from verifier.made_files import Files, write
from verifier.plans import small, tiny

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def small_files() -> Files:
    return Maker(small()).make()


@pytest.fixture(scope="session")
def tiny_files() -> Files:
    return Maker(tiny()).make()


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., Report]:
    """Write the files into a new folder and verify them."""
    made = iter(range(1000))

    def run(files: Files, head: str | None = None, original: Files | None = None) -> Report:
        first = None if original is None else write(tmp_path / f"original-{next(made)}", original)
        return verify(write(tmp_path / f"dossier-{next(made)}", files), head, first)

    return run


@pytest.fixture
def difference(check: Callable[..., Report]) -> Callable[..., Difference]:
    """Verify files that must differ, and return the difference."""

    def run(files: Files, head: str | None = None, original: Files | None = None) -> Difference:
        found = check(files, head, original).difference
        assert found is not None
        return found

    return run
