"""What a verification says: the first difference found, or a summary of what agreed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

SHOWN_CHARACTERS = 300


def printable(text: str) -> str:
    """Return `text` shortened and without anything that could steer a terminal."""
    short = text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}… ({len(text)} characters)"
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in short)


@dataclass(frozen=True, slots=True)
class Difference:
    """One point at which a dossier is not what its own files, or the specification, make it.

    Attributes:
        file: The file's path inside the dossier; `.` is the dossier itself.
        place: The line and column of a table, the path inside a JSON file, or what of the file is meant.
        expected: What must stand there.
        found: What stands there.
    """

    file: str
    place: str
    expected: str
    found: str


class DifferenceError(Exception):
    """Ends a verification at its first difference."""

    def __init__(self, file: str, place: str, expected: str, found: str) -> None:
        super().__init__(f"{file}: {place}: expected {expected}, found {found}")
        self.difference = Difference(file, place, printable(expected), printable(found))

    @classmethod
    def of(cls, difference: Difference) -> Self:
        """Make the error of a difference that was found elsewhere."""
        return cls(difference.file, difference.place, difference.expected, difference.found)


@dataclass(slots=True)
class Report:
    """The outcome of a verification. Counts are numbers of applicants unless named otherwise.

    Attributes:
        path: The dossier as named by the caller.
        difference: The first difference, or None when everything agreed.
        kind: `public` or `auditor`.
        head: The head of the last seal in `proof.json`.
        authenticated: Whether that head was the one given by the caller.
        scores: Number of score versions before the objections, and in them.
        scores_opened: Whether the scores themselves were read, or only their commitments.
        addendum: The addendum's number, or None.
        original_checked: Whether the dossier that an addendum changes was verified too.
    """

    path: str
    difference: Difference | None = None
    kind: str = ""
    simulated: bool = False
    round_id: str = ""
    root: str = ""
    head: str = ""
    authenticated: bool = False
    applicants: int = 0
    eligible: int = 0
    ranked: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    scores: tuple[int, int] = (0, 0)
    scores_opened: bool = False
    offers: int = 0
    addendum: int | None = None
    original_checked: bool = False

    @property
    def ok(self) -> bool:
        """Whether no difference was found."""
        return self.difference is None
