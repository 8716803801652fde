"""Finding one's industry by code or by name, among the divisions of the classification and the excluded rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from panro.editions.words import is_english
from panro.korea.industries import (
    KSIC_10,
    IndustryAnswer,
    IndustryError,
    IndustryReason,
    classification,
    excluded_industries,
    exclusion_table,
    parse_industry_code,
)

if TYPE_CHECKING:
    from datetime import date

    from panro.korea.industries import ExcludedIndustry

MOST_FOUND: Final = 12
_CODE_FIRST: Final = re.compile(r"\s*([A-Ua-u]?\d{2,5})\b")


@dataclass(frozen=True, slots=True)
class Industry:
    """One entry of the search: a code of KSIC-10 with its names."""

    code: str
    name_ko: str
    name_en: str

    @property
    def label(self) -> str:
        """Code and name, as it stands in the list of suggestions."""
        return f"{self.code} {self.name_en if is_english() else self.name_ko}"


@lru_cache(maxsize=64)
def industries_on(day: date) -> tuple[Industry, ...]:
    """Everything that can be found: all divisions, and the more exact codes of the list of excluded industries."""
    divisions = {row.code: Industry(row.code, row.name_ko, row.name_en) for row in classification().divisions.values()}
    rows = {
        row.prefix: Industry(row.prefix, row.name_ko, row.name_en)
        for row in excluded_industries().rows
        if row.revision == KSIC_10 and row.valid_on(day)
    }
    return tuple(sorted((rows | divisions).values(), key=lambda one: one.code))


def search(text: str, day: date) -> list[Industry]:
    """Industries that a code or a name means: exactly one for a readable code, several or none for words."""
    if (found := _CODE_FIRST.match(text)) is not None:
        return [_by_code(found[1], day)]
    words = text.casefold().split()
    hits = [
        one for one in industries_on(day) if all(word in f"{one.name_ko} {one.name_en}".casefold() for word in words)
    ]
    return hits[:MOST_FOUND]


@dataclass(frozen=True, slots=True)
class PartAsked:
    """A question where only a part of an industry is excluded, or a part may apply after all.

    ``row`` is the code by which the rules know the question; ``yes_excludes`` says what a yes means. After a short
    code, ``about`` lists its excluded parts, and a yes asks for the exact code.
    """

    row: str
    about: str
    yes_excludes: bool


def part_asked(code: str, day: date) -> PartAsked | None:
    """What must still be asked about an industry, if its code alone does not decide."""
    verdict = exclusion_table(day).classify(code, KSIC_10)
    if verdict.reason is IndustryReason.CODE_TOO_SHORT:
        parts = exclusion_table(day).parts_of(code, KSIC_10)
        return PartAsked(code, ", ".join(_name(row) for row in parts), yes_excludes=True) if parts else None
    if verdict.answer is not IndustryAnswer.ASK or verdict.row is None:
        return None
    exception = verdict.exception
    if exception is not None and exception.condition_ko is not None and exception.condition_en is not None:
        about = exception.condition_en if is_english() else exception.condition_ko
        return PartAsked(exception.prefix, about, yes_excludes=False)
    return PartAsked(verdict.row.prefix, _name(verdict.row), yes_excludes=True)


def _name(row: ExcludedIndustry) -> str:
    return row.name_en if is_english() else row.name_ko


def _by_code(text: str, day: date) -> Industry:
    """The entry of a code; a code without an entry of its own bears its division's name.

    Raises:
        IndustryError: there is no such code.
    """
    code = parse_industry_code(text)
    named = {one.code: one for one in industries_on(day)}
    if code in named:
        return named[code]
    division = classification().divisions[code[:2]]
    return Industry(code, division.name_ko, division.name_en)


__all__ = ["Industry", "IndustryError", "industries_on", "part_asked", "search"]
