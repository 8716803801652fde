"""The catalogue of invented applicants: the goods of which they tell are products there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from panro.catalog.actions import Beginning, open_products, save_product
from panro.rules.eligibility import keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.catalog.models import Product
    from panro.rules.facts import Fact
    from panro.site.rehearsing.people import Member

FIELDS: Final = {"name": "name", "origin": "origin", "maker": "maker_size"}
"""What a fact says of a product, and the field of the catalogue."""


@dataclass(slots=True)
class Shelves:
    """The products that were opened, by party, in the order of its list."""

    products: dict[UUID, dict[str, Product]] = field(default_factory=dict)

    def fill(self, said: Sequence[tuple[Member, Fact | None]], *, now: datetime, today: date) -> None:
        """Bring the catalogue up to what applicants say: new products as one set, what is mended one by one.

        What was said once and is left out or unsaid in another application stays in the catalogue.
        """
        begun = []
        for member, fact in said:
            for code, values in _rows(fact).items():
                product = self.products.get(member.party.pk, {}).get(code)
                if product is None:
                    begun.append(Beginning(member.party.pk, member.user.pk, code, values))
                elif new := {key: value for key, value in values.items() if value and value != getattr(product, key)}:
                    saved = save_product(
                        product.pk, new, revision=product.revision, by=member.user, now=now, today=today
                    )
                    self.products[member.party.pk][code] = saved.product
        for product in open_products(begun, now=now, today=today) if begun else ():
            self.products.setdefault(product.party_id, {})[product.code] = product


def _rows(fact: Fact | None) -> Mapping[str, Mapping[str, str]]:
    """Read a fact about products: values of fields by code."""
    if fact is None or fact.key != keys.PRODUCTS or not isinstance(fact.value, list):
        return {}
    return {
        str(row["code"]): {name: str(row[part] or "") for part, name in FIELDS.items()}
        for row in fact.value
        if isinstance(row, dict)
    }
