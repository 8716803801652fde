"""Whatever lies in the folder, the verifier names a file and a place, and never stops with a traceback."""

from __future__ import annotations

import json
import os
import random
import socket
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panro.verifier import Difference, Report, summary, verify
from verifier.dossier_maker import Maker
from verifier.made_files import Files, canonical, commit, line, public, rows_of, with_manifest, with_rows, write
from verifier.plans import chance, objected, tiny

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Differ = Callable[..., Difference]


def point_of(folder: Path) -> Difference:
    found = verify(folder).difference
    assert found is not None
    return found


@pytest.fixture
def folder(tmp_path: Path, tiny_files: Files) -> Path:
    return write(tmp_path / "dossier", tiny_files)


@pytest.mark.parametrize("name", ["pool.csv", "manifest.json", "auditor/scores.csv"])
def test_a_file_that_is_a_link_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    assert point_of(folder) == Difference(name, "the file", "no link", "a link")


def test_a_folder_that_is_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "auditor").rename(tmp_path / "elsewhere")
    (folder / "auditor").symlink_to(tmp_path / "elsewhere")
    assert point_of(folder) == Difference("auditor", "the file", "no link", "a link")


def test_a_dossier_that_is_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert point_of(tmp_path / "link").place == "the dossier"


def test_a_dangling_link_is_refused(folder: Path) -> None:
    (folder / "more").symlink_to("/nowhere")
    assert point_of(folder) == Difference("more", "the file", "no link", "a link")


def test_a_pipe_is_refused_without_waiting_for_it(folder: Path) -> None:
    (folder / "pool.csv").unlink()
    os.mkfifo(folder / "pool.csv")
    assert point_of(folder) == Difference("pool.csv", "the file", "a plain file", "a pipe, socket or device")


def test_a_socket_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert point_of(folder).file == "socket"


@pytest.mark.parametrize("name", ["extra.txt", "auditor/extra.csv", ".hidden", "POOL.csv", "\udcff"])
def test_an_unlisted_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"x\n")
    point = point_of(folder)
    assert (point.file, point.found) == (name, "a file or folder")
    summary(verify(folder)).encode()


@pytest.mark.parametrize("name", ["extra", "pool.csv", "auditor/deep"])
def test_another_folder_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).mkdir()
    assert point_of(folder) == Difference(name, "the folder", "no other folder", "a folder")


def test_an_empty_auditors_folder_is_refused(tmp_path: Path, tiny_files: Files) -> None:
    folder = write(tmp_path, public(tiny_files))
    (folder / "auditor").mkdir()
    assert point_of(folder).found == "an empty folder"


def test_auditors_files_in_a_public_dossier_are_refused(folder: Path, tiny_files: Files) -> None:
    (folder / "manifest.json").write_bytes(public(tiny_files)["manifest.json"])
    assert point_of(folder).file.startswith("auditor/")


