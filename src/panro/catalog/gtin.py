"""Global Trade Item Numbers: the barcode under which a product is sold (GS1 General Specifications, section 7.9)."""

from __future__ import annotations

import re
from typing import Final

from panro.korea.text import compatibility_form

LENGTHS: Final = (8, 12, 13, 14)
_SEPARATORS: Final = re.compile(r"[\s-]+")


def plain(text: str) -> str:
    """Return a number without spaces and hyphens, full-width digits made plain."""
    return _SEPARATORS.sub("", compatibility_form(text))


def has_form(digits: str) -> bool:
    """Return whether these are 8, 12, 13 or 14 digits."""
    return digits.isascii() and digits.isdigit() and len(digits) in LENGTHS


def check_digit(leading: str) -> int:
    """Return the check digit that follows these digits: weights 3 and 1 in turn, from the right."""
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(leading)))
    return -total % 10


def is_valid(digits: str) -> bool:
    """Return whether a number of a right length ends with its check digit; all zeros is none."""
    return has_form(digits) and int(digits) > 0 and check_digit(digits[:-1]) == int(digits[-1])
