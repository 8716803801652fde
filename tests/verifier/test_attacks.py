"""What somebody would change in a dossier is found."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from panro.verifier import Difference, Report, verify
from verifier.dossier_maker import Maker
from verifier.made_files import (
    Files,
    head_of,
    line,
    m,
    public,
    root_of,
    rows_of,
    with_manifest,
    with_proof,
    with_rows,
    write,
)
from verifier.plans import small, tiny

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Check = Callable[..., Report]
    Differ = Callable[..., Difference]


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]


@pytest.mark.parametrize("kind", ["public", "addendum"])
def test_every_flip_of_a_byte_is_found(tmp_path: Path, kind: str) -> None:
    plan = tiny()
    plan.offers = 0 if kind == "addendum" else plan.offers
    maker = Maker(plan)
    files = maker.make()
    if kind == "addendum":
        files = maker.addendum({next(iter(maker.result.selected))}, {})
    if kind == "public":
        files = public(files)
    folder = write(tmp_path / "dossier", files)
    assert verify(folder).ok
    missed = []
    for name, data in files.items():
        for at in range(len(data)):
            (folder / name).write_bytes(flipped(data, at))
            if verify(folder).ok:
                missed.append((name, at))
        (folder / name).write_bytes(data)
    assert missed == []


@pytest.mark.parametrize("kind", ["auditor", "addendum"])
def test_every_flip_in_the_auditors_files_is_found_with_the_manifest_fixed_up(tmp_path: Path, kind: str) -> None:
    """Their bytes are not under the root: the commitments and the recomputation must find it."""
    plan = tiny()
    if kind == "addendum":
        plan.offers, plan.replacements_again = 0, 1
        plan.rosters["s"]["roster"] += ["r6", "r7"]
    maker = Maker(plan)
    files = maker.make()
    names = [name for name in files if name.startswith("auditor/")]
    if kind == "addendum":
        files = maker.addendum([{next(iter(maker.result.selected))}], {})
        assert b'""replaced"":[[' in files["auditor/objections.csv"]
        names = ["auditor/objections.csv", "auditor/assignment.csv"]
    folder = write(tmp_path, files)
    assert verify(folder).ok
    missed = []
    for name in names:
        for at in range(len(files[name])):
            changed = with_manifest({**files, name: flipped(files[name], at)})
            (folder / name).write_bytes(changed[name])
            (folder / "manifest.json").write_bytes(changed["manifest.json"])
            if verify(folder).ok:
                missed.append((name, at))
        (folder / name).write_bytes(files[name])
    assert missed == []


@pytest.mark.parametrize("name", ["results.csv", "stages.csv", "draw.json", "scores.csv", "offers.csv"])
def test_every_flip_in_what_is_computed_is_found_even_with_a_forged_record(
    tmp_path: Path, tiny_files: Files, name: str
) -> None:
    folder = write(tmp_path, tiny_files)
    missed = []
    for at in range(len(tiny_files[name])):
        try:
            changed = with_proof({**tiny_files, name: flipped(tiny_files[name], at)})
        except (ValueError, KeyError):  # no longer readable, so that no record could be made for it
            changed = with_manifest({**tiny_files, name: flipped(tiny_files[name], at)})
        for path in (name, "proof.json", "manifest.json"):
            (folder / path).write_bytes(changed[path])
        if verify(folder).ok:
            missed.append((name, at, tiny_files[name][max(0, at - 20) : at + 5]))
    # A later day of the last offer is as good as the stated one; only the head can show it.
    assert [one for one in missed if name != "offers.csv"] == []


def changed_rows(files: Files, name: str, index: int, **cells: str) -> Files:
    rows = rows_of(files[name])
    rows[index] |= cells
    return with_proof(with_rows(files, name, rows))


def first_with(files: Files, name: str, **cells: str) -> int:
    rows = rows_of(files[name])
    return next(i for i, row in enumerate(rows) if all(row[key] == value for key, value in cells.items()))


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"outcome": "not_selected"}, "outcome"),
        ({"reason": "objection"}, "reason"),
        ({"detail": "seats@1"}, "detail"),
        ({"step": "set_aside:여성"}, "step"),
        ({"rank": "9"}, "rank"),
        ({"service": "3"}, "service"),
        ({"base": "9.99"}, "base"),
        ({"bonus": "0.01"}, "bonus"),
        ({"total": "9.99"}, "total"),
        ({"draw": "0" * 64}, "draw"),
        ({"position": "1"}, "position"),
    ],
)
def test_a_changed_result_is_named(difference: Differ, small_files: Files, cells: dict[str, str], column: str) -> None:
    at = first_with(small_files, "results.csv", outcome="selected")
    for files in (small_files, public(small_files)):
        point = difference(changed_rows(files, "results.csv", at, **cells))
        old = rows_of(small_files["results.csv"])[at][column] or "an empty cell"
        assert (point.file, point.place) == ("results.csv", f"line {at + 2} (result_no {at + 1}), {column}")
        assert (point.expected, point.found) == (old, cells[column])


def test_a_changed_score_is_found_in_the_auditors_dossier(difference: Differ, small_files: Files) -> None:
    rows = rows_of(small_files["auditor/scores.csv"])
    changed = "0.5;0.5" if rows[0]["points"] != "0.5;0.5" else "1.0;1.0"
    point = difference(changed_rows(small_files, "auditor/scores.csv", 0, points=changed))
    assert point.file == "auditor/scores.csv"


def test_a_changed_stage_score_is_found_in_both(difference: Differ, small_files: Files) -> None:
    at = first_with(small_files, "stages.csv", stage="talk")
    row = rows_of(small_files["stages.csv"])[at]
    score = "9.9" if row["score"] != "9.9" else "9.8"
    assert difference(changed_rows(small_files, "stages.csv", at, score=score)).file == "stages.csv"
    of_public = difference(changed_rows(public(small_files), "stages.csv", at, score=score))
    assert of_public.file == "results.csv"


def test_a_changed_exclusion_is_found(difference: Differ, small_files: Files) -> None:
    at = first_with(small_files, "cases.csv", requirement="ineligible")
    files = changed_rows(small_files, "cases.csv", at, requirement="eligible", reason="", clause="")
    assert difference(files).file == "auditor/panels.csv"  # another assignment, so another panel for the replaced
    assert difference(public(files)).file == "stages.csv"
    point = difference(changed_rows(small_files, "cases.csv", at, reason="too_late"))
    assert (point.file, point.expected, point.found) == ("results.csv", "too_late", "turnover_2020")


def test_a_changed_bonus_or_group_is_found(difference: Differ, small_files: Files) -> None:
    at = next(i for i, row in enumerate(rows_of(small_files["results.csv"])) if row["rank"] == "1")
    bonus = rows_of(small_files["cases.csv"])[at]["bonus"]
    other = "award" if bonus != "award" else "export"
    assert difference(changed_rows(small_files, "cases.csv", at, bonus=other)).file == "results.csv"


def test_an_applicant_left_out_is_found(difference: Differ, small_files: Files) -> None:
    """Only the last, so that no number shifts: pool, cases and results agree, the record does not."""
    files = dict(small_files)
    for name in ("pool.csv", "cases.csv", "results.csv"):
        files = with_rows(files, name, rows_of(files[name])[:-1])
    kept = [row for row in rows_of(files["stages.csv"]) if row["result_no"] != "16"]
    files = public(with_rows(files, "stages.csv", kept))
    assert difference(with_manifest(files)).file == "draw.json"
    draw = json.loads(files["draw.json"])
    draw["pool_root"] = m([row["receipt"].encode() for row in rows_of(files["pool.csv"])]).hex()
    assert difference(with_manifest({**files, "draw.json": line(draw)})).place == "seed"


def test_a_later_version_left_out_is_found(difference: Differ, small_files: Files) -> None:
    rows = rows_of(small_files["auditor/scores.csv"])
    at = next(i for i, row in enumerate(rows) if row["version"] == "2")
    files = with_proof(with_rows(small_files, "auditor/scores.csv", rows[:at] + rows[at + 1 :]))
    point = difference(files)
    assert (point.file, point.place, point.found) == ("auditor/scores.csv", "all lines", "no such score")
    del rows[at - 1]
    assert difference(with_proof(with_rows(small_files, "auditor/scores.csv", rows))).expected == "1"


def test_a_wrong_replacement_is_found(difference: Differ, small_files: Files) -> None:
    rows = rows_of(small_files["auditor/assignment.csv"])
    members = {row["reviewer"] for row in rows if row["result_no"] == rows[0]["result_no"]}
    roster = json.loads(rows_of(small_files["auditor/panels.csv"])[0]["payload"])["roster"]
    other = next(reviewer for reviewer in roster if reviewer not in members)
    point = difference(changed_rows(small_files, "auditor/assignment.csv", 0, reviewer=other))
    assert (point.file, point.expected, point.found) == ("auditor/assignment.csv", rows[0]["reviewer"], other)


def test_a_changed_panel_is_found(difference: Differ, small_files: Files) -> None:
    payload = json.loads(rows_of(small_files["auditor/panels.csv"])[0]["payload"])
    payload["replaced"] = payload["replaced"][1:]
    files = changed_rows(small_files, "auditor/panels.csv", 0, payload=line(payload).decode().rstrip())
    assert difference(files).file == "auditor/panels.csv"


def test_a_wrong_waiting_list_offer_is_found(difference: Differ) -> None:
    plan = small()
    plan.applicants = [{**one, "requirement": "eligible", "reason": "", "clause": ""} for one in plan.applicants]
    plan.rules["stages"][0] |= {"keep": None, "pass_mark": None}
    plan.rules |= {"waiting": None, "caps": [], "steps": [{"kind": "open", "group": None, "seats": None}]}
    plan.rules["tracks"] = {"basic": None, "plus": None}
    plan.offers = 0
    files = Maker(plan).make()
    results = rows_of(files["results.csv"])
    holder = next(row["result_no"] for row in results if row["outcome"] == "selected")
    queue = {row["position"]: row["result_no"] for row in results if row["position"]}

    def offers(*events: tuple[str, str]) -> Files:
        rows = [
            {"seq": str(i), "on": "2021-07-01", "result_no": number, "event": event}
            for i, (number, event) in enumerate(events, 1)
        ]
        return with_proof(with_rows(files, "offers.csv", rows))

    wrong = difference(offers((holder, "declined"), (queue["2"], "offered"), (queue["2"], "accepted")))
    assert (wrong.file, wrong.expected, wrong.found) == ("offers.csv", queue["1"], queue["2"])
    assert difference(offers((queue["1"], "offered"))).place == f"line 2 (result_no {queue['1']}), result_no".replace(
        f" (result_no {queue['1']})", ""
    )
    assert difference(offers((holder, "declined"), (holder, "declined"))).place.endswith("event")
    assert difference(offers((holder, "declined"), (queue["1"], "offered"))).place == "line 4"
    again = (holder, "declined"), (queue["1"], "offered"), (queue["1"], "refused"), (queue["1"], "offered")
    assert difference(offers(*again)).expected == queue["2"]


def test_an_offer_on_an_earlier_day_is_found(difference: Differ, small_files: Files) -> None:
    last = len(rows_of(small_files["offers.csv"])) - 1
    point = difference(changed_rows(small_files, "offers.csv", last, on="2021-01-01"))
    assert (point.file, point.found) == ("offers.csv", "2021-01-01")


def forged() -> tuple[Files, str]:
    """Return a round with other scores for the same applicants, and the head of the true one."""
    plan, other = small(), small()
    other.rng = random.Random(99)
    return Maker(other).make(), head_of(Maker(plan).make())


def test_a_whole_forgery_is_only_found_by_the_head(check: Check, difference: Differ) -> None:
    files, true_head = forged()
    report = check(files)
    assert (report.ok, report.authenticated) == (True, False)
    point = difference(files, true_head)
    assert (point.file, point.found) == ("proof.json", head_of(files))


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("entries", 0, "entry", "count"), 17),
        (("entries", 1, "entry", "root"), "0" * 64),
        (("entries", 2, "entry", "act"), "round_published_again"),
        (("entries", 2, "entry", "at"), "2021-06-02T00:00:00Z"),
        (("entries", 0, "entry", "round"), "2021/3-1/R2"),
        (("entries", 2, "index"), 0),
        (("entries", 2, "index"), 99),
        (("entries", 1, "seal"), 1),
        (("entries", 1, "seal"), 77),
        (("entries", 2, "path"), []),
        (("seals", 0, "previous"), "1" * 64),
        (("seals", 1, "number"), 3),
        (("seals", 5, "count"), 9),
        (("seals", 5, "head"), "0" * 64),
    ],
)
def test_a_changed_record_is_found(
    difference: Differ, small_files: Files, where: tuple[str | int, ...], value: object
) -> None:
    proof = json.loads(small_files["proof.json"])
    inner = proof
    for key in where[:-1]:
        inner = inner[key]
    inner[where[-1]] = value
    assert difference(with_manifest({**small_files, "proof.json": line(proof)})).file == "proof.json"


def test_seals_that_begin_before_the_first_entry_are_found(difference: Differ, small_files: Files) -> None:
    proof = json.loads(small_files["proof.json"])
    proof["seals"] = proof["seals"][1:]
    assert difference(with_manifest({**small_files, "proof.json": line(proof)})).file == "proof.json"


def test_roots_differ_when_anything_public_does(small_files: Files) -> None:
    changed = changed_rows(small_files, "cases.csv", 0, region="제주")
    assert root_of(changed) != root_of(small_files)
