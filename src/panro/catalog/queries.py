"""Reading products: lists, single ones with their parts, what applications and rules need of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q

from panro.catalog.choices import categories
from panro.catalog.completeness import schema_of
from panro.catalog.models import Disclosure, ImportRow, Product, ProductExport, ProductImage, ProductImport
from panro.catalog.states import ProductState, RowState
from panro.korea import disclosures
from panro.ui.pager import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from panro.parties.models import Party
    from panro.rules.facts import FactValue
    from panro.ui.pager import Page

SHOWN = 20


def products(party: Party | UUID) -> QuerySet[Product]:
    """Return the products of a party that are not put away, last saved first."""
    return Product.objects.filter(party=party).exclude(state=ProductState.RETIRED).order_by("-saved", "-id")


def chosen(ids: Sequence[UUID], party: Party | UUID) -> list[Product]:
    """Return those of the ids that are products of the party and not put away, in the order given. One query."""
    found = {product.pk: product for product in products(party).filter(pk__in=list(ids))}
    return [found[one] for one in dict.fromkeys(ids) if one in found]


def product_facts(found: Iterable[Product]) -> list[FactValue]:
    """Return the value of the fact ``products``: code, name, origin and size of the maker, None where not said yet."""
    return [
        {"code": one.code, "name": one.name, "origin": one.origin or None, "maker": one.maker_size or None}
        for one in found
    ]


def search(
    party: UUID, *, words: str = "", state: str = "", category: str = "", cursor: str | None = None
) -> Page[Product]:
    """Return one page of a party's products with what a list shows of them; four queries at most.

    Args:
        party: whose.
        words: found in name, code, brand or barcode; all of them must be found.
        state: a state, or empty for all that are not put away.
        category: a category, or empty.
        cursor: where the page begins.

    Raises:
        BadCursorError: the cursor is none of this list.
    """
    found = Product.objects.filter(party=party)
    found = found.filter(state=state) if state else found.exclude(state=ProductState.RETIRED)
    if category:
        found = found.filter(category=category)
    for word in words.split()[:8]:
        found = found.filter(
            Q(name__icontains=word) | Q(code__icontains=word) | Q(brand__icontains=word) | Q(barcode__startswith=word)
        )
    first = (
        ProductImage.objects.filter(position=1).select_related("file__picture").prefetch_related("file__picture__sizes")
    )
    found = found.prefetch_related(Prefetch("images", queryset=first, to_attr="front"))
    return paginate(found, order=["-saved", "-id"], cursor=cursor, size=SHOWN)


def state_counts(party: UUID) -> dict[str, int]:
    """Return how many products a party has in each state. One query."""
    rows = Product.objects.filter(party=party).order_by().values_list("state").annotate(count=Count("id"))
    return dict(rows)


def whole(product: UUID, party: UUID) -> Product | None:
    """Return a product with its disclosure, pictures and certificates; None if it is not the party's."""
    images = ProductImage.objects.select_related("file__picture").prefetch_related("file__picture__sizes")
    return (
        Product.objects.select_related("disclosure", "saved_by")
        .prefetch_related(Prefetch("images", queryset=images), "certificates__file")
        .filter(pk=product, party=party)
        .first()
    )


def usable_images(product: Product) -> int:
    """Return how many of the pictures of a product from :func:`whole` were not refused."""
    return sum(image.file.picture.state != "refused" for image in product.images.all())


def outdated(on: date, limit: int) -> list[UUID]:
    """Return products, put away ones too, whose disclosure does not have the version that holds on a day."""
    right = Q()
    for code in sorted({category.schema for category in categories().values()}):
        right |= Q(schema=code, version=disclosures.schema(code, on).version)
    rows = Disclosure.objects.exclude(right).exclude(product__category="").order_by("product_id")
    return list(rows.values_list("product_id", flat=True)[:limit])


def imports(party: UUID) -> list[ProductImport]:
    """Return the last imports of a party."""
    return list(ProductImport.objects.filter(party=party).select_related("file", "by")[:SHOWN])


def exports(party: UUID) -> list[ProductExport]:
    """Return the last exports of a party."""
    return list(ProductExport.objects.filter(party=party).select_related("by")[:SHOWN])


def row_counts(one: ProductImport) -> dict[str, int]:
    """Return how many rows an import has in each state, and how many would begin or change a product. One query."""
    rows = one.rows.order_by().aggregate(
        **{state.value: Count("id", filter=Q(state=state)) for state in RowState},
        fresh=Count("id", filter=Q(state__in=[RowState.GOOD, RowState.TAKEN], revision=None)),
    )
    return {key: int(count) for key, count in rows.items()}


def faulty_rows(one: ProductImport, cursor: str | None) -> Page[ImportRow]:
    """Return one page of the rows of an import that are not stored, in the order of the file."""
    rows = one.rows.filter(state__in=[RowState.BAD, RowState.LEFT])
    return paginate(rows, order=["line"], cursor=cursor, size=SHOWN)


__all__ = [
    "chosen",
    "exports",
    "faulty_rows",
    "imports",
    "outdated",
    "product_facts",
    "products",
    "row_counts",
    "schema_of",
    "search",
    "state_counts",
    "usable_images",
    "whole",
]
