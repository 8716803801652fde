"""What must hold of the catalogue beyond what the database refuses; asked by ``panro doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, Max

from panro.catalog.choices import categories
from panro.catalog.models import Picture, Product
from panro.catalog.states import PictureState
from panro.record.doctor import Broken, Check, register

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = 3
BATCH = 1_000


def fill() -> None:
    """Register the checks; safe to call again."""
    register(Check("catalog: a product discloses what its category asks for", _schemas))
    register(Check("catalog: a picture that is ready has all its sizes", _sizes))
    register(Check("catalog: the pictures of a product stand without a gap", _places))


def _schemas() -> Iterator[Broken]:
    rows = Product.objects.exclude(category="").order_by("id").values_list("id", "category", "disclosure__schema")
    for product, category, schema in rows.iterator(BATCH):
        found = categories().get(category)
        if found is None or found.schema != schema:
            yield Broken(
                f"product {product}", f"the items of {found.schema if found else category}", f"those of {schema}"
            )


def _sizes() -> Iterator[Broken]:
    ready = Picture.objects.filter(state=PictureState.READY).annotate(made=Count("sizes")).exclude(made=SIZES)
    for file, made in ready.order_by("file_id").values_list("file_id", "made").iterator(BATCH):
        yield Broken(f"file {file}", f"{SIZES} sizes", str(made))


def _places() -> Iterator[Broken]:
    rows = Product.objects.annotate(pictures=Count("images"), last=Max("images__position"))
    gaps = rows.filter(pictures__lt=F("last")).order_by("id").values_list("id", "pictures", "last")
    for product, pictures, last in gaps.iterator(BATCH):
        yield Broken(f"product {product}", f"{pictures} places", f"a picture in place {last}")
