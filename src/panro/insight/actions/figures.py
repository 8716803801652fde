"""Counting a season. The figures belong to nobody and say nothing new, so the record has no entry of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db import connection, transaction

from panro.insight.counting import COUNT
from panro.insight.models import Figure, FigureSet

if TYPE_CHECKING:
    from datetime import date, datetime

    from panro.editions.models import Edition


@transaction.atomic
def count_season(edition: Edition, *, now: datetime, day: date) -> FigureSet:
    """Count everything of an edition anew, in place of the figures there are.

    Two that count at once do it one after the other; who reads meanwhile sees the figures from before.

    Args:
        edition: whose.
        now: aware; the moment the figures are stamped with.
        day: the day in Seoul to which the age of cases is counted.
    """
    begun = time.perf_counter()
    stamp = {"counted_at": now, "day": day, "milliseconds": 0}
    FigureSet.objects.get_or_create(edition=edition, defaults=stamp)
    figures = FigureSet.objects.select_for_update().get(edition=edition)
    Figure.objects.filter(figures=figures).delete()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"edition": edition.pk, "code": edition.code, "day": day})
    figures.counted_at, figures.day = now, day
    figures.milliseconds = round((time.perf_counter() - begun) * 1000)
    figures.save()
    return figures
