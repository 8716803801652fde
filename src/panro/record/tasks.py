"""What is done to the record by itself."""

from __future__ import annotations

from django.tasks import task
from django.utils import timezone

from panro.record import heads, retention
from panro.record.actions import seal_pending


@task
def seal() -> str:
    """Seal what was written since the last seal; returns the new head, empty if there was nothing to seal."""
    made = seal_pending(timezone.now())
    return "" if made is None else made.head


@task
def publish_head() -> int:
    """Publish the head of each day that has ended; shortly after midnight in Seoul. Returns how many days."""
    return len(heads.publish_heads(timezone.now()))


@task
def destroy_outlived() -> int:
    """Destroy personal data whose term is over; every night. Returns how many rows are gone."""
    return retention.destroy_outlived(now=timezone.now())


@task
def clear_accounts() -> int:
    """Close accounts never confirmed and delete what is left of closed ones; every night. Returns how many."""
    return retention.clear_accounts(now=timezone.now())
