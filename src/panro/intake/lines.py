"""An applicant's own line of a published dossier: a seam that the room of selections fills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from panro.intake.models import Application
    from panro.korea.text import Text


@dataclass(frozen=True, slots=True)
class Line:
    """What was published of one receipt.

    Attributes:
        result_no: its number in the dossier.
        outcome: the word for what became of it.
        reason: why, in words.
        address: of the page where it is shown among the others, empty if there is none.
    """

    result_no: int
    outcome: Text
    reason: Text
    address: str = ""


class Lookup(Protocol):
    """Finds the line of an application."""

    def __call__(self, application: Application) -> Line | None:
        """Return it; None while nothing is published."""
        ...


_lookups: list[Lookup] = []


def register(lookup: Lookup) -> None:
    """Declare who knows the lines; the same one only once."""
    if lookup not in _lookups:
        _lookups.append(lookup)


def of(application: Application) -> Line | None:
    """Return the published line of an application; None while there is none."""
    return next((line for lookup in _lookups if (line := lookup(application)) is not None), None)
