"""Two at once: workers that take the same export, and that count the same season."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from insight import world
from insight.test_exports import asked, clock
from insight.test_season import stored
from intake import world as intake
from panro.insight import actions, exporting
from panro.insight.models import ExportJob
from panro.record.models import AccessNote
from panro.staff.states import Role
from screening.world import hire

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)


def together[Result](act: Callable[[], Result]) -> list[Result]:
    barrier = Barrier(2)

    def run() -> Result:
        try:
            barrier.wait(timeout=10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return [one.result(timeout=60) for one in [pool.submit(run) for _ in range(2)]]


def test_one_of_two_workers_makes_the_export_and_both_count_the_same() -> None:
    with transaction.atomic():
        notice = intake.publish("3-1", "3-2")
        made = world.season(notice, 40)
        chief = hire("최팀장", Role.CHIEF)
    job = asked(notice, chief)
    assert sorted(together(lambda: exporting.make(job.pk, clock=clock))) == [False, True]
    done = ExportJob.objects.get()
    assert (done.state, done.attempt, done.done) == ("done", 1, len(made.cases))
    assert AccessNote.objects.count() == len(made.cases)
    together(lambda: actions.count_season(notice.edition, now=world.NOW, day=world.DAY))
    assert stored() == made.truth
