"""How complete a product is, in points of a hundred, and what is missing.

The weights are this program's own: what a reviewer and a buyer look at first counts most. They are shown beside each
missing thing, so that nobody wonders where the points are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from panro.catalog import choices
from panro.catalog.fields import BY_KEY, Section
from panro.korea import disclosures

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.utils.functional import _StrPromise

    from panro.catalog.models import Product
    from panro.korea.disclosures import Item, Schema

FIELD_POINTS: Final = {
    "name": 5,
    "category": 10,
    "description": 10,
    "list_price": 5,
    "sale_price": 10,
    "origin": 10,
    "made_by": 5,
    "maker": 10,
    "maker_size": 5,
}
PICTURE_POINTS: Final = 15
DISCLOSURE_POINTS: Final = 15
ALL: Final = 100


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing, the points it is worth, and where it is filled in."""

    label: _StrPromise | str
    points: int
    section: Section
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """Points reached, and what is missing, the heaviest first."""

    percent: int
    missing: tuple[Missing, ...]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return self.percent == ALL


def assess(product: Product, values: Mapping[str, str], *, images: int, on: date) -> Assessment:
    """Count the points of a product.

    Args:
        product: as it stands.
        values: of its disclosure.
        images: how many pictures it has that were not refused.
        on: the day whose law decides about the disclosure.
    """
    missing = [
        Missing(BY_KEY[key].label, points, BY_KEY[key].section)
        for key, points in FIELD_POINTS.items()
        if getattr(product, key) in {"", None}
    ]
    if not images:
        missing.append(Missing(_("A picture"), PICTURE_POINTS, Section.PICTURES))
    lacking = _disclosure(product, values, on)
    if lacking is not None:
        missing.append(lacking)
    missing.sort(key=lambda one: -one.points)
    return Assessment(ALL - sum(one.points for one in missing), tuple(missing))


def schema_of(category: str, on: date) -> Schema | None:
    """Return the items that a category asks for on a day; None without a category."""
    found = choices.categories().get(category)
    return None if found is None else disclosures.schema(found.schema, on)


def _disclosure(product: Product, values: Mapping[str, str], on: date) -> Missing | None:
    label = _("Items of the disclosure notice")
    schema = schema_of(product.category, on)
    if schema is None:
        return Missing(label, DISCLOSURE_POINTS, Section.DISCLOSURE)
    lacking = disclosures.missing(schema, values)
    if not lacking:
        return None
    required = sum(item.required for item in schema.items)
    points = -(-DISCLOSURE_POINTS * len(lacking) // required)
    return Missing(label, points, Section.DISCLOSURE, lacking)
