"""Clearing away: exports after seven days, and bytes that no row knows."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from panro.files import storage
from panro.insight import actions
from panro.insight.exporting import EXPORTS, too_old
from panro.insight.models import ExportJob

AGE: Final = timedelta(days=2)
"""Younger bytes may belong to a transaction that has not ended."""


def clear_away(*, now: datetime) -> int:
    """Clear away what is due; returns how many things went."""
    total = 0
    while old := too_old(now):
        for key in actions.expire(old, now=now):
            storage.forget(key)
        total += len(old)
    return total + _sweep(now)


def _sweep(now: datetime) -> int:
    """Delete bytes that a worker stored and never settled."""
    store = storage.files_storage()
    last = f"{(now.astimezone(UTC) - AGE):%Y%m%d}"
    deleted = 0
    with suppress(FileNotFoundError):
        for day in sorted(store.listdir(EXPORTS)[0]):
            if day.isdecimal() and day <= last:
                keys = [f"{EXPORTS}/{day}/{name}" for name in sorted(store.listdir(f"{EXPORTS}/{day}")[1])]
                known = set(ExportJob.objects.filter(key__in=keys).values_list("key", flat=True))
                for key in keys:
                    if key not in known:
                        storage.forget(key)
                        deleted += 1
    return deleted
