"""The head of the chain, published once a day: whoever keeps one can later tell whether the record was rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.utils import timezone

from panro.record.models import DailyHead, Seal

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE: Final = 60
SEALS: Final = 1_000
PUBLISHING: Final = 7_102_022
"""The advisory lock under which heads are published, one process at a time."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Days with their heads, newest first, and the day before which the next page begins (None at the end)."""

    rows: Sequence[DailyHead]
    next: date | None


@transaction.atomic
def publish_heads(now: datetime) -> list[DailyHead]:
    """Publish the head of every day in Seoul that has ended and has none yet; returns the new ones.

    A day's head is that of the last seal made before midnight; on a day without a seal the head before it stands.
    Days before the first seal have none. A day missed by a stopped worker is published later, with the same head.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHING])
    last = DailyHead.objects.order_by("-day").first()
    # The seal that stands at the last published day is needed too: it may stand on the following days as well.
    seals = list(Seal.objects.filter(number__gte=last.seal_id if last else 1).order_by("number"))
    if not seals:
        return []
    day = last.day + timedelta(days=1) if last else timezone.localtime(seals[0].sealed).date()
    today = timezone.localtime(now).date()
    made: list[DailyHead] = []
    standing, place = seals[0], 0
    while day < today:
        midnight = _midnight_after(day)
        while place < len(seals) and seals[place].sealed < midnight:
            standing, place = seals[place], place + 1
        made.append(DailyHead(day=day, seal=standing, head=standing.head, published=now))
        day += timedelta(days=1)
    return DailyHead.objects.bulk_create(made)


def page_of_heads(before: date | None = None) -> Heads:
    """Return the newest heads, or those of the days before a day."""
    found = DailyHead.objects.order_by("-day")
    if before is not None:
        found = found.filter(day__lt=before)
    rows = list(found[: PAGE + 1])
    return Heads(rows[:PAGE], rows[PAGE - 1].day if len(rows) > PAGE else None)


def seals_after(number: int) -> list[Seal]:
    """Return the seals after the one of a number, at most a thousand: what leads from one day's head to the next."""
    return list(Seal.objects.filter(number__gt=number).order_by("number")[:SEALS])


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), clock_time(), tzinfo=timezone.get_default_timezone())
