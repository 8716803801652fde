"""Writing values into products in memory, and counting them again: what single saves and imports have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from panro.accounts.lifecycles import check
from panro.catalog.completeness import assess, schema_of
from panro.catalog.fields import BY_KEY, ITEM, PRICE_KEYS, price_faults
from panro.catalog.models import Disclosure, Product, ProductImage
from panro.catalog.states import PRODUCT_TRANSITIONS, PictureState, ProductState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from panro.catalog.faults import Fault
    from panro.catalog.fields import Value


NEXT_NUMBERS = """
    INSERT INTO catalog_productcounter (party_id, last) VALUES (%s, %s)
    ON CONFLICT (party_id) DO UPDATE SET last = catalog_productcounter.last + EXCLUDED.last
    RETURNING last
"""


def new_codes(party: UUID, count: int) -> list[str]:
    """Return codes such as ``P0001`` that no product of the party has, and hold its counter until the transaction ends.

    The counter is locked even for none, so that a code typed by hand cannot slip in between.
    """
    found: list[str] = []
    with connection.cursor() as cursor:
        while True:
            wanted = count - len(found)
            cursor.execute(NEXT_NUMBERS, [party, wanted])
            (last,) = cursor.fetchone()
            fresh = [f"P{number:04d}" for number in range(last - wanted + 1, last + 1)]
            taken = set(Product.objects.filter(party=party, code__in=fresh).values_list("code", flat=True))
            found += [code for code in fresh if code not in taken]
            if len(found) == count:
                return found


def differing(product: Product, disclosed: Mapping[str, str], values: Mapping[str, Value]) -> dict[str, Value]:
    """Return those of the values that are not what is stored."""
    return {key: value for key, value in values.items() if value_of(product, disclosed, key) != value}


def value_of(product: Product, disclosed: Mapping[str, str], key: str) -> Value:
    """Return what is stored under a key of a field or of an item of the disclosure."""
    if key.startswith(ITEM):
        return disclosed.get(key.removeprefix(ITEM), "")
    stored: Value = getattr(product, BY_KEY[key].key)
    return stored


def faults_with(product: Product, values: Mapping[str, Value]) -> list[Fault]:
    """Return which prices would contradict each other once the values are written."""
    return price_faults({key: values.get(key, getattr(product, key)) for key in PRICE_KEYS})


def write(
    product: Product, disclosure: Disclosure | None, values: Mapping[str, Value], *, on: date
) -> Disclosure | None:
    """Write values that differ into the rows in memory, one revision further; returns the disclosure, made if needed.

    The disclosure follows the category: its items are those of the law on that day, and what was written for another
    category stays stored, unseen, until the category comes back.
    """
    product.revision += 1
    items: dict[str, str] = {}
    for key, value in values.items():
        if key.startswith(ITEM):
            items[key.removeprefix(ITEM)] = str(value or "")
        else:
            setattr(product, key, value)
        product.changed[key] = product.revision
    schema = schema_of(product.category, on)
    if schema is None:
        return disclosure
    disclosure = disclosure or Disclosure(product=product, values={})
    disclosure.schema, disclosure.version = schema.code, schema.version
    disclosure.values = {key: text for key, text in {**disclosure.values, **items}.items() if text}
    return disclosure


def count_again(product: Product, disclosure: Disclosure | None, *, images: int, on: date) -> None:
    """Set points and state of a product in memory: complete, or a draft again. A retired one only gets its points."""
    values = disclosure.values if disclosure else {}
    found = assess(product, values, images=images, on=on)
    product.completeness = found.percent
    if product.state == ProductState.RETIRED:
        return
    after = ProductState.READY if found.is_complete else ProductState.DRAFT
    if product.state != after:
        if not product._state.adding:  # noqa: SLF001 - Django documents Model._state.adding
            check(PRODUCT_TRANSITIONS, product.state, after)
        product.state = after


def image_counts(products: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many usable pictures products have; one query."""
    found: dict[UUID, int] = {}
    rows = ProductImage.objects.filter(product__in=list(products)).exclude(file__picture__state=PictureState.REFUSED)
    for product in rows.values_list("product_id", flat=True):
        found[product] = found.get(product, 0) + 1
    return found
