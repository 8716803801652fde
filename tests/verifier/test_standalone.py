"""The verifier needs nothing but Python 3.11, and runs as one file."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import panro.verifier
from panro.verifier.__main__ import main
from verifier.made_files import Files, head_of, public, write

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(panro.verifier.__file__).parent
MODULES = sorted(HOUSE.glob("*.py"))
SCRIPT = HOUSE.parents[2] / "scripts" / "build_verify_pyz.py"


def nodes() -> Iterator[tuple[str, ast.AST]]:
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"), feature_version=(3, 11))):
            yield module.name, node


def test_it_imports_the_standard_library_and_itself_alone() -> None:
    foreign = set()
    for _, node in nodes():
        if isinstance(node, ast.Import):
            foreign |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            foreign.add(str(node.module).partition(".")[0])
        else:
            assert not isinstance(node, ast.ImportFrom) or node.level == 1
    assert foreign <= sys.stdlib_module_names


def test_it_has_no_floating_point_and_runs_no_code_it_reads() -> None:
    found = [
        (name, ast.unparse(node))
        for name, node in nodes()
        if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and "folder" not in ast.unparse(node.left))
        or (isinstance(node, ast.Name) and node.id in ("float", "eval", "exec", "compile", "__import__", "Decimal"))
    ]
    assert found == []


def test_every_module_can_be_read_in_one_sitting() -> None:
    assert [m.name for m in MODULES if len(m.read_text(encoding="utf-8").splitlines()) >= 400] == []


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pyz") / "verify.pyz"
    subprocess.run([sys.executable, str(SCRIPT), str(target)], check=True, capture_output=True)
    return target


def pythons() -> list[str]:
    """Return this Python, and 3.11 if there is one that starts."""
    found = [sys.executable]
    older = shutil.which("python3.11")
    if older and subprocess.run([older, "-c", ""], check=False, capture_output=True).returncode == 0:
        found.append(older)
    return found


@pytest.mark.parametrize("python", pythons())
def test_the_archive_verifies(archive: Path, tmp_path: Path, small_files: Files, python: str) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [python, "-I", str(archive), *arguments], check=False, capture_output=True, encoding="utf-8", cwd=tmp_path
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout

    folder = str(write(tmp_path / "dossier", public(small_files)))
    code, text = run(folder, "--head", head_of(small_files))
    assert (code, text.splitlines()[:2]) == (
        0,
        [
            "SIMULATED: this is a rehearsal, not a selection.",
            "The dossier agrees with its own files and the specification.",
        ],
    )
    assert run(folder, "--head", "0" * 64)[0] == 1
    assert run(folder, "--head", "short")[0] == 2
    assert run(folder + "none")[0] == 2
    assert run()[0] == 2


def test_the_archive_is_the_same_from_the_same_source(archive: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.pyz"
    subprocess.run([sys.executable, str(SCRIPT), str(again)], check=True, capture_output=True)
    assert again.read_bytes() == archive.read_bytes()


def test_korean_is_written_to_a_terminal_that_knows_none(archive: Path, tmp_path: Path, tiny_files: Files) -> None:
    folder = str(write(tmp_path / "dossier", tiny_files))
    done = subprocess.run(
        [sys.executable, str(archive), folder, "--lang", "ko"],
        check=False,
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"},
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_exit_codes_and_words(capsys: pytest.CaptureFixture[str], tmp_path: Path, tiny_files: Files) -> None:
    folder = write(tmp_path / "dossier", tiny_files)
    assert main([str(folder), "--lang", "ko"]) == 0
    assert "감사용 자료" in capsys.readouterr().out
    (folder / "pool.csv").write_bytes(b"")
    assert main([str(folder)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "DIFFERENCE"
    assert said[1] == "  file      pool.csv"
    for wrong in (
        [],
        [str(folder), "--lang", "fr"],
        [str(folder), "--head", "x"],
        [str(folder), "--original", "nowhere"],
    ):
        with pytest.raises(SystemExit) as stopped:
            main(wrong)
        assert stopped.value.code == 2
    capsys.readouterr()
