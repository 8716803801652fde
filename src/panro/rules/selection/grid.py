"""Decimals on a grid: every published number is a whole number of steps, and inside it is that whole number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Self

_STEP: Final = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Grid:
    """The multiples of a positive decimal step, written with exactly as many fraction digits as the step."""

    step: Decimal
    digits: int
    numerator: int
    denominator: int

    @classmethod
    def of(cls, step: str | Decimal) -> Self:
        """Make the grid of a step such as ``0.01``, ``0.5`` or ``1``.

        Raises:
            ValueError: if the step is not a positive decimal without exponent.
        """
        text = format(step, "f") if isinstance(step, Decimal) else step
        if not _STEP.fullmatch(text) or not Decimal(text):
            raise ValueError(f"{text!r} is not a positive decimal such as 0.01")
        value = Decimal(text)
        exact = Fraction(value)
        return cls(value, len(text.partition(".")[2]), exact.numerator, exact.denominator)

    def units(self, value: Decimal) -> int:
        """Give how many steps a decimal is.

        Raises:
            ValueError: if it is not a whole number of steps.
        """
        if not value.is_finite():
            raise ValueError(f"{value} is not a number")
        count = Fraction(value) * self.denominator / self.numerator
        if count.denominator != 1:
            raise ValueError(f"{value} is not a multiple of {self.step}")
        return count.numerator

    def read(self, text: str) -> int:
        """Give how many steps a written decimal is; it must have exactly the digits of the step.

        Raises:
            ValueError: if it has not, or is not a whole number of steps.
        """
        digits = len(text.partition(".")[2])
        if not _DECIMAL.fullmatch(text) or digits != self.digits or (text[0] == "-" and not Decimal(text)):
            raise ValueError(f"{text!r} is not a decimal with {self.digits} fraction digits")
        return self.units(Decimal(text))

    def decimal(self, units: int) -> Decimal:
        """Give so many steps as a decimal with the digits of the step."""
        return Decimal(self.text(units))

    def text(self, units: int) -> str:
        """Write so many steps as the dossier does: digits of the step, ``-`` when negative, no exponent."""
        scale = 10**self.digits
        whole, fraction = divmod(abs(units) * self.numerator * scale // self.denominator, scale)
        sign = "-" if units < 0 else ""
        return f"{sign}{whole}.{fraction:0{self.digits}}" if self.digits else f"{sign}{whole}"

    def round(self, numerator: int, denominator: int = 1) -> int:
        """Round an exact ratio to the grid, half up also below zero, and give the number of steps."""
        above = 2 * numerator * self.denominator + denominator * self.numerator
        return above // (2 * denominator * self.numerator)

    def fraction(self, units: int) -> Fraction:
        """Give so many steps as an exact fraction."""
        return Fraction(units * self.numerator, self.denominator)


MEAN_GRID: Final = Grid.of("0.01")
SEVERITY_GRID: Final = Grid.of("0.0001")
