"""Numbers, hashes and panels against known answers and independent computations."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.verifier.assignment import Objections, Panels, Roster, assign, assign_for_objections, taking_part
from panro.verifier.hashes import commitment, h, merkle_root, root_by_path
from panro.verifier.numbers import Step, decimal, is_date, is_hash, is_time, rounded, step, whole, written
from panro.verifier.report import DifferenceError
from panro.verifier.rounds import Criterion, Stage
from panro.verifier.scores import mark_of, severities
from panro.verifier.stages import Mark
from verifier.made_files import m, path_of

if TYPE_CHECKING:
    from collections.abc import Sequence

# Inputs and roots of the reference trees of Certificate Transparency (RFC 6962 and RFC 9162 hash alike).
LEAVES = [bytes.fromhex(x) for x in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_tree_hashes_of_the_reference(size: int) -> None:
    assert merkle_root(LEAVES[:size]) == ROOTS[size]


@given(st.lists(st.binary(max_size=5), min_size=1, max_size=70), st.data())
def test_paths_lead_to_the_root_and_nowhere_else(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path, root = path_of(index, leaves), m(leaves).hex()
    assert merkle_root(leaves) == root
    assert root_by_path(leaves[index], index, len(leaves), path) == root
    assert root_by_path(leaves[index] + b"x", index, len(leaves), path) != root
    assert root_by_path(leaves[index], index, len(leaves), [*path, "0" * 64]) is None
    if path:
        assert root_by_path(leaves[index], index, len(leaves), path[:-1]) is None
    if len(leaves) > 1:
        other = (index + 1) % len(leaves)
        moved = root_by_path(leaves[index], other, len(leaves), path)
        assert moved != root or leaves[index] == leaves[other] or len(path) != len(path_of(other, leaves))


def test_h_puts_lengths_in_bytes_before_tag_and_parts() -> None:
    # printf '\0\0\0\0\0\0\0\001t\0\0\0\0\0\0\0\003가' | sha256sum
    assert h("t", "가") == "870545eedb1edf649228f765ae9e737c686543a77ad2f0d6db1adb56445d0cf9"
    assert h("t", "ab", "c") != h("t", "a", "bc")
    assert h("t", "가" * 200) != h("t", "가" * 199)
    assert commitment("s", "{}") == h("panro-commitment-1", "s", "{}")


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6), st.integers(1, 500), st.integers(0, 4))
def test_rounding_is_that_of_the_specification(numerator: int, denominator: int, units: int, digits: int) -> None:
    size = Fraction(units, 10**digits)
    expected = floor(Fraction(numerator, denominator) / size + Fraction(1, 2)) * size
    assert Fraction(rounded(numerator, denominator, Step(units, digits)), 10**digits) == expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(5, 1000, 1), (-5, 1000, 0), (4999, 10**6, 0), (-5001, 10**6, -1), (15, 1000, 2), (-15, 1000, -1), (0, 7, 0)],
)
def test_half_goes_up_also_below_zero(numerator: int, denominator: int, expected: int) -> None:
    assert rounded(numerator, denominator, Step(1, 2)) == expected


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_decimals_are_read_as_they_are_written(value: int, digits: int) -> None:
    text = written(value, digits)
    assert decimal(text, digits) == value
    assert Fraction(text) == Fraction(value, 10**digits)
    assert decimal(text, digits + 1) is None


@pytest.mark.parametrize(
    "text", ["", "-", "01", "+1", "1_0", "１", "٣", "²", " 1", "1 ", "1\n", "1.", ".5", "9" * 16, "-1"]
)
def test_texts_that_are_no_whole_numbers(text: str) -> None:
    assert whole(text) is None


def test_whole_numbers_of_up_to_fifteen_digits() -> None:
    assert (whole("0"), whole("10"), whole("9" * 15)) == (0, 10, 10**15 - 1)


@pytest.mark.parametrize(
    "text", ["-0.00", "1", "1.0", "1.000", "01.00", "1,00", "1.0０", "--1.00", "-.50", "1e2", "1.00\n"]
)
def test_texts_that_are_no_decimals_of_two_digits(text: str) -> None:
    assert decimal(text, 2) is None


def test_steps() -> None:
    texts = ("1", "0.01", "0.50", "5", "0", "0.00", "-1", "0.0000000001", ".1", "", "1e-2")
    assert [step(text) for text in texts] == [
        Step(1, 0),
        Step(1, 2),
        Step(50, 2),
        Step(5, 0),
        *[None] * 3,
        Step(1, 10),
        *[None] * 3,
    ]


def test_days_times_and_hashes() -> None:
    assert [is_date(x) for x in ("2020-02-29", "2021-02-29", "2021-12-31", "2021-12-32")] == [True, False, True, False]
    times = ("2021-05-01T23:59:59Z", "2021-05-01T24:00:00Z", "2021-05-01T23:59:60Z", "2021-05-01 23:59:59Z")
    assert [is_time(x) for x in times] == [True, False, False, False]
    assert [is_hash(x) for x in ("0" * 64, "0" * 63, "0" * 65, "A" * 64, "０" * 64)] == [
        True,
        False,
        False,
        False,
        False,
    ]


def stage_of(panel: int, aggregate: str = "mean") -> Stage:
    criteria = (Criterion("a", 10), Criterion("b", 10))
    return Stage("s", criteria, Step(1, 0), panel, aggregate, Step(1, 1), None, None, 10_000)


def test_means_by_hand() -> None:
    three = [(7, 3), (8, 4), (10, 10)]  # totals 10, 12, 20
    assert mark_of(stage_of(3), three, 0) == Mark(140, (833, 567))
    assert mark_of(stage_of(3, "trimmed_mean"), three, 0) == Mark(120, (833, 567))
    assert mark_of(stage_of(3, "panel_adjusted"), three, 15_000) == Mark(135, (833, 567))
    assert mark_of(stage_of(3, "panel_adjusted"), three, 10**7).score == 0
    assert mark_of(stage_of(3, "panel_adjusted"), three, -(10**7)).score == 200


def test_severities_by_hand() -> None:
    receipts = {1: "x", 2: "y"}
    panels = Panels({"x": ["p", "q"], "y": ["q", "r"]}, {})
    counted = {1: [(5, 0), (8, 0)], 2: [(10, 0), (6, 0)]}
    # Twice the own total less the panel's: p 10 - 13, q the mean of 16 - 13 and 20 - 16, r 12 - 16.
    expected = {"p": -30_000, "q": 35_000, "r": -40_000}
    assert severities(stage_of(2, "panel_adjusted"), receipts, counted, panels) == expected
    assert severities(stage_of(2), receipts, counted, panels) == {}


ROSTER = Roster(tuple(f"r{i}" for i in range(5)), {}, (), {})


def test_a_lap_passes_before_anybody_has_two_more_panels() -> None:
    panels = assign("0" * 64, stage_of(3), ROSTER, [f"{i:064x}" for i in range(10)])
    load = [sum(reviewer in panel for panel in panels.members.values()) for reviewer in ROSTER.reviewers]
    assert load == [6] * 5
    assert all(len(set(panel)) == 3 for panel in panels.members.values())


def test_conflicts_are_kept_out_and_deferred_reviewers_come_first() -> None:
    receipts = [f"{i:064x}" for i in range(4)]
    order = sorted(receipts, key=lambda receipt: h("0" * 64, "applicant", receipt))
    lap = sorted(ROSTER.reviewers, key=lambda reviewer: h("0" * 64, "lap", "1", reviewer))
    roster = ROSTER._replace(conflicts={order[0]: frozenset({lap[0]})})
    panels = assign("0" * 64, stage_of(2), roster, receipts)
    assert panels.members[order[0]] == [lap[1], lap[2]]
    assert panels.members[order[1]] == [lap[0], lap[3]]


def test_replacement_takes_the_slot_and_excludes_who_left_before() -> None:
    receipt = "a" * 64
    first = assign("0" * 64, stage_of(2), ROSTER, [receipt]).members[receipt]
    others = [reviewer for reviewer in ROSTER.reviewers if reviewer not in first]
    ordered = sorted(others, key=lambda reviewer: h("0" * 64, "replace", receipt, reviewer))
    roster = ROSTER._replace(replaced=((receipt, first[0]), (receipt, ordered[0])))
    panels = assign("0" * 64, stage_of(2), roster, [receipt])
    assert panels.members[receipt] == [ordered[1], first[1]]
    assert panels.ever[receipt] == {*first, ordered[0], ordered[1]}
    again = roster._replace(replaced=((receipt, first[0]), (receipt, first[0])))
    with pytest.raises(DifferenceError, match="a member of the receipt's panel"):
        assign("0" * 64, stage_of(2), again, [receipt])
    nobody = roster._replace(resigned=dict.fromkeys(others, 0))
    with pytest.raises(DifferenceError, match="found nobody"):
        assign("0" * 64, stage_of(2), nobody, [receipt])


def test_who_resigned_is_no_candidate_after_so_many_replacements() -> None:
    receipt = "a" * 64
    first = assign("0" * 64, stage_of(2), ROSTER, [receipt]).members[receipt]
    others = [reviewer for reviewer in ROSTER.reviewers if reviewer not in first]
    best, second, third = sorted(others, key=lambda reviewer: h("0" * 64, "replace", receipt, reviewer))

    def after(resigned: dict[str, int]) -> list[str]:
        replaced = tuple((receipt, reviewer) for reviewer in first)
        return assign("0" * 64, stage_of(2), ROSTER._replace(replaced=replaced, resigned=resigned), [receipt]).members[
            receipt
        ]

    assert after({}) == [best, second]
    assert after({best: 0}) == [second, third]
    assert after({best: 1}) == [best, second]
    assert after({second: 1}) == [best, third]
    assert after({second: 2}) == [best, second]
    assert after({first[0]: 0}) == [best, second]


def objected(
    receipts: Sequence[str], *, replaced: Sequence[tuple[str, str]] = (), resigned: dict[str, int] | None = None
) -> Objections:
    return Objections(tuple(receipts), tuple(replaced), resigned or {})


A, B, C = "a" * 64, "b" * 64, "c" * 64
NOBODY = Panels({}, {})


def test_who_resigned_late_is_not_asked_for_objections() -> None:
    roster = ROSTER._replace(resigned={"r0": 99})
    panels = assign_for_objections("0" * 64, stage_of(4), roster, NOBODY, [objected([A])])
    assert sorted(panels.members[A]) == ["r1", "r2", "r3", "r4"]


def test_objections_get_the_least_loaded_who_never_were_in_the_panel() -> None:
    first = Panels({}, {A: {"r0", "r1"}})
    panels = assign_for_objections("0" * 64, stage_of(2), ROSTER, first, [objected([A, B])])
    assert {"r0", "r1"} & set(panels.members[A]) == set()
    assert not set(panels.members[A]) & set(panels.members[B])


def test_a_panel_that_is_not_full_matters_only_to_who_takes_part() -> None:
    first = Panels({}, {A: {"r0", "r1"}})
    panels = assign_for_objections("0" * 64, stage_of(4), ROSTER, first, [objected([A, B])])
    assert [len(panels.members[one]) for one in (A, B)] == [3, 4]
    assert taking_part(stage_of(4), panels, [B]).members == {B: panels.members[B]}
    with pytest.raises(DifferenceError, match="at least 4 reviewers"):
        taking_part(stage_of(4), panels, [A, B])


def test_a_later_addendum_changes_no_panel_of_an_earlier_one() -> None:
    """Its objections come second, however small their numbers, and count on what the first already have to do."""
    alone = assign_for_objections("0" * 64, stage_of(2), ROSTER, NOBODY, [objected([B, C])])
    both = assign_for_objections("0" * 64, stage_of(2), ROSTER, NOBODY, [objected([B, C]), objected([A])])
    assert {receipt: both.members[receipt] for receipt in (B, C)} == alone.members
    free = [reviewer for reviewer in ROSTER.reviewers if reviewer not in {*alone.members[B], *alone.members[C]}]
    assert both.members[A][0] == free[0]


def test_a_member_of_a_new_panel_is_replaced_by_the_least_loaded() -> None:
    def panels(*rounds: Objections) -> Panels:
        return assign_for_objections("0" * 64, stage_of(2), ROSTER, NOBODY, rounds)

    (one, two), other = panels(objected([A, B])).members[A], panels(objected([A, B])).members[B]
    (spare,) = {*ROSTER.reviewers} - {one, two, *other}
    left = panels(objected([A, B], replaced=[(A, one)], resigned={one: 0}))
    assert left.members == {A: [spare, two], B: other}
    assert left.ever[A] == {one, two, spare}
    following = sorted(other, key=lambda reviewer: h("0" * 64, "objection-replace", A, reviewer))
    again = panels(objected([A, B], replaced=[(A, one), (A, spare)], resigned={one: 0}))
    assert again.members == {A: [following[0], two], B: other}  # who left this receipt's panel is not asked again
    gone = panels(objected([A, B], replaced=[(A, one), (A, spare)], resigned={following[0]: 1}))
    assert gone.members[A] == [following[1], two]
    late = panels(objected([A, B], replaced=[(A, one), (A, spare)], resigned={following[0]: 2}))
    assert late.members[A] == [following[0], two]
    assert one not in panels(objected([A, B], replaced=[(A, one)], resigned={one: 0}), objected([C])).members[C]


@pytest.mark.parametrize(
    ("replaced", "resigned", "words"),
    [
        ([(A, "r9")], {}, "a member of the receipt's panel"),
        ([(C, "r0")], {}, "a member of the receipt's panel"),
        ([(A, "first")], dict.fromkeys(ROSTER.reviewers, 0), "found nobody"),
    ],
)
def test_impossible_changes_in_new_panels_are_named(
    replaced: list[tuple[str, str]], resigned: dict[str, int], words: str
) -> None:
    first = assign_for_objections("0" * 64, stage_of(2), ROSTER, NOBODY, [objected([A])]).members[A][0]
    named = [(receipt, first if reviewer == "first" else reviewer) for receipt, reviewer in replaced]
    rounds = [objected([A], replaced=named, resigned=resigned)]
    with pytest.raises(DifferenceError, match=words) as found:
        assign_for_objections("0" * 64, stage_of(2), ROSTER, NOBODY, rounds)
    point = found.value.difference
    assert (point.file, point.place) == ("auditor/objections.csv", "stage s, [0].replaced[0]")


def test_an_earlier_panel_cannot_be_changed_by_a_later_addendum() -> None:
    member = assign_for_objections("0" * 64, stage_of(2), ROSTER, NOBODY, [objected([A])]).members[A][0]
    with pytest.raises(DifferenceError, match="a member of the receipt's panel"):
        assign_for_objections(
            "0" * 64, stage_of(2), ROSTER, NOBODY, [objected([A]), objected([B], replaced=[(A, member)])]
        )
