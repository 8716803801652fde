"""Carrying an import through in a worker: reading the file, and storing what was confirmed, batch by batch."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from panro.catalog.actions import imports as acts
from panro.catalog.faults import Fault, FaultError
from panro.catalog.models import ImportRow, Product, ProductImport
from panro.catalog.pictures import bytes_of
from panro.catalog.sheets import incoming
from panro.catalog.sheets.judging import judge
from panro.catalog.states import ImportState, RowState
from panro.files.content import Kind
from panro.ui.clock import today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime
    from uuid import UUID

    from panro.catalog.sheets.incoming import Sheet

LEASE: Final = timedelta(minutes=10)
"""After this an import that nobody carried on counts as interrupted."""


def read(one: UUID, *, clock: Callable[[], datetime]) -> bool:
    """Read the file of an import and judge its rows; returns whether it was read to its end."""
    row = acts.claim_reading(one, now=clock(), lease=LEASE)
    if row is None:
        return False
    try:
        with bytes_of(row.file) as stream:
            sheet = incoming.read(stream, is_workbook=row.file.type == Kind.XLSX.media_type)
    except FaultError as wrong:
        acts.fail_import(one, wrong.fault, now=clock())
        return False
    except OSError:
        return False  # the storage is out of order: tried again when the lease is over
    for batch in _batches(list(_rows(row, sheet, today()))):
        if not acts.write_rows(one, batch, total=len(sheet.rows), unread=sheet.unread, now=clock()):
            return ProductImport.objects.filter(pk=one, state=ImportState.CHECKED).exists()
    return True


def take(one: UUID, *, clock: Callable[[], datetime]) -> int:
    """Store the rows of a confirmed import to its end; returns how many were looked at."""
    total = 0
    while done := acts.import_rows(one, now=clock(), today=today()):
        total += done
    return total


def waiting(now: datetime) -> tuple[list[UUID], list[UUID]]:
    """Return imports that nobody carries on: those to be read, and those to be stored."""
    free = Q(claimed=None) | Q(claimed__lt=now - LEASE)
    old = Q(created__lt=now - LEASE)
    rows = ProductImport.objects.filter(free, old).order_by("created", "id")
    to_read = rows.filter(state__in=[ImportState.ARRIVING, ImportState.READING]).values_list("pk", flat=True)
    return list(to_read), list(rows.filter(state=ImportState.TAKING).values_list("pk", flat=True))


def _rows(owner: ProductImport, sheet: Sheet, on: date) -> Iterator[ImportRow]:
    codes = {row.cells.get("code", "") for row in sheet.rows} - {""}
    known = {product.code: product for product in Product.objects.filter(party=owner.party_id, code__in=codes)}
    seen: dict[str, int] = {}
    for row in sheet.rows:
        judged = judge(row.cells, known, seen, on=on)
        faults: list[Fault] = [*row.faults, *judged.faults]
        if judged.code:
            seen.setdefault(judged.code, row.line)
        yield ImportRow(
            owner=owner,
            line=row.line,
            cells=row.cells,
            faults=[fault.stored() for fault in faults],
            state=RowState.BAD if faults else RowState.GOOD,
            code=judged.code,
            product=judged.product,
            revision=judged.product.revision if judged.product else None,
        )


def _batches(rows: list[ImportRow]) -> Iterator[list[ImportRow]]:
    for start in range(0, len(rows), acts.BATCH):
        yield rows[start : start + acts.BATCH]
