"""The texts of letters: data in both languages, checked when they are read."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from panro.korea.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA: Final = Path(__file__).parent / "data" / "letters.toml"
PLACES: Final = frozenset(
    {
        "agency",
        "answer",
        "base",
        "bonus",
        "clause",
        "position",
        "programme",
        "reason",
        "receipt",
        "replaces",
        "round",
        "total",
        "until",
    }
)
"""What a text may have filled in."""

type Told = Literal["selected", "waiting", "not_selected", "ineligible", "lapsed"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Model):
    """The same words in both languages, with places in braces."""

    ko: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @field_validator("ko", "en")
    @classmethod
    def _known_places(cls, text: str) -> str:
        text.format(**dict.fromkeys(PLACES, ""))
        return text

    def filled(self, values: Mapping[str, Text | str]) -> Text:
        """Fill the places in both languages."""
        return Text(self.ko, self.en).format(**values)


class Line(_Model):
    """One numbered line; left out where the fact named by ``only`` is empty."""

    text: Words
    only: str = ""


class Point(Line):
    """A line of the first level and what stands under it."""

    outcomes: tuple[Told, ...] = Field(default=(), alias="for")
    """Empty: for all."""
    under: tuple[Line, ...] = ()
    list: Literal["", "scores"] = ""


class Letter(_Model):
    """The letter for some outcomes."""

    outcomes: tuple[Told, ...]
    title: Words
    points: tuple[Point, ...]


class Wording(_Model):
    """All texts of letters."""

    prefix: str = Field(min_length=1)
    """What stands before the number of a document, as the office's own short name."""
    offer_days: int = Field(ge=1)
    """How many days after an offer its last day for an answer is."""
    office: Words
    sender: Words
    answers: dict[Told, Words]
    next: dict[Told, Words]
    letter: tuple[Letter, ...]

    def of(self, outcome: str) -> Letter:
        """Return the letter for an outcome.

        Raises:
            LookupError: none is written for it.
        """
        for letter in self.letter:
            if outcome in letter.outcomes:
                return letter
        raise LookupError(f"no letter is written for the outcome {outcome!r}")


@cache
def wording() -> Wording:
    """Read the texts, once per process."""
    return Wording.model_validate(tomllib.loads(DATA.read_text(encoding="utf-8")))
