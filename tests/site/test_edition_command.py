from pathlib import Path

import pytest

from editions_2022 import build_2022
from panro.site.cli import run

DATA = Path(__file__).resolve().parents[2] / "src" / "panro" / "editions" / "data" / "2021"


def test_a_sound_year_is_listed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert run(["edition", "check", "2021"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    lines = [line.rstrip() for line in printed.out.splitlines()]
    assert lines[0] == "2021 2021 support for small merchants' online sales"
    assert lines[1] == "2021-03-17 – 2021-12-31"
    rows = {line.split()[0]: line.split() for line in lines[3:]}
    assert len(rows) == 16
    assert rows["3-1"] == [
        *("3-1", "Internet", "malls", "6,000", "companies", "03-17", "–", "12-31", "by", "points", "4"),
        *("channel", "entry,", "sales", "events,", "content"),
    ]


def test_it_speaks_korean(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert run(["edition", "check", str(DATA), "--language", "ko"]) == 0
    row = next(line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("2-2"))
    assert row == [
        *("2-2", "디지털", "커머스", "전문기관", "4개소", "03-18", "–", "04-16", "점수", "순", "1"),
        *("보조금,", "공간", "운영,", "교육"),
    ]


def test_problems_go_one_per_line_and_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    year = build_2022(tmp_path)
    file = year / "programmes" / "3-3.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("quota = 1000", "quota = 999").replace('pillar = "channels"', 'pillar = "x"'), "utf-8")
    assert run(["edition", "check", str(year)]) == 1
    assert capsys.readouterr().err == (
        "programmes/3-3.toml, pillar: found 'x', expected one of: capability, foundation, channels, live.\n"
    )
    file.write_text(text.replace("quota = 1000", "quota = 999"), "utf-8")
    assert run(["edition", "check", str(year)]) == 1
    assert capsys.readouterr().err == (
        "programmes/3-3.toml, rounds: found 1000 places in all rounds, expected at most 999, the quota.\n"
    )
    file.write_text(text.replace("quota = 1000", "quotas = 1000"), "utf-8")
    assert run(["edition", "diff", "2021", str(year)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("programmes/3-3.toml, quotas: found an unknown key, expected 'quota' (there are: ")


def test_a_place_that_is_not_there_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["edition", "check", "1999"]) == 2
    assert capsys.readouterr().err == (
        "panro: Invalid value: '1999' is neither a folder nor one of the years: 2021 "
        "(try 'panro edition check --help')\n"
    )


def test_a_comparison_is_grouped_by_programme(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["edition", "diff", "2021", str(build_2022(tmp_path))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["edition.toml", "  The code: 2021 becomes 2022."]
    assert lines[lines.index("3-3 Media commerce") + 1] == "  The name: V-commerce becomes Media commerce."
    assert lines[-2:] == [
        "1-4 Promotion of outstanding products",
        "  The programme ‘Promotion of outstanding products’ is dropped.",
    ]


def test_equal_years_have_no_changes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["edition", "diff", "2021", str(DATA), "--language", "ko"]) == 0
    assert capsys.readouterr().out == "변경 없음\n"
