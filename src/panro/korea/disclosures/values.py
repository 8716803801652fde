"""Values of disclosures: read from what a person wrote, shown, and found missing."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from panro.korea.disclosures.schema import Item, ItemKind, Schema
from panro.korea.text import ExplainedError, Text, nfc, with_particle

SEE_DETAIL_PAGE: Final = "@detail_page"
"""Stored instead of a text where an item is answered on the product's detail page."""
SEE_DETAIL_PAGE_WORDS: Final = Text(ko="상품 상세페이지 참조", en="See the detail page")
LINE_LENGTH: Final = 200
TEXT_LENGTH: Final = 2_000

_SAID_SO: Final = re.compile(
    r"(상품)?(상세|상세페이지|상세설명|상세정보)(페이지)?(를|에)?(참조|참고)|seethedetailpage", re.IGNORECASE
)
_MONTH: Final = re.compile(r"(\d{4})[-./년](\d{1,2})월?")
_MONTHS: Final = 12


class DisclosureError(ExplainedError):
    """A value cannot be kept: says what is wrong and how to mend it."""


def read_value(item: Item, text: str) -> str:
    """Return what is stored for a written value; empty for nothing.

    "See the detail page" in its usual wordings becomes the mark :data:`SEE_DETAIL_PAGE`. A month is stored as
    ``2021-03``; other words such as "made to order" are kept.

    Raises:
        DisclosureError: too long, control characters, or a reference to the detail page where none is allowed.
    """
    value = nfc(text).replace("\r\n", "\n").strip()
    if value == SEE_DETAIL_PAGE or _SAID_SO.fullmatch(re.sub(r"[\s.]+", "", value)):
        return _reference(item)
    longest = TEXT_LENGTH if item.kind is ItemKind.TEXT else LINE_LENGTH
    if len(value) > longest:
        raise DisclosureError(
            Text(
                ko=f"{with_particle(item.label.ko, '은/는')} {longest:,}자까지 쓸 수 있는데 {len(value):,}자입니다. "
                "줄여 적어 주세요.",
                en=f"{item.label.en} takes up to {longest:,} characters, found {len(value):,}; shorten it",
            )
        )
    allowed = "\n\t" if item.kind is ItemKind.TEXT else ""
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in allowed for sign in value):
        raise DisclosureError(
            Text(
                ko=f"{item.label.ko}에 보이지 않는 제어 문자나 줄 바꿈이 있습니다. 지우고 다시 적어 주세요.",
                en=f"{item.label.en} holds control characters or line breaks; remove them",
            )
        )
    return _month(item, value) if item.kind is ItemKind.MONTH else value


def missing(schema: Schema, values: Mapping[str, str]) -> tuple[Item, ...]:
    """Return the required items that have no value yet, in the order of the type."""
    return tuple(item for item in schema.items if item.required and not values.get(item.key))


def shown(value: str) -> Text:
    """Return what a buyer reads for a stored value."""
    return SEE_DETAIL_PAGE_WORDS if value == SEE_DETAIL_PAGE else Text(ko=value, en=value)


def _reference(item: Item) -> str:
    if not item.detail_page:
        raise DisclosureError(
            Text(
                ko=f"{with_particle(item.label.ko, '은/는')} 상세페이지 참조로 대신할 수 없습니다. "
                "내용을 직접 적어 주세요.",
                en=f"{item.label.en} cannot be left to the detail page; write it here",
            )
        )
    return SEE_DETAIL_PAGE


def _month(item: Item, value: str) -> str:
    found = _MONTH.fullmatch(re.sub(r"\s+", "", value))
    if found is None:
        return value
    if not 1 <= int(found[2]) <= _MONTHS:
        raise DisclosureError(
            Text(
                ko=f"{item.label.ko}의 달은 1에서 12까지입니다. 2021-03처럼 적어 주세요.",
                en=f"the month of {item.label.en} is 1 to 12; write it like 2021-03",
            )
        )
    return f"{found[1]}-{int(found[2]):02d}"