@pytest.mark.parametrize("name", ["pool.csv", "proof.json", "auditor/facts.csv", "manifest.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    point = point_of(folder)
    assert (point.file, point.found) == (name, "no such file")


def test_no_dossier_at_all_is_named(tmp_path: Path) -> None:
    assert point_of(tmp_path / "nothing").expected == "a readable file"
    (tmp_path / "file").write_bytes(b"")
    assert point_of(tmp_path / "file").found == "something else"


def test_very_many_files_are_refused(folder: Path) -> None:
    for i in range(70):
        (folder / f"file{i}").write_bytes(b"")
    assert point_of(folder).expected == "at most 64 names in a folder"


def with_entry(files: Files, **entries: object) -> Files:
    manifest = json.loads(files["manifest.json"])
    manifest["files"] |= entries
    return {**files, "manifest.json": line(manifest)}


@pytest.mark.parametrize("name", ["../pool.csv", "/etc/passwd", "auditor/../pool.csv", "..", "", "a\\b", "./pool.csv"])
def test_a_path_out_of_the_dossier_is_refused(difference: Differ, tiny_files: Files, name: str) -> None:
    files = with_entry(tiny_files, **{name: {"bytes": 1, "sha256": "0" * 64}})
    assert (
        difference(files) == Difference("manifest.json", "files", "only the files of such a dossier", name)
        or name == "a\\b"
    )


@pytest.mark.parametrize("size", [2**53 - 1, 2**40, 2**30 + 1])
def test_an_absurd_size_is_refused_before_reading(difference: Differ, tiny_files: Files, size: int) -> None:
    files = with_entry(tiny_files, **{"pool.csv": {"bytes": size, "sha256": "0" * 64}})
    assert difference(files) == Difference("manifest.json", "files.pool.csv.bytes", f"at most {2**30}", str(size))


def test_a_file_of_another_size_is_named(folder: Path, tiny_files: Files) -> None:
    size = len(tiny_files["pool.csv"])
    with (folder / "pool.csv").open("ab") as file:
        file.truncate(2**33)  # sparse: the size is seen without reading
    assert point_of(folder) == Difference("pool.csv", "size", f"{size} bytes, as the manifest says", f"{2**33} bytes")


def test_a_huge_manifest_is_refused(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"[" * 70_000)
    assert point_of(folder).file == "manifest.json"


NUMBERS = (
    "",
    "01",
    "+1",
    "-1",
    "1_0",
    "１",
    "1.0",
    " 1",
    "1 ",
    "0x1",
    "1e1",
    "٣",
    "²",
    "9" * 5000,
    "-0",
    "NaN",
    "999999",
)


@pytest.mark.parametrize("text", NUMBERS)
@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("pool.csv", "result_no"), ("cases.csv", "result_no"), ("stages.csv", "result_no"), ("stages.csv", "score"),
        ("stages.csv", "criteria"), ("results.csv", "rank"), ("results.csv", "position"), ("offers.csv", "seq"),
        ("offers.csv", "result_no"), ("scores.csv", "phase"), ("auditor/scores.csv", "version"),
        ("auditor/scores.csv", "points"), ("auditor/scores.csv", "phase"), ("auditor/assignment.csv", "slot"),
    ],
)  # fmt: skip
def test_texts_that_are_no_numbers_are_refused(
    difference: Differ, tiny_files: Files, name: str, column: str, text: str
) -> None:
    rows = rows_of(tiny_files[name])
    at = next(i for i, row in enumerate(rows) if row[column] not in ("", text))
    rows[at][column] = text
    assert difference(with_manifest(with_rows(tiny_files, name, rows))).file == name


@pytest.mark.parametrize("on", ["2021-02-29", "2021-13-01", "0000-01-01", "2021-7-1", "20210701", "２021-07-01", ""])
def test_days_that_are_not_in_the_calendar_are_refused(difference: Differ, tiny_files: Files, on: str) -> None:
    rows = rows_of(tiny_files["offers.csv"])
    rows[0]["on"] = on
    assert difference(with_manifest(with_rows(tiny_files, "offers.csv", rows))).expected == "a date as YYYY-MM-DD"


