"""What is done with applications by itself. Each is quick when there is nothing to do, and safe to run twice."""

from __future__ import annotations

from django.tasks import task
from django.utils import timezone

from panro.intake import actions, rechecks, retention
from panro.ui.clock import today


@task
def close_missed() -> int:
    """Put aside the drafts whose last day has passed; every night after midnight."""
    return actions.close_missed(today(), now=timezone.now())


@task
def expire_supplements() -> int:
    """Close requests for supplements whose last day has passed; every night after midnight."""
    return actions.expire_supplements(today(), now=timezone.now())


@task
def recheck_closed() -> int:
    """Have the tax service asked about all applicants of rounds that have closed; every night after midnight."""
    return rechecks.recheck_closed(today(), now=timezone.now())


@task
def remind_drafts() -> int:
    """Remind those who are still writing of their last day; every morning."""
    return actions.remind_drafts(today(), now=timezone.now())


@task
def destroy_outlived() -> int:
    """Destroy drafts and the contents of applications whose term is over; every night. Returns how many."""
    return retention.destroy_outlived(today(), now=timezone.now())
