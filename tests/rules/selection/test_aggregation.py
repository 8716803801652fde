from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.rules.selection.aggregation import aggregate, counting_points, severities
from panro.rules.selection.diagnostics import reviewer_habits
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.model import Phase, Score
from panro.rules.selection.standing import stand
from rules.selection.makers import make_stage, scored

AT = datetime(2021, 5, 1, tzinfo=UTC)


def sheet(number: int, reviewer: str, *points: str, version: int = 1, phase: Phase = 0) -> Score:
    return Score("paper", number, reviewer, version, phase, tuple(map(Decimal, points)), AT, "00" * 32)


def test_the_mean_is_rounded_half_up_and_criteria_apart() -> None:
    stage = make_stage()
    sheets = [sheet(1, "r", "50", "30"), sheet(1, "s", "51", "30"), sheet(1, "t", "51", "30")]
    done = aggregate(stage, {1: ("r", "s", "t")}, counting_points(stage, sheets, 0))
    assert done.scores == {1: 8067}  # 242 / 3 = 80.666...
    assert done.criteria == {1: (5067, 3000)}
    halves = make_stage(panel=2, step="1")
    assert aggregate(halves, {1: ("r", "s")}, {(1, "r"): (80, 0), (1, "s"): (81, 0)}).scores == {1: 81}


def test_the_trimmed_mean_drops_one_highest_and_one_lowest() -> None:
    stage = make_stage(panel=4, aggregate="trimmed_mean")
    points = {(1, "a"): (10, 0), (1, "b"): (10, 0), (1, "c"): (55, 40), (1, "d"): (31, 0)}
    assert aggregate(stage, {1: ("a", "b", "c", "d")}, points).scores == {1: 2050}


def test_panel_adjusted_takes_out_severity_and_stays_within_bounds() -> None:
    stage = make_stage(panel=2, aggregate="panel_adjusted", maxima=("100",))
    seats = {1: ("a", "b"), 2: ("a", "c"), 3: ("b", "c")}
    points = {(1, "a"): (90,), (1, "b"): (80,), (2, "a"): (70,), (2, "c"): (60,), (3, "b"): (50,), (3, "c"): (50,)}
    # a is 10 above and 10 above over two panels; b 10 below and level, and so is c
    assert severities(stage, seats, points) == {"a": 100000, "b": -50000, "c": -50000}
    assert aggregate(stage, seats, points).scores == {1: 8250, 2: 6250, 3: 5500}
    ends = {(1, "a"): (100,), (1, "b"): (100,), (2, "a"): (0,), (2, "c"): (100,), (3, "b"): (0,), (3, "c"): (0,)}
    # a: (0 - 100) / 2 = -50; b: 0; c: (100 + 0) / 2 = 50: results 125 and -25 are held at 100 and 0
    assert aggregate(stage, seats, ends).scores == {1: 10000, 2: 5000, 3: 0}


def test_the_last_version_of_the_phase_counts_in_any_order() -> None:
    stage = make_stage(panel=1)
    sheets = [
        sheet(1, "r", "3", "3", version=3),
        sheet(1, "r", "1", "1"),
        sheet(1, "r", "9", "9", version=4, phase=1),
        sheet(1, "r", "2", "2", version=2),
    ]
    assert counting_points(stage, sheets, 0) == {(1, "r"): (3, 3)}
    assert counting_points(stage, sheets, 1) == {(1, "r"): (9, 9)}


@pytest.mark.parametrize("points", [("61", "0"), ("0", "41"), ("-1", "0"), ("1",), ("1", "1", "1"), ("0.5", "1")])
def test_points_off_the_rubric_are_refused(points: tuple[str, ...]) -> None:
    with pytest.raises(SelectionError, match="stage paper, result 1, reviewer 'r', version 1"):
        counting_points(make_stage(), [sheet(1, "r", *points)], 0)
    assert counting_points(make_stage(), [sheet(1, "r", "60", "40"), sheet(2, "r", "0", "0.0")], 0)[2, "r"] == (0, 0)


def test_a_missing_sheet_is_named_and_a_strangers_sheet_does_not_count() -> None:
    stage = make_stage(panel=1)
    with pytest.raises(SelectionError, match="stage paper: 's' gave result 2 no points"):
        aggregate(stage, {2: ("s",)}, {(1, "s"): (1, 1)})
    assert aggregate(stage, {2: ("s",)}, {(2, "s"): (1, 1), (2, "q"): (60, 40)}).scores == {2: 200}


@given(st.lists(st.integers(0, 100), min_size=6, max_size=6), st.integers(0, 5), st.integers(1, 30))
def test_more_points_never_lower_a_mean(totals: list[int], which: int, more: int) -> None:
    for method in ("mean", "trimmed_mean"):
        stage = make_stage(panel=6, aggregate=method, maxima=("200",))  # type: ignore[arg-type]
        names = tuple("abcdef")
        points = {(1, name): (total,) for name, total in zip(names, totals, strict=True)}
        before = aggregate(stage, {1: names}, points).scores[1]
        points[1, names[which]] = (totals[which] + more,)
        assert aggregate(stage, {1: names}, points).scores[1] >= before


def test_standing_at_the_mark_and_at_the_line() -> None:
    stage = make_stage(pass_mark="60.00", keep=2)
    outcome = scored(stage, {1: 5999, 2: 6000, 3: 7000, 4: 7000, 5: 9000})
    assert outcome.standings == {1: "below_mark", 2: "below_line", 3: "passed", 4: "passed", 5: "passed"}
    assert outcome.line == 7000
    assert [outcome.shortfall(number) for number in (1, 2, 3)] == ["0.01", "10.00", ""]
    assert outcome.passed == [3, 4, 5]
    level = scored(stage, {1: 5999, 2: 6000, 3: 7000})
    assert (level.line, level.standings[2]) == (None, "passed")


def test_rows_are_written_on_their_grids() -> None:
    stage = make_stage(panel=1, step="0.1")
    outcome = stand(stage, aggregate(stage, {2: ("r",), 1: ("r",)}, {(1, "r"): (1, 2), (2, "r"): (60, 40)}))
    assert [(row.result_no, str(row.score), list(map(str, row.criteria))) for row in outcome.rows()] == [
        (1, "3.0", ["1.00", "2.00"]),
        (2, "100.0", ["60.00", "40.00"]),
    ]


def test_habits_of_reviewers() -> None:
    stage = make_stage(panel=2, maxima=("100",))
    seats = {1: ("a", "b"), 2: ("a", "b")}
    points = {(1, "a"): (90,), (1, "b"): (80,), (2, "a"): (70,), (2, "b"): (70,)}
    one, other = reviewer_habits(stage, seats, points)
    assert (one.reviewer, one.panels, str(one.mean), str(one.spread), str(one.severity)) == (
        "a",
        2,
        "80.00",
        "10.00",
        "5.0000",
    )
    assert (other.reviewer, other.panels, str(other.mean), str(other.spread), str(other.severity)) == (
        "b", 2, "75.00", "5.00", "-5.0000",
    )  # fmt: skip
    alone = reviewer_habits(make_stage(panel=1, maxima=("100",)), {1: ("a",)}, {(1, "a"): (3,)})
    assert alone[0].severity is None
