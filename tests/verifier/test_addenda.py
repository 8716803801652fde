"""Addenda are recomputed before and after (section 10), from the public files alone where these have everything."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from verifier.dossier_maker import Maker
from verifier.made_files import canonical, commit, head_of, line, public, root_of, rows_of, with_proof, with_rows
from verifier.plans import chance, objected

if TYPE_CHECKING:
    from collections.abc import Callable

    from panro.verifier import Difference, Report
    from verifier.made_files import Files

    Check = Callable[..., Report]
    Differ = Callable[..., Difference]


@pytest.mark.parametrize("addenda", [1, 2, 3])
@pytest.mark.parametrize("everybody_objects", [True, False])
@pytest.mark.parametrize("seed", [0, 1, 4, 7, 9, 12, 15, 19, 20, 21, 22, 25, 27, 29, 34, 39])
def test_addenda_are_verified_with_and_without_the_original(
    check: Check, seed: int, addenda: int, *, everybody_objects: bool
) -> None:
    plan = chance(seed)
    plan.offers, plan.replacements_again = 0, addenda
    maker = Maker(plan)
    original = maker.make()
    plan.offers = 15
    files = objected(maker, random.Random(seed), everybody_objects=everybody_objects, addenda=addenda)
    reports = [check(x, head_of(x), o) for x in (files, public(files)) for o in (None, original, public(original))]
    assert [report.difference for report in reports] == [None] * 6
    assert {report.addendum for report in reports} == {addenda}


def changed_rows(files: Files, name: str, index: int, **cells: str) -> Files:
    rows = rows_of(files[name])
    rows[index] |= cells
    return with_proof(with_rows(files, name, rows))


def first_with(files: Files, name: str, **cells: str) -> int:
    rows = rows_of(files[name])
    return next(i for i, row in enumerate(rows) if all(row[key] == value for key, value in cells.items()))


def addendum_of(
    seed: int = 25, *, everybody_objects: bool = False, replacements: int = 0, addenda: int = 1
) -> tuple[Files, Files]:
    plan = chance(seed)
    plan.offers, plan.replacements_again = 0, replacements
    maker = Maker(plan)
    return maker.make(), objected(maker, random.Random(seed), everybody_objects=everybody_objects, addenda=addenda)


def test_an_addendum_of_another_dossier_is_found(difference: Differ) -> None:
    original, files = addendum_of()
    told = json.loads(files["addendum.json"])
    told["of"] = "0" * 64
    point = difference(with_proof({**files, "addendum.json": line(told)}), original=original)
    assert (point.file, point.place, point.found) == ("addendum.json", "of", '"' + "0" * 64 + '"')


def test_an_objector_left_out_is_found(difference: Differ) -> None:
    original, files = addendum_of()
    told = json.loads(files["addendum.json"])
    (objections,) = told["objections"]
    told["objections"] = [objections[1:]]
    shorter = with_proof({**files, "addendum.json": line(told)})
    assert difference(shorter).file in ("addendum.json", "auditor/scores.csv")
    decided_anew = {int(case["result_no"]) for case in told["cases"]}
    told["objections"] = [sorted(decided_anew & {*objections})]  # nobody else is said to have objected
    told["stages"] = [row for row in told["stages"] if int(row["result_no"]) in decided_anew]
    public_files = public(with_proof({**files, "addendum.json": line(told)}))
    assert difference(public_files, original=original).file == "stages.csv"


def test_a_difference_left_out_or_changed_is_found(difference: Differ) -> None:
    original, files = addendum_of()
    rows = rows_of(files["difference.csv"])
    assert len(rows) > 1
    shorter = with_proof(with_rows(files, "difference.csv", rows[1:]))
    assert difference(shorter).file == "difference.csv"
    assert difference(public(shorter), original=original).file == "difference.csv"
    changed = changed_rows(files, "difference.csv", 0, after="withdrawn")
    assert difference(public(changed)).file == "difference.csv"


def test_who_loses_a_place_is_found(difference: Differ) -> None:
    original, files = addendum_of()
    kept = first_with(files, "results.csv", reason="kept")
    lost = changed_rows(files, "results.csv", kept, outcome="not_selected", reason="full", step="")
    assert difference(lost).file == "results.csv"
    assert difference(public(lost), original=original).file == "results.csv"
    assert difference(public(lost)).file == "results.csv"


def test_an_addendum_with_another_seed_is_found(difference: Differ) -> None:
    original, files = addendum_of()
    other, _ = addendum_of(27)
    assert difference(files, original=other).file in ("addendum.json", "rules.json")
    assert difference(original, original=original).file == "manifest.json"
    assert difference(files, original=files).file == "original/addendum.json"


def told_otherwise(files: Files, change: Callable[[dict[str, Any]], object]) -> Files:
    told = json.loads(files["addendum.json"])
    change(told)
    return with_proof({**files, "addendum.json": line(told)})


ROWS_OF_BEFORE = {
    "a row left out": lambda told: told["stages"].pop(),
    "a row twice": lambda told: told["stages"].append(told["stages"][-1]),
    "another order": lambda told: told["stages"].reverse(),
    "another standing": lambda told: told["stages"][0].update(standing="unknown"),
    "another result number": lambda told: told["stages"][0].update(result_no="999"),
    "another stage": lambda told: told["stages"][0].update(stage="none"),
    "no score": lambda told: told["stages"][0].update(score="x"),
    "other criteria": lambda told: told["stages"][0].update(criteria="0.00"),
    "a number": lambda told: told["stages"][0].update(result_no=1),
    "a column more": lambda told: told["stages"][0].update(more="1"),
    "no array": lambda told: told.update(stages={}),
    "no key": lambda told: told.pop("stages"),
}


@pytest.mark.parametrize("change", ROWS_OF_BEFORE)
@pytest.mark.parametrize("everybody_objects", [True, False])
def test_rows_of_before_that_are_others_are_found(difference: Differ, change: str, *, everybody_objects: bool) -> None:
    original, files = addendum_of(everybody_objects=everybody_objects)
    changed = told_otherwise(files, ROWS_OF_BEFORE[change])
    for one in (changed, public(changed)):
        for first in (None, original):
            assert difference(one, original=first).file == "addendum.json"


def test_another_score_of_before_is_found(difference: Differ) -> None:
    original, files = addendum_of(everybody_objects=True)
    stages = json.loads(files["addendum.json"])["stages"]
    same = next(
        row["score"] for row in stages if row["score"] != stages[0]["score"] and row["stage"] == stages[0]["stage"]
    )
    changed = told_otherwise(files, lambda told: told["stages"][0].update(score=same))
    assert difference(changed).file == "addendum.json"
    assert difference(public(changed), original=original).file == "addendum.json"


def test_a_public_addendum_alone_shows_a_total_of_before_that_is_another(difference: Differ) -> None:
    _, files = addendum_of(everybody_objects=True)
    (objectors,) = json.loads(files["addendum.json"])["objections"]
    rows = rows_of(files["difference.csv"])
    at = next(i for i, row in enumerate(rows) if row["total_before"] and int(row["result_no"]) in objectors)
    whole, dot, fraction = rows[at]["total_before"].partition(".")
    point = difference(
        public(changed_rows(files, "difference.csv", at, total_before=f"{int(whole) + 1}{dot}{fraction}"))
    )
    assert (point.file, point.expected) == ("difference.csv", rows[at]["total_before"])


def test_rows_of_before_of_who_is_out_now_must_be_there(check: Check, difference: Differ) -> None:
    """Somebody took part, is not eligible any more and did not object: the public addendum alone has all of before."""
    original, files = addendum_of()
    told = json.loads(files["addendum.json"])
    cases = [case["result_no"] for case in told["cases"] if case["requirement"] == "eligible"]
    gone = [number for number in cases if int(number) not in told["objections"][0]]
    assert gone
    assert check(public(files)).difference is None
    fewer = told_otherwise(
        files, lambda one: one.update(stages=[row for row in one["stages"] if row["result_no"] not in gone])
    )
    for one in (fewer, public(fewer)):
        for first in (None, original):
            assert difference(one, original=first).file in ("addendum.json", "stages.csv")


OBJECTIONS = {
    "another number of arrays": lambda told: told["objections"].append([]),
    "another number of the addendum": lambda told: told.update(number=3),
    "no addendum before it": lambda told: told.update(objections=told["objections"][:1]),
    "a number twice": lambda told: told["objections"][1].append(told["objections"][0][-1] + 1000),
    "a number in two arrays": lambda told: told.update(objections=[told["objections"][0]] * 2),
    "out of order": lambda told: told["objections"][0].reverse(),
    "no panels": lambda told: told.pop("panels"),
    "panels of no stage": lambda told: told["panels"].update(none="0" * 64),
    "no commitment": lambda told: told["panels"].update(dict.fromkeys(told["panels"], "x")),
}


@pytest.mark.parametrize("change", OBJECTIONS)
def test_objections_that_are_written_otherwise_are_found(difference: Differ, change: str) -> None:
    _, files = addendum_of(everybody_objects=True, addenda=2)
    changed = told_otherwise(files, OBJECTIONS[change])
    for one in (changed, public(changed)):
        assert difference(one).file == "addendum.json"


def test_objections_of_another_addendum_have_other_panels(difference: Differ) -> None:
    _, files = addendum_of(everybody_objects=True, addenda=2)
    swapped = told_otherwise(files, lambda told: told["objections"].reverse())
    assert difference(swapped).file in ("auditor/scores.csv", "auditor/assignment.csv", "auditor/objections.csv")


CHANGES = {
    "an object more": lambda told: told.append({"replaced": [], "resigned": []}),
    "an object less": lambda told: told.pop(),
    "no resigned": lambda told: told[0].pop("resigned"),
    "a stranger": lambda told: told[0]["resigned"].append(["위원99", 0]),
    "nobody left": lambda told: told.__setitem__(slice(None), [{"replaced": [], "resigned": []}] * len(told)),
    "somebody else's panel": lambda told: told[0]["replaced"].append(["0" * 64, "위원00", "ill"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changes_in_new_panels_that_are_others_are_found(difference: Differ, change: str) -> None:
    _, files = addendum_of(everybody_objects=True, replacements=2, addenda=2)
    rows = rows_of(files["auditor/objections.csv"])
    payload = json.loads(rows[0]["payload"])
    assert any(one["replaced"] for one in payload)
    CHANGES[change](payload)
    rows[0]["payload"] = canonical(payload)
    told = json.loads(files["addendum.json"])
    forged = with_rows(files, "auditor/objections.csv", rows)
    assert difference(with_proof(forged)).file == "auditor/objections.csv"
    told["panels"][rows[0]["stage"]] = commit(rows[0]["salt"], payload)  # now it opens
    opened = difference(with_proof({**forged, "addendum.json": line(told)})).file
    assert opened == ("auditor/scores.csv" if change == "nobody left" else "auditor/objections.csv")


@pytest.mark.parametrize("name", ["panels.json", "programme.json", "rules.json"])
def test_an_original_with_another_file_is_found(difference: Differ, name: str) -> None:
    original, files = addendum_of()
    first = public(original)
    if name == "panels.json":
        first[name] = line(dict.fromkeys(json.loads(first[name]), "0" * 64))
    else:
        first[name] = line(
            json.loads(first[name]) | ({"title": "x"} if name == "programme.json" else {"method": "gate"})
        )
    first = with_proof(first)
    changed = told_otherwise(files, lambda told: told.update(of=root_of(first)))
    assert difference(public(changed), original=first).file == name
