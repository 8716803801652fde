"""What is done to the record by itself."""

from __future__ import annotations

from django.tasks import task
from django.utils import timezone

from panro.record.actions import seal_pending


@task
def seal() -> str:
    """Seal what was written since the last seal; returns the new head, empty if there was nothing to seal."""
    made = seal_pending(timezone.now())
    return "" if made is None else made.head
