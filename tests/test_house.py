"""The house stands: what import-linter cannot see, because Django hides it behind strings."""

import ast
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
FLOORS: list[str] = next(contract["layers"] for contract in CONTRACTS if contract["type"] == "layers")
"""From the roof to the ground, as import-linter has them."""
LONGEST_FILE = 400


def is_room(label: str) -> bool:
    return label in FLOORS


def stands_on(upper: str, lower: str) -> bool:
    """Whether a room may lean on another: it is the same, or lies below."""
    return FLOORS.index(upper) <= FLOORS.index(lower)


def test_every_room_of_the_program_has_a_floor() -> None:
    rooms = {path.parent.name for path in (ROOT / "src" / "panro").glob("*/__init__.py")}
    assert rooms == {*FLOORS, "verifier"}


def test_a_model_refers_only_to_models_of_rooms_below() -> None:
    wrong = [
        f"{model._meta.label} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if is_room(model._meta.app_label)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and is_room(field.related_model._meta.app_label)
        and not stands_on(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert wrong == []


def test_a_migration_depends_only_on_rooms_below() -> None:
    loader = MigrationLoader(None)
    wrong = [
        f"{label}.{name} -> {needed}"
        for (label, name), migration in loader.disk_migrations.items()
        if is_room(label)
        for needed, _ in migration.dependencies
        if is_room(needed) and not stands_on(label, needed)
    ]
    assert wrong == []


def test_no_room_reacts_to_signals_of_models() -> None:
    """A change of state is one function; what follows from it is written there, where a reader sees it."""
    hidden = ("django.db.models.signals", "django.dispatch")
    wrong = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "src").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module in hidden
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", ["src", "tests", "scripts", "benchmarks"])
def test_no_file_hides_a_room(folder: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    }
    assert lengths, folder
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_the_verifier_imports_the_standard_library_alone() -> None:
    foreign = sorted(
        {
            name
            for path in (ROOT / "src" / "panro" / "verifier").rglob("*.py")
            for node in ast.walk(ast.parse(path.read_text()))
            for name in imported(node)
            if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("panro.verifier")
        }
    )
    assert foreign == []


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module or ""]
    return []
