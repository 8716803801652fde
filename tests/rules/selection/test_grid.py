from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.rules.selection.grid import Grid

steps = st.sampled_from(["1", "5", "0.5", "0.25", "0.1", "0.01", "0.001", "2.50"])


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4), steps)
def test_rounding_is_half_up_of_exact_numbers(numerator: int, denominator: int, step: str) -> None:
    expected = floor(Fraction(numerator, denominator) / Fraction(step) + Fraction(1, 2))
    assert Grid.of(step).round(numerator, denominator) == expected


def test_halves_go_up_on_both_sides_of_zero() -> None:
    grid = Grid.of("0.1")
    assert [grid.round(one, 100) for one in (5, 4, -5, -6, 15, -15)] == [1, 0, 0, -1, 2, -1]


@given(st.integers(-(10**6), 10**6), steps)
def test_writing_and_reading_are_inverse(units: int, step: str) -> None:
    grid = Grid.of(step)
    assert grid.read(grid.text(units)) == units
    assert grid.units(grid.decimal(units)) == units
    assert Decimal(grid.text(units)) == units * Decimal(step)
    assert len(grid.text(units).partition(".")[2]) == len(step.partition(".")[2])


def test_written_forms() -> None:
    assert [Grid.of(step).text(units) for step, units in (("0.01", 8350), ("1", 7), ("0.01", -5), ("2.50", 2))] == [
        "83.50",
        "7",
        "-0.05",
        "5.00",
    ]


@pytest.mark.parametrize("text", ["83.5", "83.500", "+83.50", "083.50", "83.50 ", "-0.00", "8e1", "", "NaN", "83,50"])
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a decimal with 2 fraction digits"):
        Grid.of("0.01").read(text)


@pytest.mark.parametrize("step", ["0", "0.00", "-1", "1e-2", "", ".5", "01", "1."])
def test_a_step_is_a_positive_decimal(step: str) -> None:
    with pytest.raises(ValueError, match="is not a positive decimal"):
        Grid.of(step)


def test_what_is_off_the_grid_is_refused() -> None:
    assert Grid.of("0.5").units(Decimal("1.50")) == 3
    with pytest.raises(ValueError, match="is not a multiple of"):
        Grid.of("0.5").units(Decimal("1.4"))
    with pytest.raises(ValueError, match="is not a number"):
        Grid.of("0.5").units(Decimal("NaN"))
