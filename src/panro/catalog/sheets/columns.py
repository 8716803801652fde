"""The columns of a spreadsheet: one per field, and one per item of the notice, known by either language or by key."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from django.utils import translation

from panro.catalog.choices import categories, plain
from panro.catalog.fields import BY_KEY, FIELDS, ITEM
from panro.korea import disclosures

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from panro.korea.text import Text

LANGUAGES: Final = ("ko", "en")
_ITEM: Final = re.compile(r"^\[.*\(([A-Za-z]+)\)$", re.DOTALL)
_PASSED_OVER: Final = ("줄", "고칠 점", "Line", "To mend")
"""Columns that a file of rejected rows carries; handed in again, they say nothing."""


def header(key: str, language: str) -> str:
    """Return the heading of a column."""
    if key.startswith(ITEM):
        item = key.removeprefix(ITEM)
        return f"[{'고시' if language == 'ko' else 'Notice'}] {item_labels()[item].in_(language)} ({item})"
    with translation.override(language):
        return str(BY_KEY[key].label)


def key_of(heading: str) -> str | None:
    """Return the key of a column from its heading; None for one that is not known."""
    found = _ITEM.match(heading.strip())
    if found and found[1] in item_labels():
        return ITEM + found[1]
    return _headings().get(plain(heading))


def is_passed_over(heading: str) -> bool:
    """Whether a column without meaning here was put there by this program."""
    return heading.strip() in _PASSED_OVER


def keys_for(category_codes: Iterable[str], on: date) -> list[str]:
    """Return the columns of a sheet: every field, and every item that these categories ask for on a day."""
    wanted = set(category_codes)
    schemas = dict.fromkeys(one.schema for code, one in categories().items() if code in wanted)
    items = dict.fromkeys(item.key for code in schemas for item in disclosures.schema(code, on).items)
    return [field.key for field in FIELDS] + [ITEM + key for key in items]


def rejects_headings(language: str) -> tuple[str, str]:
    """Return the headings of the two columns that a file of rejected rows begins with."""
    return (_PASSED_OVER[0], _PASSED_OVER[1]) if language == "ko" else (_PASSED_OVER[2], _PASSED_OVER[3])


@cache
def item_labels() -> dict[str, Text]:
    """Return a label for every item of the notice; where types name it differently, that of the first."""
    found: dict[str, Text] = {}
    for code in disclosures.codes():
        for version in reversed(disclosures.versions(code)):
            for item in version.items:
                found.setdefault(item.key, item.label)
    return found


@cache
def _headings() -> dict[str, str]:
    found: dict[str, str] = {}
    for field in FIELDS:
        for word in (field.key, *(header(field.key, language) for language in LANGUAGES)):
            found.setdefault(plain(word), field.key)
    return found
