"""Publishing a round: from the confirmed selection to the published results, in a real database."""

from __future__ import annotations

import time
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from figures import Figure, peak, timed
from made_site import Site

if TYPE_CHECKING:
    from pathlib import Path


def publication(size: int, scratch: Path) -> list[Figure]:
    """Making the selection of a round at the office, and publishing it."""
    folder = scratch / "publication"
    folder.mkdir()
    with Site(folder):
        from made_course import Made  # noqa: PLC0415 - imported when Django is set up

        from panro.selection import course  # noqa: PLC0415 - same
        from panro.selection.models import PublishedRound  # noqa: PLC0415 - same
        from panro.site.demo_world import differences  # noqa: PLC0415 - same

        made = Made.of(size)
        ran, _ = timed(partial(course.run, made.course, by=made.officer, now=made.later()))
        made.confirm()
        began, worked = time.perf_counter(), time.process_time()
        course.publish(made.course, by=made.officer, now=made.later())
        published = course.carry_on(made.course, verify=differences, now=made.later())
        took = (time.perf_counter() - began, time.process_time() - worked)
        assert isinstance(published, PublishedRound)  # noqa: S101 - a measurement of something else is none
        files = [published.public_file, published.auditor_file]
        floor, _ = timed(lambda: [sha256(file.open("rb").read()).digest() for file in files])
    beside = "hashing both packed dossiers"
    return [
        Figure("selection made at the office", size, *ran, None, beside, floor.seconds),
        Figure(
            "results published: recorded, written, verified, loaded", size, *took, 60, beside, floor.seconds, peak()
        ),
    ]
