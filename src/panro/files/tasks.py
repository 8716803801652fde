"""What workers do with files. Each is safe to run twice or side by side."""

from __future__ import annotations

from uuid import UUID

from django.tasks import task
from django.utils import timezone

from panro.files import conf, examination, storage
from panro.files.scanner import ClamdScanner, NoScanner, Scanner


def scanner() -> Scanner:
    """Return the scanner that this deployment has."""
    address = conf.clamd()
    return NoScanner() if address is None else ClamdScanner(address)


@task
def examine(file: str) -> str:
    """Examine one file, right after it was handed in; returns its new state, empty if it must be tried again."""
    state = examination.examine(UUID(file), scanner=scanner(), clock=timezone.now)
    return "" if state is None else state.value


@task
def examine_waiting() -> int:
    """Enqueue the files whose examination failed for now or was interrupted; every five minutes."""
    files = examination.waiting(timezone.now())
    for file in files:
        examine.enqueue(str(file))
    return len(files)


@task
def erase(keys: list[str]) -> int:
    """Delete bytes that no row knows any more; what fails is deleted by the sweep."""
    for key in keys:
        storage.forget(key)
    return len(keys)


@task
def clear_away() -> int:
    """Give up abandoned uploads and delete bytes that no row knows; every night."""
    from panro.files import sweeping  # noqa: PLC0415 - it imports the acts that enqueue the tasks above

    now = timezone.now()
    return sweeping.expire_uploads(now=now) + sweeping.sweep(now=now)
