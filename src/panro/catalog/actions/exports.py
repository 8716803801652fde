"""Exporting products: asked for, made by a worker, kept for seven days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from panro.accounts.lifecycles import check
from panro.catalog.models import ProductExport
from panro.catalog.states import EXPORT_TRANSITIONS, ExportState
from panro.record.actions import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User


@transaction.atomic
def start_export(party: UUID, *, form: str, language: str, by: User, now: datetime) -> ProductExport:
    """Ask for a spreadsheet of all products of a party. One that is being made already is returned (a double click)."""
    from panro.catalog.tasks import make_export  # noqa: PLC0415 - the tasks carry out this module's acts

    asked = {"party_id": party, "by": by, "form": form, "language": language}
    there = ProductExport.objects.filter(**asked, state=ExportState.WAITING).first()
    if there is not None:
        return there
    made = ProductExport.objects.create(**asked, created=now)
    record("product_export_asked", actor=str(by.pk), subject=f"party:{party}", at=now, now=now, public={"form": form})
    make_export.enqueue(str(made.pk))
    return made


@transaction.atomic
def settle_export(one: UUID, *, key: str, rows: int, lost: int, length: int, now: datetime) -> bool:
    """Note where an export lies, or with an empty key that it failed; returns whether that was still awaited."""
    row = ProductExport.objects.select_for_update().get(pk=one)
    if row.state != ExportState.WAITING:
        return False
    after = ExportState.READY if key else ExportState.FAILED
    check(EXPORT_TRANSITIONS, row.state, after)
    row.state, row.key, row.rows, row.lost, row.length, row.made = after, key, rows, lost, length, now
    row.save()
    record(
        "product_export_made",
        actor="system:catalog",
        subject=f"party:{row.party_id}",
        at=now,
        now=now,
        public={"state": after.value, "rows": rows},
    )
    return True


@transaction.atomic
def clear_exports(ones: Sequence[UUID], *, now: datetime) -> list[str]:
    """Note that exports are deleted; returns the keys whose bytes are to go."""
    keys = []
    for row in ProductExport.objects.select_for_update().filter(pk__in=ones, state=ExportState.READY).order_by("id"):
        check(EXPORT_TRANSITIONS, row.state, ExportState.CLEARED)
        keys.append(row.key)
        row.state, row.key = ExportState.CLEARED, ""
        row.save(update_fields=["state", "key"])
        record("product_export_cleared", actor="system:catalog", subject=f"party:{row.party_id}", at=now, now=now)
    return keys
