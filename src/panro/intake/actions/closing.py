"""The end of an intake for what is still being written: a reminder before, and a word after."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from panro.intake import notices
from panro.intake.actions.handed_in import BATCH, call_for
from panro.intake.models import Application
from panro.intake.states import State
from panro.record.actions import record

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from uuid import UUID

REMINDED: Final = (7, 3, 1, 0)
"""So many days before the last one, who is still writing is reminded."""
CLOSER: Final = "system:intake_closer"


def close_missed(today: date, *, now: datetime) -> int:
    """Put drafts whose last day has passed aside, and tell who wrote them; returns how many. They are kept."""
    missed = 0
    while batch := _close_some(today, now):
        missed += batch
    return missed


@transaction.atomic
def _close_some(today: date, now: datetime) -> int:
    late = Application.objects.filter(state=State.DRAFT, closes__lt=today)
    rows = list(
        late.select_for_update(of=("self",))
        .select_related("version")
        .defer("version__document", "version__changes")
        .order_by("closes", "pk")[:BATCH]
    )
    Application.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.MISSED)
    for round_id, count in sorted(Counter(call_for(row).round_id for row in rows).items()):
        record("drafts_missed", actor=CLOSER, subject=f"round:{round_id}", at=now, now=now, public={"count": count})
    notices.tell([notices.about_draft("draft_missed", row, call_for(row)) for row in rows], now=now)
    return len(rows)


def remind_drafts(today: date, *, now: datetime) -> int:
    """Remind who is still writing that the last day is near; once per day that is announced. Returns how many."""
    days = {today + timedelta(days=left): left for left in REMINDED}
    reminded, last = 0, None
    while batch := _drafts_after(days.keys(), last):
        with transaction.atomic():
            notices.tell(
                [notices.about_draft("draft_closing_soon", row, call_for(row), days=days[row.closes]) for row in batch],
                now=now,
            )
        reminded, last = reminded + len(batch), batch[-1].pk
    return reminded


def _drafts_after(days: Collection[date], last: UUID | None) -> list[Application]:
    rows = Application.objects.filter(state=State.DRAFT, closes__in=list(days))
    rows = rows if last is None else rows.filter(pk__gt=last)
    return list(
        rows.select_related("version").defer("version__document", "version__changes", "answers").order_by("pk")[:BATCH]
    )
