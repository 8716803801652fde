"""Marks on a page: what is an example, a reading or a decision says so beside the figure, with its note below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from panro.editions.words import SOURCE_MEANINGS, SOURCES
from panro.rules.edition.figures import NOT_PUBLIC, find_source

if TYPE_CHECKING:
    from panro.editions.words import Label
    from panro.rules.edition.model import EditionHead
    from panro.rules.edition.parts import Source
    from panro.rules.edition.programme import Programme

YEAR: Final = "year."


@dataclass(frozen=True, slots=True)
class Note:
    """One source as the page shows it: the number of its note and what kind of source it is."""

    number: int
    source: Source

    @property
    def anchor(self) -> str:
        """Where the note stands on the page."""
        return f"note-{self.number}"

    @property
    def label(self) -> Label:
        """The mark's word."""
        return SOURCES[self.source.kind]

    @property
    def meaning(self) -> Label:
        """What this kind of mark means."""
        return SOURCE_MEANINGS[self.source.kind]


class Notes:
    """The notes of one page, numbered in the order in which the page asks for them."""

    def __init__(self, programme: Programme, year: EditionHead) -> None:
        self._programme = programme
        self._year = year
        self._notes: dict[int, Note] = {}

    def at(self, path: str) -> Note | None:
        """The note of a figure of the programme, or of the year (``year.…``); None where its source is public."""
        own = path.removeprefix(YEAR)
        source = find_source(self._programme if own == path else self._year, own)
        if source is None or source.kind not in NOT_PUBLIC:
            return None
        return self._notes.setdefault(id(source), Note(len(self._notes) + 1, source))

    @property
    def all(self) -> list[Note]:
        """The notes asked for so far."""
        return list(self._notes.values())
