"""What is done at the desk by itself. Each is quick when there is nothing to do, and safe to run twice."""

from __future__ import annotations

from django.tasks import task
from django.utils import timezone

from panro.screening import actions
from panro.screening.actions.locking import BATCH
from panro.screening.actions.taking_in import untaken
from panro.ui.clock import today


@task
def keep_up() -> int:
    """Take in what was handed in, and follow what applicants did; every few minutes. Returns how many cases moved."""
    moved = 0
    while batch := list(untaken().order_by("pk").values_list("pk", flat=True)[:BATCH]):
        moved += actions.take_in(batch, now=timezone.now())
    while changed := actions.follow(now=timezone.now(), today=today()):
        moved += changed
    return moved
