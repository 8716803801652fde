"""Two persons at the very same moment: one draws, one confirms, one publishes; the other is told."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connections, transaction

from intake import world as intake
from panro.record.models import Entry
from panro.selection import course as acts
from panro.selection.course.errors import CourseError
from panro.selection.models import CourseState, PublishedRound, WhatIf
from panro.staff import actions as staff
from panro.staff.models import Approval
from panro.staff.states import Role
from screening.world import hire
from selection.course import world

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)


class Doer(threading.Thread):
    """Does something on a connection of its own, when all are ready, and keeps what came of it."""

    def __init__(self, ready: threading.Barrier, act: Callable[[], object]) -> None:
        super().__init__()
        self.ready, self.act = ready, act
        self.came: object = None

    def run(self) -> None:
        try:
            self.ready.wait()
            self.came = self.act()
        except (CourseError, staff.DecidedError) as refused:
            self.came = refused
        finally:
            connections.close_all()


def at_once(*doings: Callable[[], object]) -> list[object]:
    ready = threading.Barrier(len(doings))
    doers = [Doer(ready, act) for act in doings]
    for one in doers:
        one.start()
    for one in doers:
        one.join(60)
    return [one.came for one in doers]


def refusals(came: list[object]) -> list[object]:
    return [one for one in came if isinstance(one, Exception)]


@pytest.fixture
def story(transactional_db: None) -> world.Story:
    del transactional_db
    with transaction.atomic():
        notice = intake.publish("3-1")
    chiefs = (hire("윤팀장", Role.CHIEF), hire("배팀장", Role.CHIEF))
    return world.story(notice, hire("한담당", Role.OFFICER), chiefs, size=6)


def test_two_at_once(story: world.Story) -> None:
    pk = story.until(CourseState.SEALED).pk
    now, han = story.later(), story.by

    values = ("3,9,17,24,33,41,8", "1,2,3,4,5,6,7")
    came = at_once(*(lambda value=value: acts.draw(pk, value, "x", by=han, now=now) for value in values))
    assert len(refusals(came)) == 1
    assert story.course.draw_value == values[came.index(refusals(came)[0]) ^ 1]
    assert Entry.objects.filter(act="seed_drawn").count() == 1

    came = at_once(*[lambda: acts.run(pk, by=han, now=now)] * 2)
    assert len(refusals(came)) == 1

    proposed = acts.propose_confirmation(pk, "명단 확정", by=han, now=now)
    came = at_once(*(lambda chief=chief: staff.approve(proposed.pk, by=chief, now=now) for chief in story.chiefs))
    assert len(refusals(came)) == 1
    assert Approval.objects.get().decided_by == story.course.confirmed_by
    assert Entry.objects.filter(act="selection_confirmed").count() == 1

    came = at_once(*[lambda: acts.publish(pk, by=han, now=now)] * 2)
    assert len(refusals(came)) == 1
    came = at_once(*[lambda: acts.carry_on(pk, verify=world.verify, now=now)] * 2)
    published = PublishedRound.objects.get()
    assert came == [published, published]
    assert (story.course.state, story.course.published) == (CourseState.PUBLISHED, published)
    assert Entry.objects.filter(act="dossier_published").count() == 1
    assert world.verified_zips(published) == [[], []]


def test_a_what_if_at_the_moment_of_the_draw_is_before_it_or_refused(story: world.Story) -> None:
    pk = story.until(CourseState.SEALED).pk
    now, han = story.later(), story.by
    tried, drawn = at_once(
        lambda: acts.what_if(pk, acts.Changes(seats=1), by=han, now=now),
        lambda: acts.draw(pk, world.VALUES.draw, "x", by=han, now=now),
    )
    assert not isinstance(drawn, Exception)
    acts_told = Entry.objects.filter(act__in=["what_if_tried", "course_act_refused", "seed_drawn"]).order_by("number")
    told = list(acts_told.values_list("act", flat=True))
    if isinstance(tried, Exception):
        assert told == ["seed_drawn", "course_act_refused"]
    else:
        assert (told, WhatIf.objects.count()) == (["what_if_tried", "seed_drawn"], 1)
