import csv
import dataclasses
import io
import json
import os
import random
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from dossier.generate import Generated, generate
from panro.dossier.csvtext import TableError, csv_lines
from panro.dossier.write import FolderError, render, write_auditor, write_public
from panro.proof.canonical import CanonicalError, Json
from panro.proof.merkle import merkle_root

PUBLIC = {
    "rules.json", "programme.json", "panels.json", "pool.csv", "cases.csv", "scores.csv", "stages.csv", "draw.json",
    "results.csv", "offers.csv",
}  # fmt: skip
AUDITOR = {f"auditor/{name}.csv" for name in ("receipts", "facts", "panels", "assignment", "scores")}


def round_of(wanted: int, *, addendum: bool) -> Generated:
    for number in range(wanted, wanted + 200):
        made = generate(random.Random(number), 15)
        if (made.before is not None) == addendum and made.record.rules.stages:
            return made
    raise AssertionError("no such round")


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("addendum", [False, True])
def test_both_dossiers_have_the_same_public_files_and_one_root(tmp_path: Path, addendum: bool) -> None:  # noqa: FBT001 # a parameter of the test
    made = round_of(1, addendum=addendum)
    made.write(tmp_path / "public", tmp_path / "auditor")
    public, auditor = files_of(tmp_path / "public"), files_of(tmp_path / "auditor")
    expected = PUBLIC | ({"addendum.json", "difference.csv"} if addendum else set()) | {"proof.json", "manifest.json"}
    assert set(public) == expected
    assert set(auditor) == expected | AUDITOR | ({"auditor/objections.csv"} if addendum else set())
    assert {name for name in public if public[name] != auditor[name]} == {"manifest.json"}
    manifests = [json.loads(files["manifest.json"]) for files in (public, auditor)]
    assert [one["kind"] for one in manifests] == ["public", "auditor"]
    assert {one["root"] for one in manifests} == {made.dossier.root}
    for manifest, files in zip(manifests, (public, auditor), strict=True):
        assert manifest["files"] == {
            name: {"bytes": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in files.items()
            if name != "manifest.json"
        }
        assert manifest["format"] == "panro-dossier-2"
        assert manifest["simulated"] is made.record.rules.simulated


def test_the_root_is_that_of_the_public_files_lines() -> None:
    made = round_of(50, addendum=False)
    lines = {name: one.content.removesuffix(b"\n").split(b"\n") for name, one in made.dossier.public.items()}
    roots = [f"{name}:{merkle_root(lines[name])}".encode() for name in sorted(lines)]
    assert made.dossier.root == merkle_root(roots)


def test_every_table_reads_back_cell_by_cell() -> None:
    made = round_of(90, addendum=True)
    for name, one in {**made.dossier.public, **made.dossier.auditor}.items():
        if name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(one.content.decode(), newline=""), strict=True))
            assert len({len(row) for row in rows}) == 1
            assert csv_lines(name, rows[0], rows[1:]) == one.content.removesuffix(b"\n").split(b"\n")
    payloads = list(csv.DictReader(io.StringIO(made.dossier.auditor["auditor/receipts.csv"].content.decode())))
    assert [row["payload"] for row in payloads] == [receipt.payload for receipt in made.record.receipts]


def test_rendering_twice_gives_the_same_bytes() -> None:
    assert render(round_of(7, addendum=False).record) == render(round_of(7, addendum=False).record)


def test_quotes_stand_only_where_they_are_needed() -> None:
    assert csv_lines("t", ("a", "b"), [("x;y", ""), ("1,2", 'say "yes"'), ("", "가")]) == [
        b"a,b",
        b"x;y,",
        b'"1,2","say ""yes"""',
        ",가".encode(),
    ]


@pytest.mark.parametrize("cell", ["a\nb", "a\tb", "a\rb", "\x00", "\x7f", "\x85", "\u1100\u1161", "e\u0301"])
def test_what_cannot_stand_in_a_cell_is_refused_with_its_line(cell: str) -> None:
    with pytest.raises(TableError, match=r"^t\.csv, line 3: "):
        csv_lines("t.csv", ("a", "b"), [("fine", "1"), (cell, "2")])


@pytest.mark.parametrize(
    "programme",
    [{"name": "a\nb"}, {"names": ["fine", "a\x7fb"]}, {"in": {"name": "\x85"}}, {"a\tb": 1}, {"name": "\x9f"}],
)
def test_a_control_character_in_a_json_file_is_refused(programme: Json) -> None:
    made = round_of(3, addendum=False)
    with pytest.raises(CanonicalError, match="holds a control character"):
        render(replace(made.record, programme=programme))
    fine = render(replace(made.record, programme={"name": "a\u00a0b"}))
    assert fine.public["programme.json"].content == b'{"name":"a\xc2\xa0b"}\n'


def test_everything_is_on_the_disk_before_the_folder_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, folder = round_of(3, addendum=False), tmp_path / "auditor"
    sync, synced = os.fsync, []

    def record(descriptor: int) -> None:
        synced.append((str(Path(f"/proc/self/fd/{descriptor}").readlink()), folder.exists()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", record)
    write_auditor(made.dossier, made.proof, folder)
    *inside, parent = synced
    assert parent == (str(tmp_path), True)
    assert [done for _, done in inside] == [False] * len(inside)
    top = Path(inside[-1][0])
    names = [str(Path(path).relative_to(top)) for path, _ in inside]
    assert set(names[:-2]) == set(files_of(folder))
    assert names[-2:] == ["auditor", "."]


def test_a_rehearsals_dossier_does_not_wait_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = round_of(3, addendum=False)
    assert not made.dossier.simulated
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    write_public(dataclasses.replace(made.dossier, simulated=True), made.proof, tmp_path / "rehearsed")
    assert synced == []
    write_public(made.dossier, made.proof, tmp_path / "real")
    assert len(synced) == len(files_of(tmp_path / "real")) + 2


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    made = round_of(3, addendum=False)
    used = tmp_path / "used"
    used.mkdir()
    (used / "mine.txt").write_text("mine")
    link, file = tmp_path / "link", tmp_path / "file"
    link.symlink_to(tmp_path / "empty")
    file.write_text("x")
    for place in (used, link, file):
        with pytest.raises(FolderError, match="is not an empty folder"):
            write_public(made.dossier, made.proof, place)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link", "used"]
    assert files_of(used) == {"mine.txt": b"mine"}
    (tmp_path / "empty").mkdir()
    write_public(made.dossier, made.proof, tmp_path / "empty")
    assert (tmp_path / "empty" / "manifest.json").exists()


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = round_of(3, addendum=False)

    def full(_path: Path, _content: bytes) -> int:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space left"):
        write_auditor(made.dossier, made.proof, tmp_path / "deep" / "auditor")
    assert list((tmp_path / "deep").iterdir()) == []


def test_only_the_owner_enters_the_auditors_dossier(tmp_path: Path) -> None:
    made = round_of(3, addendum=False)
    made.write(tmp_path / "public", tmp_path / "auditor")
    assert (tmp_path / "public").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "auditor").stat().st_mode & 0o777 == 0o700
