"""The fields of a product, declared once: forms, spreadsheets, completeness and conflicts all read this table."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from panro.catalog import choices, reading
from panro.catalog.faults import Fault, FaultError
from panro.catalog.models.products import HIGHEST_NUMBER, HIGHEST_PRICE, LINE, NAME_LENGTH, SHORT
from panro.korea.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from panro.catalog.reading import Reader

type Value = str | int | None
ITEM: Final = "disclosure."
"""What the key of an item of the disclosure begins with."""


class Section(enum.StrEnum):
    """The parts of a product's page, in the order in which a newcomer fills them in."""

    BASICS = "basics"
    PRICES = "prices"
    ORIGIN = "origin"
    PICTURES = "pictures"
    DISCLOSURE = "disclosure"
    CERTIFICATES = "certificates"
    SELLING = "selling"


class Kind(enum.StrEnum):
    """How a field is written on a page."""

    LINE = "line"
    TEXT = "text"
    WON = "won"
    NUMBER = "number"
    CHOICE = "choice"
    CATEGORY = "category"
    COUNTRY = "country"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its column in the table and in a spreadsheet, its words, and how it is read."""

    key: str
    section: Section
    kind: Kind
    label: _StrPromise
    read: Reader
    help: _StrPromise | str = ""
    words: Mapping[str, Text] | None = None

    def written(self, value: Value, language: str) -> Value:
        """Return what a spreadsheet or a page shows of a value."""
        if value is None or value == "":
            return ""
        if self.kind is Kind.COUNTRY:
            return choices.countries()[str(value)].in_(language) if value in choices.countries() else value
        if self.kind is Kind.CATEGORY:
            return choices.categories()[str(value)].name.in_(language) if value in choices.categories() else value
        if self.words and value in self.words:
            return self.words[str(value)].in_(language)
        return value


MAKER_SIZES: Final = {
    "small": Text(ko="소기업·소상공인", en="Small firm"),
    "medium": Text(ko="중기업·중견기업", en="Medium firm"),
    "large": Text(ko="대기업", en="Large company"),
}
MAKINGS: Final = {
    "self": Text(ko="직접 만듦", en="We make it ourselves"),
    "oem": Text(ko="맡겨서 만듦(OEM·ODM)", en="Made for us (OEM, ODM)"),
    "other": Text(ko="다른 회사 상품을 사서 판매", en="Bought from another firm"),
}
_PRICE: Final = reading.whole(0, HIGHEST_PRICE)

FIELDS: Final[tuple[Field, ...]] = (
    Field(
        "code",
        Section.BASICS,
        Kind.LINE,
        _("Product code"),
        reading.code,
        _("Your own short code. It tells a spreadsheet which product a row belongs to."),
    ),
    Field(
        "name",
        Section.BASICS,
        Kind.LINE,
        _("Product name"),
        reading.name(NAME_LENGTH),
        _("As buyers should read it, up to 100 characters."),
    ),
    Field(
        "category",
        Section.BASICS,
        Kind.CATEGORY,
        _("Category"),
        reading.category,
        _("It decides which items the law asks you to disclose."),
    ),
    Field("brand", Section.BASICS, Kind.LINE, _("Brand"), reading.line(SHORT), _("Leave empty if there is none.")),
    Field(
        "spec",
        Section.BASICS,
        Kind.LINE,
        _("Size or weight"),
        reading.line(LINE),
        _("For example 500 g × 2 bottles."),
    ),
    Field(
        "barcode",
        Section.BASICS,
        Kind.LINE,
        _("Barcode (GTIN)"),
        reading.barcode,
        _("The digits under the bars on the package. Leave empty if there is none."),
    ),
    Field(
        "description",
        Section.BASICS,
        Kind.TEXT,
        _("Description"),
        reading.long_text,
        _("What makes it good, for whom, and how it is used. Reviewers read this first."),
    ),
    Field(
        "list_price",
        Section.PRICES,
        Kind.WON,
        _("Regular price (won)"),
        _PRICE,
        _("The usual price for consumers, with VAT."),
    ),
    Field(
        "sale_price",
        Section.PRICES,
        Kind.WON,
        _("Sale price (won)"),
        _PRICE,
        _("The price at which it is sold now, with VAT; not above the regular price."),
    ),
    Field(
        "supply_price",
        Section.PRICES,
        Kind.WON,
        _("Supply price (won)"),
        _PRICE,
        _("What a mall or seller pays you, with VAT; not above the sale price."),
    ),
    Field(
        "reference_price",
        Section.PRICES,
        Kind.WON,
        _("Price elsewhere (won)"),
        _PRICE,
        _("At how much you sell the same product in another shop. A large difference is pointed out."),
    ),
    Field(
        "reference_at",
        Section.PRICES,
        Kind.LINE,
        _("Where it is sold at that price"),
        reading.line(LINE),
        _("For example the name of your own shop or of a mall."),
    ),
    Field(
        "shipping_fee",
        Section.PRICES,
        Kind.WON,
        _("Delivery charge (won)"),
        _PRICE,
        _("0 if delivery is free."),
    ),
    Field(
        "origin",
        Section.ORIGIN,
        Kind.COUNTRY,
        _("Country of making"),
        reading.country,
        _("Where the product itself is made. Foreign ingredients alone do not make it an import."),
    ),
    Field(
        "origin_note",
        Section.ORIGIN,
        Kind.LINE,
        _("Origin as shown to buyers"),
        reading.line(LINE),
        _("For example: pears from Naju, Korea. Food names the origin of its main ingredients."),
    ),
    Field("made_by", Section.ORIGIN, Kind.CHOICE, _("How it is made"), reading.choice(MAKINGS), "", MAKINGS),
    Field(
        "maker",
        Section.ORIGIN,
        Kind.LINE,
        _("Maker"),
        reading.line(NAME_LENGTH),
        _("The name of the firm that makes it; your own if you make it yourself."),
    ),
    Field(
        "maker_size",
        Section.ORIGIN,
        Kind.CHOICE,
        _("Size of the maker"),
        reading.choice(MAKER_SIZES),
        _("Products of large companies cannot be supported."),
        MAKER_SIZES,
    ),
    Field(
        "detail_page",
        Section.SELLING,
        Kind.ADDRESS,
        _("Address of the detail page"),
        reading.address,
        _("Where buyers see the product now, if it is online already."),
    ),
    Field(
        "video",
        Section.SELLING,
        Kind.ADDRESS,
        _("Address of a video"),
        reading.address,
        _("Leave empty if there is none."),
    ),
    Field(
        "sold_at",
        Section.SELLING,
        Kind.LINE,
        _("Where it is sold now"),
        reading.line(LINE),
        _("Shops and malls, separated by commas."),
    ),
    Field(
        "monthly_capacity",
        Section.SELLING,
        Kind.NUMBER,
        _("How many you can supply in a month"),
        reading.whole(0, HIGHEST_NUMBER),
        _("A sold-out promotion helps nobody: give what you can really supply."),
    ),
    Field(
        "storage",
        Section.SELLING,
        Kind.LINE,
        _("Storage and delivery"),
        reading.line(LINE),
        _("For example refrigerated at 0–5 °C, or fragile."),
    ),
)
PRICE_KEYS: Final = ("list_price", "sale_price", "supply_price")
BY_KEY: Final = {field.key: field for field in FIELDS}
FORMS: Final = (Section.BASICS, Section.PRICES, Section.ORIGIN, Section.DISCLOSURE, Section.SELLING)
"""The sections that are forms; the others take files."""


def of_section(section: Section) -> tuple[Field, ...]:
    """Return the fields of a section in the order shown."""
    return tuple(field for field in FIELDS if field.section is section)


def read(key: str, written: str) -> Value:
    """Read one field.

    Raises:
        FaultError: what is written cannot be kept.
    """
    return BY_KEY[key].read(written)


def price_faults(prices: Mapping[str, Value]) -> list[Fault]:
    """Say which prices contradict each other: sale above regular, supply above sale."""
    pairs = (("sale_price", "list_price", "sale_above_list"), ("supply_price", "sale_price", "supply_above_sale"))
    found = []
    for lower, upper, word in pairs:
        small, large = prices.get(lower), prices.get(upper)
        if isinstance(small, int) and isinstance(large, int) and small > large:
            found.append(Fault(word, lower, {"other": f"{large:,}"}))
    return found


__all__ = ["BY_KEY", "FIELDS", "FORMS", "ITEM", "Fault", "FaultError", "Field", "Kind", "Section", "Value"]
