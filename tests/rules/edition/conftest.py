"""The 2021 folder as plain data, so that a test can change one thing and see what is said of it."""

import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from panro.rules.edition.load import load_edition
from panro.rules.edition.model import Edition
from panro.rules.edition.write import toml_text

type Data = dict[str, Any]
type Changed = Callable[..., Edition]
FOLDER = files("panro.editions") / "data" / "2021"


def read_data(name: str) -> Data:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def edition() -> Edition:
    return load_edition("2021")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the 2021 folder that a test may spoil."""
    copy = tmp_path / "copy"
    (copy / "programmes").mkdir(parents=True)
    for place in (FOLDER, FOLDER / "programmes"):
        for file in place.iterdir():
            if file.name.endswith(".toml"):
                target = copy / "programmes" if place.name == "programmes" else copy
                (target / file.name).write_bytes(file.read_bytes())
    return copy


@pytest.fixture
def changed(edition: Edition) -> Changed:
    """Return the 2021 edition with the head (code ``head``) or programmes changed in place by functions."""

    def change(**changes: Callable[[Data], object]) -> Edition:
        parts: Data = edition.model_dump(mode="python")
        for name, function in changes.items():
            code = name.removeprefix("p").replace("_", "-")
            part = parts["head"] if name == "head" else next(p for p in parts["programmes"] if p["code"] == code)
            function(part)
        return Edition.model_validate(parts)

    return change


@pytest.fixture
def spoil(folder: Path) -> Callable[[str, Callable[[Data], object]], Path]:
    """Change one file of the copied folder as data and write it back, checked or not."""

    def change(name: str, function: Callable[[Data], object]) -> Path:
        data = read_data(name)
        function(data)
        (folder / name).write_text(toml_text(data), encoding="utf-8")
        return folder

    return change