RULES = [
    ("stages", []), ("stages", {}), ("stages", None), ("total_step", "0.00"), ("total_step", "-0.01"),
    ("total_step", 1), ("total_step", ".1"), ("total_step", "1."), ("total_step", "1e-2"),
    ("total_step", "0.0000000001"),
    ("bonus", {"cap": "0.00"}), ("bonus", {"cap": "0.0", "items": {}}), ("bonus", {"cap": "-0.00", "items": {}}),
    ("bonus", {"cap": "0.00", "items": {"a;b": "1.00"}}), ("service_order", [""]), ("service_order", ["a;b"]),
    ("ladder", ["stage:none"]), ("ladder", ["criterion:s"]), ("ladder", [1]), ("seats", -1), ("seats", True),
    ("seats", "2"), ("tracks", {}), ("tracks", {"basic": "1"}), ("tracks", {"": None}), ("steps", []),
    ("caps", [{"name": "seats", "by": None, "tracks": None, "limit": 1}]),
    ("caps", [{"name": "a:b", "by": None, "tracks": None, "limit": 1}]),
    ("caps", [{"name": "a", "by": "track", "tracks": None, "limit": 1}]),
    ("caps", [{"name": "a", "by": [], "tracks": None, "limit": 1}]),
    ("caps", [{"name": "a", "by": None, "tracks": ["none"], "limit": 1}]),
    ("caps", [{"name": "a", "by": None, "tracks": None, "limit": None}]),
    ("caps", [{"name": "a", "by": None, "tracks": None, "limit": 1}] * 2),
    ("steps", [{"kind": "open", "group": "x", "seats": None}]),
    ("steps", [{"kind": "set_aside", "group": None, "seats": None}]),
    ("steps", [{"kind": "other", "group": None, "seats": None}]), ("waiting", -1), ("method", "lottery"),
    ("round", "a/b"), ("round", "a;b"), ("programme", ""),
    ("bonus", {"cap": "-1.00", "items": {}}), ("bonus", {"cap": "0.00", "items": {"late": "-0.50"}}),
    ("edition", ""), ("draw_event", None), ("more", 1),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), RULES)
def test_rules_that_are_none_are_refused(difference: Differ, tiny_files: Files, key: str, value: object) -> None:
    changed = json.loads(tiny_files["rules.json"]) | {key: value}
    point = difference(with_manifest({**tiny_files, "rules.json": line(changed)}))
    assert point.file == ("panels.json" if value == [] and key == "stages" else "rules.json")


STAGES = [
    ("panel", 1), ("panel", 0), ("keep", 0), ("weight", 9999), ("weight", -1), ("aggregate", "median"), ("step", "0"),
    ("pass_mark", "1.0"), ("pass_mark", 1), ("criteria", []), ("criteria", [{"code": "a", "max": "2"}]),
    ("pass_mark", "-1.00"), ("criteria", [{"code": "a", "max": "2.3"}]), ("criteria", [{"code": "a;b", "max": "2.0"}]),
    ("criteria", [{"code": "a", "max": "-2.0"}]), ("criteria", [{"code": "a", "max": "2.0"}] * 2), ("code", ""),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), STAGES)
def test_stages_that_are_none_are_refused(difference: Differ, tiny_files: Files, key: str, value: object) -> None:
    changed = json.loads(tiny_files["rules.json"])
    changed["stages"][0][key] = value
    assert difference(with_manifest({**tiny_files, "rules.json": line(changed)})).file == "rules.json"


ROSTERS = [
    ("conflicts", [["0" * 64, "r9", "kin"]]), ("conflicts", [["0" * 64, "r1", "a"], ["0" * 64, "r1", "b"]]),
    ("replaced", [["0" * 64, "r1", "away"]]), ("replaced", [["0" * 64, "r9", "away"]]), ("resigned", ["r2"]),
    ("resigned", [["r2"]]), ("resigned", [["r9", 0]]), ("resigned", [["r2", -1]]), ("resigned", [["r2", "0"]]),
    ("resigned", [["r2", 0, 1]]), ("resigned", [["r2", 0], ["r2", 1]]), ("resigned", [["r3", 0], ["r2", 0]]),
    ("resigned", {}), ("roster", ["r1", "r0"]), ("roster", ["r0", "r0"]), ("more", []),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), ROSTERS)
def test_panels_that_are_none_are_refused(difference: Differ, tiny_files: Files, key: str, value: object) -> None:
    rows = rows_of(tiny_files["auditor/panels.csv"])
    panel = json.loads(rows[0]["payload"]) | {key: value}
    rows[0]["payload"] = canonical(panel)
    files = {
        **with_rows(tiny_files, "auditor/panels.csv", rows),
        "panels.json": line({"s": commit(rows[0]["salt"], panel)}),
    }
    assert difference(with_manifest(files)).file == "auditor/panels.csv"


