"""Making an export in a worker: products read in batches, written to a file, kept in the storage."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from panro.catalog.actions.exports import settle_export
from panro.catalog.completeness import schema_of
from panro.catalog.gates import values_of
from panro.catalog.models import Product, ProductExport
from panro.catalog.sheets import columns, outgoing
from panro.catalog.states import ExportState, ProductState
from panro.files import storage
from panro.ui.clock import today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime
    from uuid import UUID

    from panro.catalog.fields import Value

EXPORTS: Final = "exports"
KEPT: Final = timedelta(days=7)
LEASE: Final = timedelta(minutes=10)
BATCH: Final = 500
_IN_MEMORY: Final = 8 * 1024 * 1024


def make(one: UUID, *, clock: Callable[[], datetime]) -> bool:
    """Make one export; returns whether it was this call that settled it. Products put away are left out."""
    export = ProductExport.objects.filter(pk=one, state=ExportState.WAITING).first()
    if export is None:
        return False
    products = Product.objects.filter(party=export.party_id).exclude(state=ProductState.RETIRED)
    used = products.order_by().values_list("category", flat=True).distinct()
    on = today()
    keys = columns.keys_for(used, on)
    header = [columns.header(key, export.language) for key in keys]
    written = _Counted(export.party_id, keys, export.language, on)
    key = storage.new_key(EXPORTS, one, clock())
    try:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as made:
            lost = outgoing.write(made, export.form, header, written.rows(), language=export.language)
            length = made.tell()
            made.seek(0)
            storage.write(key, storage.pieces(made), limit=length)
    except OSError:
        settle_export(one, key="", rows=0, lost=0, length=0, now=clock())
        return False
    settled = settle_export(one, key=key, rows=written.count, lost=lost, length=length, now=clock())
    if not settled:
        storage.forget(key)
    return settled


def waiting(now: datetime) -> list[UUID]:
    """Return exports that nobody seems to make."""
    rows = ProductExport.objects.filter(state=ExportState.WAITING, created__lt=now - LEASE)
    return list(rows.order_by("created", "id").values_list("pk", flat=True)[:BATCH])


def too_old(now: datetime) -> list[UUID]:
    """Return exports whose seven days are over."""
    rows = ProductExport.objects.filter(state=ExportState.READY, made__lt=now - KEPT)
    return list(rows.order_by("created", "id").values_list("pk", flat=True)[:BATCH])


class _Counted:
    """The rows of an export, read in batches by code and counted as they pass."""

    def __init__(self, party: UUID, keys: list[str], language: str, on: date) -> None:
        self.party = party
        self.keys = keys
        self.language = language
        self.on = on
        self.count = 0

    def rows(self) -> Iterator[list[Value]]:
        found = Product.objects.filter(party=self.party).exclude(state=ProductState.RETIRED)
        found = found.select_related("disclosure").order_by("code")
        after = ""
        while batch := list(found.filter(code__gt=after)[:BATCH]):
            for product in batch:
                yield outgoing.product_row(product, self._disclosed(product), self.keys, self.language)
            self.count += len(batch)
            after = batch[-1].code

    def _disclosed(self, product: Product) -> dict[str, str]:
        """Return what the product's own category asks for, so that the row can be handed in again as it is."""
        schema = schema_of(product.category, self.on)
        if schema is None:
            return {}
        return {key: text for key, text in values_of(product).items() if schema.item(key)}
