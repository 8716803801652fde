"""What workers do for this room. Each is safe to run twice or side by side."""

from __future__ import annotations

from uuid import UUID

from django.tasks import task
from django.utils import timezone


@task
def make_export(job: str) -> bool:
    """Make one export, right after it was asked for."""
    from panro.insight import exporting  # noqa: PLC0415 - no web process loads what writes workbooks

    return exporting.make(UUID(job), clock=timezone.now)


@task
def carry_on() -> int:
    """Enqueue exports whose worker died half-way; every five minutes."""
    from panro.insight import actions, exporting  # noqa: PLC0415 - see above

    now = timezone.now()
    waiting = actions.give_back(exporting.silent(now), silent_since=now - exporting.SILENCE)
    waiting = list(dict.fromkeys([*waiting, *exporting.forgotten(now)]))
    for job in waiting:
        make_export.enqueue(str(job))
    return len(waiting)


@task
def clear_away() -> int:
    """Delete exports after seven days; every night."""
    from panro.insight import clearing  # noqa: PLC0415 - see above

    return clearing.clear_away(now=timezone.now())


@task
def count_seasons() -> int:
    """Count every published season anew; every five minutes."""
    from panro.editions.queries import public_versions  # noqa: PLC0415 - models are there once all rooms are loaded
    from panro.insight.actions import count_season  # noqa: PLC0415 - same
    from panro.ui.clock import today  # noqa: PLC0415 - same

    versions = list(public_versions())
    for version in versions:
        count_season(version.edition, now=timezone.now(), day=today())
    return len(versions)


@task
def count_one(edition: str) -> str:
    """Count one season, because somebody asked for it."""
    from panro.editions.models import Edition  # noqa: PLC0415 - models are there once all rooms are loaded
    from panro.insight.actions import count_season  # noqa: PLC0415 - same
    from panro.ui.clock import today  # noqa: PLC0415 - same

    figures = count_season(Edition.objects.get(code=edition), now=timezone.now(), day=today())
    return figures.counted_at.isoformat()
