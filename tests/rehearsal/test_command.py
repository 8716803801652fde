from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from panro.site.cli import run

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

type Panro = Callable[..., tuple[int, str, str]]


@pytest.fixture
def panro(capsys: pytest.CaptureFixture[str]) -> Panro:
    """Run a command; gives exit status, output and errors."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        try:
            status = run([str(argument) for argument in arguments])
        except SystemExit as left:
            status = int(left.code or 0)
        told = capsys.readouterr()
        return status, told.out, told.err

    return call


def test_a_small_year_ends_with_one_table_and_a_dossier_to_verify(panro: Panro, tmp_path: Path) -> None:
    out = tmp_path / "out"
    status, told, _ = panro("rehearse", "--companies", "120", "--random-seed", "2", "--out", out)
    assert status == 0
    assert told.count("┏") == 1
    for part in ("3-1 Internet malls", "total", "Channel entry and other support: ", " of 30,000 (", " of 2,000 ("):
        assert part in told
    found = re.search(r"panro (verify) (\S+) (--head) ([0-9a-f]{64})", told)
    assert found is not None
    status, told, _ = panro(*found.groups())
    assert status == 0
    assert "authentic" in told.lower()


def test_korean_on_request(panro: Panro) -> None:
    status, told, _ = panro("rehearse", "--companies", "30", "--lang", "ko")
    assert status == 0
    assert "합계" in told
    assert "인터넷 쇼핑몰 입점" in told


def test_what_if_compares_both_runs_in_one_table(panro: Panro, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ("rehearse", "--companies", "200", "--set", "3-1.quota=20", "--no-dossiers", "--out", out)
    status, told, _ = panro(*arguments)
    assert status == 0
    assert told.count("┏") == 1
    assert "6,000 → 20" in told
    before, after = (
        {
            one["programme"]: one["selected"]
            for one in json.loads((out / name / "rehearsal.json").read_text(encoding="utf-8"))["programmes"]
        }
        for name in ("before", "after")
    )
    assert after["3-1"] < before["3-1"]
    assert f"{after['3-1'] - before['3-1']:+,}" in told
    assert not (out / "after" / "3-1").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--set", "9-9.quota=1"), "no programme 9-9"),
        (("--set", "3-1.method=lottery"), "programmes.3-1.method"),
        (("--edition", "1999"), "1999"),
        (("--companies", "0"), "--companies"),
        (("--applications", "nowhere.csv"), "'nowhere.csv' is not a file"),
        (("--lang", "fr"), "--lang"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(panro: Panro, arguments: tuple[str, ...], message: str) -> None:
    status, told, errors = panro("rehearse", *arguments)
    assert (status, told) == (2, "")
    assert errors.count("\n") == 1
    assert message in errors


def test_a_folder_in_use_is_left_alone(panro: Panro, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
    status, _, errors = panro("rehearse", "--companies", "10", "--out", tmp_path)
    assert status == 2
    assert errors == f"panro: '{tmp_path}' is not an empty folder; name a new one\n"
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_left_out_lines_are_exit_3_and_wrong_columns_exit_2(panro: Panro, tmp_path: Path) -> None:
    source = tmp_path / "applications.csv"
    shutil.copy(EXAMPLES / "applications.csv", source)
    status, _, _ = panro("rehearse", "--applications", source, "--out", tmp_path / "good")
    assert status == 0
    with source.open("a", encoding="utf-8") as file:
        file.write("1-3,R1\n")
    status, told, _ = panro("rehearse", "--applications", source, "--out", tmp_path / "bad")
    assert status == 3
    assert f"1 lines were left out; {tmp_path / 'bad' / 'rejects.csv'} tells why." in told.replace("\n", " ")
    source.write_text("programme,colour\n", encoding="utf-8")
    status, _, errors = panro("rehearse", "--applications", source, "--out", tmp_path / "none")
    assert status == 2
    assert "missing columns: applicant" in errors
    assert errors.count("\n") == 1


def test_verify_names_the_difference_and_wrong_use(panro: Panro, tmp_path: Path) -> None:
    out = tmp_path / "out"
    panro("rehearse", "--applications", EXAMPLES / "applications.csv", "--out", out)
    dossier = out / "1-3" / "R1" / "public"
    status, told, _ = panro("verify", dossier)
    assert status == 0
    assert "not authenticated" in told
    status, told, _ = panro("verify", dossier, "--head", "0" * 64)
    assert status == 1
    status, _, errors = panro("verify", dossier, "--head", "abc")
    assert (status, errors) == (2, "panro: --head takes 64 lower-case hexadecimal digits\n")
    status, _, errors = panro("verify", tmp_path / "nothing")
    assert status == 2
    results = (dossier / "results.csv").read_bytes()
    (dossier / "results.csv").write_bytes(results.replace(b"selected", b"Selected", 1))
    status, told, _ = panro("verify", dossier)
    assert status == 1
    assert "results.csv" in told
