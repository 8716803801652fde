"""What workers do with products. Each is safe to run twice or side by side.

What decodes pictures and spreadsheets is imported inside of the tasks: no web process ever loads it.
"""

from __future__ import annotations

from uuid import UUID

from django.tasks import task
from django.utils import timezone


@task
def make_sizes(file: str) -> bool:
    """Make the sizes of a picture, right after its file was examined."""
    from panro.catalog import pictures  # noqa: PLC0415 - see above

    return pictures.make(UUID(file), clock=timezone.now)


@task
def read_import(one: str) -> bool:
    """Read a spreadsheet, right after its file was examined."""
    from panro.catalog import importing  # noqa: PLC0415 - see above

    return importing.read(UUID(one), clock=timezone.now)


@task
def take_import(one: str) -> int:
    """Store the good rows of a spreadsheet, once somebody confirmed them."""
    from panro.catalog import importing  # noqa: PLC0415 - see above

    return importing.take(UUID(one), clock=timezone.now)


@task
def make_export(one: str) -> bool:
    """Make a spreadsheet of a party's products."""
    from panro.catalog import exporting  # noqa: PLC0415 - see above

    return exporting.make(UUID(one), clock=timezone.now)


@task
def carry_on() -> int:
    """Enqueue what was interrupted: pictures, imports, exports; every five minutes."""
    from panro.catalog import exporting, importing, pictures  # noqa: PLC0415 - see above

    now = timezone.now()
    files = pictures.waiting(now)
    to_read, to_take = importing.waiting(now)
    exports = exporting.waiting(now)
    for waiting, work in ((files, make_sizes), (to_read, read_import), (to_take, take_import), (exports, make_export)):
        for one in waiting:
            work.enqueue(str(one))
    return len(files) + len(to_read) + len(to_take) + len(exports)


@task
def renew() -> int:
    """Bring products under the disclosure items that hold today; every night."""
    from panro.catalog.actions import renew_disclosures  # noqa: PLC0415 - it enqueues the tasks above
    from panro.ui.clock import today  # noqa: PLC0415 - same

    return renew_disclosures(now=timezone.now(), today=today())


@task
def clear_away() -> int:
    """Delete what is kept for a time only: exports after seven days, finished imports after thirty; every night."""
    from panro.catalog import clearing  # noqa: PLC0415 - it enqueues the tasks above

    return clearing.clear_away(now=timezone.now())
