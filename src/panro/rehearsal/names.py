"""Names of firms, people and products, made up from syllables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from panro.korea.numbers import make_business_number

if TYPE_CHECKING:
    from random import Random

    from panro.rehearsal.population import Category, Names

_SERIALS: Final = 9_000_000
_FIRST_SERIAL: Final = 1_000_000
_STRIDE: Final = 7_368_787  # has no factor in common with the number of serials, so that no serial comes twice
_SHIFT: Final = 1_234_567


def business_number(serial: int, middle: int) -> str:
    """Give a formally valid business number for a serial (0 to 8,999,999) and middle digits; no serial shares one."""
    scattered = (serial * _STRIDE + _SHIFT) % _SERIALS + _FIRST_SERIAL
    return make_business_number(f"{scattered // 10_000:03d}{middle:02d}{scattered % 10_000:04d}")


def firm_name(names: Names, source: Random, category: Category) -> str:
    """Make a firm's name."""
    stem = source.choice(names.first) + source.choice(names.second) + source.choice(names.third)
    return f"{stem}{source.choice(names.firm_ending[category])}"


def person_name(names: Names, source: Random) -> str:
    """Make a person's name."""
    return source.choice(names.family) + source.choice(names.second) + source.choice(names.second)


def institution_name(names: Names, source: Random) -> str:
    """Make an institution's name."""
    return f"{source.choice(names.first)}{source.choice(names.second)}{source.choice(names.institution)}"


def product_name(names: Names, source: Random, category: Category) -> str:
    """Make a product's name."""
    return f"{source.choice(names.adjective)} {source.choice(names.product[category])}"
