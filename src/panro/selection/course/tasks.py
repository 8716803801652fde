"""What is done on rounds by workers. Each is safe to run twice, and goes on where a killed one stopped."""

from __future__ import annotations

from uuid import UUID

from django.tasks import task
from django.utils import timezone

from panro.selection.course import publishing, seams


@task
def publish_round(course: str) -> str:
    """Carry the publication of a round on to its end; returns its root."""
    done = publishing.carry_on(UUID(course), verify=seams.verifier(), now=timezone.now())
    return done.root


@task
def publish_waiting() -> int:
    """Carry on every publication that a killed worker left; every few minutes. Returns how many."""
    courses = publishing.waiting()
    for course in courses:
        publishing.carry_on(course, verify=seams.verifier(), now=timezone.now())
    return len(courses)
