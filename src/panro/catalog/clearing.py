"""Clearing away: exports after seven days, rows and files of imports after thirty, bytes that no row knows."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from panro.catalog.actions.exports import clear_exports
from panro.catalog.actions.imports import clear_imports
from panro.catalog.exporting import EXPORTS, too_old
from panro.catalog.models import PictureSize, ProductExport, ProductImport
from panro.catalog.pictures import PICTURES
from panro.catalog.states import ImportState
from panro.files import storage

if TYPE_CHECKING:
    from uuid import UUID

IMPORTS_KEPT: Final = timedelta(days=30)
AGE: Final = timedelta(days=2)
"""Younger bytes may belong to a transaction that has not ended."""
BATCH: Final = 500
_ENDED: Final = (ImportState.DONE, ImportState.FAILED, ImportState.CANCELLED, ImportState.CHECKED)


def clear_away(*, now: datetime) -> int:
    """Clear away what is due; returns how many things went."""
    total = 0
    while old := too_old(now):
        for key in clear_exports(old, now=now):
            storage.forget(key)
        total += len(old)
    while imports := _old_imports(now):
        total += clear_imports(imports, now=now)
    return total + _sweep(now)


def _old_imports(now: datetime) -> list[UUID]:
    rows = ProductImport.objects.filter(state__in=_ENDED, created__lt=now - IMPORTS_KEPT, cleared=None)
    return list(rows.order_by("created", "id").values_list("pk", flat=True)[:BATCH])


def _sweep(now: datetime) -> int:
    """Delete bytes older than two days that no row knows: a worker stopped between storing and writing down."""
    store = storage.files_storage()
    last = f"{(now.astimezone(UTC) - AGE):%Y%m%d}"
    deleted = 0
    for kind in (PICTURES, EXPORTS):
        with suppress(FileNotFoundError):
            for day in sorted(store.listdir(kind)[0]):
                if day.isdecimal() and day <= last:
                    keys = [f"{kind}/{day}/{name}" for name in sorted(store.listdir(f"{kind}/{day}")[1])]
                    deleted += _forget_unknown(keys)
    return deleted


def _forget_unknown(keys: list[str]) -> int:
    deleted = 0
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        known = set(PictureSize.objects.filter(key__in=batch).values_list("key", flat=True))
        known |= set(ProductExport.objects.filter(key__in=batch).values_list("key", flat=True))
        for key in batch:
            if key not in known:
                storage.forget(key)
                deleted += 1
    return deleted
