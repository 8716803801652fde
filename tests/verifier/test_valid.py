"""Dossiers that an independent maker made from the specification are verified, and the report says what they hold."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from panro.verifier import Report, summary
from verifier.dossier_maker import Maker
from verifier.made_files import Files, head_of, public, root_of, rows_of, with_proof
from verifier.plans import chance, small, tiny

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[..., Report]


@pytest.mark.parametrize("seed", range(40))
def test_random_rounds_are_verified_in_both_kinds(check: Check, seed: int) -> None:
    files = Maker(chance(seed)).make()
    assert [check(x, head_of(x)).difference for x in (files, public(files))] == [None, None]


def test_the_random_rounds_reach_every_reason_and_event() -> None:
    seen: Counter[str] = Counter()
    for seed in range(80):
        plan = chance(seed)
        maker = Maker(plan)
        files = maker.make()
        seen.update(row["reason"] for row in rows_of(files["results.csv"]))
        seen.update(row["event"] for row in rows_of(files["offers.csv"]))
        seen.update(row["step"] for row in rows_of(files["results.csv"]))
    reasons = {"below_line", "below_mark", "full", "lost_draw", "selected"}
    events = {"declined", "offered", "accepted", "refused", "expired"}
    assert reasons | events | {"open", "set_aside:청년", "set_aside:여성"} <= set(seen)


def test_report_counts_what_is_in_the_files(check: Check, small_files: Files) -> None:
    report = check(small_files, head_of(small_files))
    results = rows_of(small_files["results.csv"])
    assert report.outcomes == Counter(row["outcome"] for row in results)
    assert report.ranked == sum(row["rank"] != "" for row in results)
    assert report.applicants == 16
    assert report.eligible == sum(row["requirement"] == "eligible" for row in rows_of(small_files["cases.csv"]))
    assert report.scores == (len(rows_of(small_files["scores.csv"])), 0)
    assert report.offers == len(rows_of(small_files["offers.csv"]))
    assert (report.kind, report.round_id, report.simulated) == ("auditor", "2021/3-1/R1", True)
    assert (report.root, report.head) == (root_of(small_files), head_of(small_files))


def test_both_kinds_have_one_root(check: Check, small_files: Files) -> None:
    assert check(small_files).root == check(public(small_files)).root


def test_without_a_head_it_is_consistent_and_not_authenticated(check: Check, small_files: Files) -> None:
    report = check(small_files)
    assert (report.ok, report.authenticated) == (True, False)
    assert "consistent, not authenticated" in summary(report)
    assert "인증되지 않았습니다" in summary(report, "ko")


def test_with_its_head_it_is_authenticated(check: Check, small_files: Files) -> None:
    report = check(small_files, head_of(small_files))
    assert report.authenticated
    assert f"authenticated by head {head_of(small_files)}" in summary(report)


def test_a_rehearsal_says_so_first(check: Check, small_files: Files, tiny_files: Files) -> None:
    assert summary(check(small_files)).startswith("SIMULATED")
    assert summary(check(small_files), "ko").startswith("모의 실행")
    assert "SIMULATED" not in summary(check(tiny_files))


def test_seals_may_begin_late_in_the_record(check: Check, small_files: Files) -> None:
    files = with_proof(small_files, first=4711)
    assert check(files, head_of(files)).difference is None


def test_a_round_of_nobody_is_verified(check: Check) -> None:
    plan = tiny()
    plan.applicants = []
    plan.rosters["s"]["conflicts"] = set()
    files = Maker(plan).make()
    assert check(files).difference is None
    assert check(public(files)).applicants == 0


def test_numbers_of_a_small_round_computed_by_hand(check: Check, small_files: Files) -> None:
    """Base, bonus and total of each ranked one, from the published stage scores with plain integers."""
    stages = {(row["stage"], row["result_no"]): row["score"] for row in rows_of(small_files["stages.csv"])}
    items = {"award": 200, "export": 150, "late": 50}
    cases = {row["result_no"]: row for row in rows_of(small_files["cases.csv"])}
    for row in rows_of(small_files["results.csv"]):
        if row["rank"]:
            paper = int(stages["paper", row["result_no"]].replace(".", ""))
            talk = int(stages["talk", row["result_no"]].replace(".", "")) * 10
            base = (4000 * paper + 6000 * talk + 5000) // 10000
            bonus = min(300, sum(items[item] for item in cases[row["result_no"]]["bonus"].split(";") if item))
            assert [row["base"], row["bonus"], row["total"]] == [
                f"{value // 100}.{value % 100:02}" if value >= 0 else f"-{-value // 100}.{-value % 100:02}"
                for value in (base, bonus, base + bonus)
            ]
    assert check(small_files).ok


def test_small_plan_has_replacements_and_offers(small_files: Files) -> None:
    assert small().replacements == 3
    assert b'"replaced":[[' in small_files["auditor/panels.csv"].replace(b'""', b'"')
    assert rows_of(small_files["offers.csv"]) != []
