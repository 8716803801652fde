"""What happens at the very same moment: a sheet and the seal, a sheet and its reviewer's replacement, two windows."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, connections, transaction

from evaluation import world
from evaluation.world import BY, START
from intake import world as intake
from panro.evaluation import actions
from panro.evaluation.errors import EvaluationError, NotYoursError, SealedError
from panro.evaluation.models import Assignment, ScoreVersion
from panro.rules.selection.sealing import scores_root
from rules.selection.makers import make_rules, make_stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from panro.evaluation.models import Reviewer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]
POINTS = {"a": "50", "b": "30"}


@pytest.fixture
def judged(transactional_db: None) -> world.Judged:
    del transactional_db
    with transaction.atomic():
        return world.opened(intake.publish("3-1"), make_rules(stages=[make_stage(panel=3)]))


class Doer(threading.Thread):
    """Does something on a connection of its own and keeps what came of it."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.act = act
        self.came: object = None

    def run(self) -> None:
        try:
            self.came = self.act()
        except EvaluationError as refused:
            self.came = refused
        finally:
            connections.close_all()


def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction the view would not change
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND state = 'active'")
        return bool(cursor.fetchone()[0])


def wait_until_it_waits() -> None:
    for _moment in range(500):
        if waiting_for_a_lock():
            return
        time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")


def hand_in(seat: Assignment, by: Reviewer, latest: int) -> Callable[[], object]:
    return lambda: actions.hand_in(seat.pk, {**POINTS, "a": "1"}, "", latest=latest, by=by, now=START)


def test_a_sheet_handed_in_while_the_stage_closes_is_refused_in_words(judged: world.Judged) -> None:
    judged.hand_in_all()
    seat = judged.seat(1, judged.seats()[1][0])
    doer = Doer(hand_in(seat, seat.reviewer, 1))
    with transaction.atomic():
        actions.close(judged.run().pk, by=BY, now=START)
        actions.seal(judged.evaluation.pk, by=BY, now=START)
        doer.start()
        wait_until_it_waits()
    doer.join()
    assert isinstance(doer.came, SealedError)
    assert "is sealed" in str(doer.came)
    assert ScoreVersion.objects.count() == 12


def test_a_sheet_handed_in_a_moment_before_is_in_the_seal(judged: world.Judged) -> None:
    judged.hand_in_all()
    seat = judged.seat(1, judged.seats()[1][0])

    def close_and_seal() -> object:
        actions.close(judged.run().pk, by=BY, now=START)
        return actions.seal(judged.evaluation.pk, by=BY, now=START)

    doer = Doer(close_and_seal)
    with transaction.atomic():
        made = hand_in(seat, seat.reviewer, 1)()
        doer.start()
        wait_until_it_waits()
    doer.join()
    judged.evaluation.refresh_from_db()
    commitments = list(ScoreVersion.objects.values_list("commitment", flat=True))
    assert getattr(made, "version", 0) == 2
    assert (judged.evaluation.count, judged.evaluation.scores_root) == (13, scores_root(commitments))


def test_a_score_row_written_past_the_acts_waits_for_the_seal_too(judged: world.Judged) -> None:
    judged.hand_in_all()

    def insert() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO evaluation_scoreversion"
                " (id, assignment_id, version, points, comment, at, salt, commitment)"
                " SELECT gen_random_uuid(), assignment_id, 2, points, '', at, salt, commitment"
                " FROM evaluation_scoreversion LIMIT 1"
            )

    def told() -> object:
        try:
            insert()
        except DatabaseError as wrong:
            return str(wrong)
        return None

    doer = Doer(told)
    with transaction.atomic():
        actions.close(judged.run().pk, by=BY, now=START)
        actions.seal(judged.evaluation.pk, by=BY, now=START)
        doer.start()
        wait_until_it_waits()
    doer.join()
    assert "is sealed: no score can be handed in" in str(doer.came)


def test_a_reviewer_replaced_while_handing_in_is_told(judged: world.Judged) -> None:
    seat = judged.seat(2, judged.seats()[2][0])
    doer = Doer(hand_in(seat, seat.reviewer, 0))
    with transaction.atomic():
        actions.replace(judged.run().pk, 2, seat.reviewer.code, "ill", by=BY, now=START)
        doer.start()
        wait_until_it_waits()
    doer.join()
    assert isinstance(doer.came, NotYoursError)
    assert not ScoreVersion.objects.exists()


def test_the_same_sheet_from_two_windows_at_once_is_one_version(judged: world.Judged) -> None:
    seat = judged.seat(2, judged.seats()[2][0])
    doers = [Doer(hand_in(seat, seat.reviewer, 0)) for _window in range(2)]
    for doer in doers:
        doer.start()
    for doer in doers:
        doer.join()
    assert doers[0].came == doers[1].came
    assert ScoreVersion.objects.get().version == 1
