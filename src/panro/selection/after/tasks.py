"""What is done after publication by itself. Each is quick when there is nothing to do, and safe to run twice."""

from __future__ import annotations

from uuid import UUID

from django.tasks import task
from django.utils import timezone

from panro.selection.after import addenda, letters, offers
from panro.selection.course import seams
from panro.ui.clock import today


@task
def issue_letters(published: str) -> int:
    """Issue the letters of a publication; returns how many."""
    return letters.issue_letters(UUID(published), now=timezone.now())


@task
def issue_waiting_letters() -> int:
    """Issue the letters that a killed worker left, or that nobody asked for; every few minutes. Returns how many."""
    return sum(letters.issue_letters(published, now=timezone.now()) for published in letters.unfinished())


@task
def expire_offers() -> int:
    """End the offers whose last day has passed; every night after midnight. Returns how many."""
    return offers.expire_offers(today(), now=timezone.now())


@task
def publish_addenda() -> int:
    """Publish the addenda that two persons confirmed and that are not published yet; every few minutes.

    A worker that was killed leaves nothing behind but work: the next run gives the same dossiers. Returns how many.
    """
    waiting = addenda.confirmed()
    for approval in waiting:
        addenda.publish(approval, verify=seams.verifier(), now=timezone.now())
    return len(waiting)
