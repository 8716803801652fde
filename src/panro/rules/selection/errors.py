"""What can be wrong with what a selection is given."""

from __future__ import annotations


class SelectionError(ValueError):
    """A selection cannot be computed from what was given; the message says what to mend."""


class RulesError(SelectionError):
    """The rules of a round are wrong at one key: ``key``, what was ``found`` and what was ``expected``."""

    def __init__(self, key: str, found: object, expected: str) -> None:
        super().__init__(f"{key}: found {found!r}, expected {expected}")
        self.key = key
        self.found = found
        self.expected = expected