def test_a_manifest_of_another_kind_or_purpose_is_refused(difference: Differ, tiny_files: Files) -> None:
    manifest = json.loads(tiny_files["manifest.json"])
    for key, value in (("format", "panro-dossier-1"), ("kind", "private"), ("simulated", True), ("root", "0" * 64)):
        point = difference({**tiny_files, "manifest.json": line({**manifest, key: value})})
        assert (point.file, point.place) == ("manifest.json", key)


def test_signs_that_steer_a_terminal_are_not_shown(difference: Differ, tiny_files: Files) -> None:
    rows = rows_of(tiny_files["cases.csv"])
    rows[0]["requirement"] = "\u202eeligible\u200b"
    point = difference(with_manifest(with_rows(tiny_files, "cases.csv", rows)))
    assert point.found == "\\u202eeligible\\u200b"


NASTY: list[object] = [
    None, True, -1, 0, 1, 2**53 - 1, "", "0", "-1", "x", "０", "0" * 64, "f" * 64, [], {}, [[]], [None], {"a": []},
    "9" * 400, "a;b", "seats", "open", "2021-05-01T00:00:00Z",
]  # fmt: skip


def mutated(value: object, rng: random.Random) -> object:
    """Change one thing somewhere in a JSON value."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(sorted(value))
        return {**value, key: mutated(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        at = rng.randrange(len(value))
        changed = mutated(value[at], rng)
        return rng.choice(([*value[:at], changed, *value[at + 1 :]], value[:at] + value[at + 1 :], [*value, value[at]]))
    return rng.choice(NASTY)


@cache
def whole_files() -> Files:
    plan = chance(25)
    plan.offers = 0
    maker = Maker(plan)
    maker.make()
    plan.offers = 20
    return objected(maker, random.Random(25))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**9))
def test_whatever_is_changed_ends_in_a_report(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """One cell, one line or one JSON value is changed and the manifest fixed up: no traceback, whatever is found."""
    rng = random.Random(seed)
    files = public(whole_files()) if rng.random() < 0.4 else whole_files()
    name = rng.choice(sorted(set(files) - {"manifest.json"}))
    if name.endswith(".json"):
        files = {**files, name: line(mutated(json.loads(files[name]), rng))}
    else:
        rows = rows_of(files[name])
        at, move = rng.randrange(len(rows)), rng.random()
        if move < 0.7:
            column = rng.choice(sorted(rows[at]))
            if column == "payload":
                value = mutated(json.loads(rows[at][column]), rng)
                rows[at][column] = canonical(value)
                if name == "auditor/panels.csv":  # opens, so that its inside is read
                    commitments = json.loads(files["panels.json"]) | {
                        rows[at]["stage"]: commit(rows[at]["salt"], value)
                    }
                    files = {**files, "panels.json": line(commitments)}
            else:
                rows[at][column] = rng.choice((str(rng.choice(NASTY)), rng.choice(rows)[column]))
        elif move < 0.85:
            del rows[at]
        else:
            rows.insert(at, rng.choice(rows))
        files = with_rows(files, name, rows)
    folder = write(tmp_path_factory.mktemp("fuzz"), with_manifest(files))
    report = verify(folder)
    assert isinstance(report, Report)
    assert summary(report) != ""
    if report.difference is not None:
        assert report.difference.file != "."


def test_a_reviewer_with_no_alternative_is_named(difference: Differ) -> None:
    plan = tiny()
    made = Maker(plan).make()
    rows = rows_of(made["auditor/panels.csv"])
    panel = json.loads(rows[0]["payload"])
    panel["conflicts"] = [[rows_of(made["pool.csv"])[2]["receipt"], f"r{i}", "kin"] for i in range(5)]
    panel["replaced"] = []
    rows[0]["payload"] = canonical(panel)
    files = with_rows(made, "auditor/panels.csv", rows)
    files["panels.json"] = line({"s": commit(rows[0]["salt"], panel)})
    point = difference(with_manifest(files))
    assert (point.file, point.expected, point.found) == (
        "auditor/panels.csv", "at least 2 reviewers without a conflict", "1",
    )  # fmt: skip
