"""The pages of rounds in a real browser, wide and narrow: nothing for axe to find, and a round led by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from browsing import WIDTHS, Visitor, accessibility_faults, overflow
from intake import world as intake
from panro.parties.models import Party
from panro.selection import course as acts
from panro.selection.models import CourseState
from panro.staff.states import Role
from screening.world import REVIEW_ON, hire
from selection.course import world

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db(transaction=True)


LOOKED_AT = {CourseState.POOL_FROZEN, CourseState.SEALED, CourseState.RUN, CourseState.PUBLISHED}


def test_a_round_on_its_way_has_no_faults(visitor: Visitor, transactional_db: None, settings: Settings) -> None:
    del transactional_db
    settings.PRETENDED_DAY = REVIEW_ON
    with transaction.atomic():
        notice = intake.publish("3-1")
    chiefs = (hire("윤팀장", Role.CHIEF), hire("배팀장", Role.CHIEF))
    story = world.story(notice, hire("한담당", Role.OFFICER), chiefs, size=6)
    story.rows()
    Party.objects.filter(pk=Party.objects.order_by("pk")[0].pk).update(name="가나다라마바사아자차카타파하" * 6)
    client = Client()
    client.force_login(story.by)
    session = client.cookies["sessionid"].value
    for width in WIDTHS:
        page = visitor.open(reverse("selection:courses"), width=width, session=session)
        assert accessibility_faults(page) == []
        assert overflow(page) == 0
    story.open()
    here = reverse("selection:course", args=[story.course.pk])
    pages = [visitor.open(here, width=width, language="en", session=session) for width in WIDTHS]
    pages[1].get_by_role("button", name="Freeze the pool").press("Enter")
    pages[1].wait_for_load_state("load")
    assert pages[1].get_by_text("The pool is frozen.").is_visible()
    assert story.course.state == CourseState.POOL_FROZEN
    story.now = timezone.now()  # the page has a clock of its own
    for state, step in story.steps():
        if state != CourseState.POOL_FROZEN:
            step()
        if state == CourseState.SEALED:
            acts.what_if(story.course.pk, acts.Changes(seats=1, bonus=False), by=story.by, now=story.later())
        for page in pages if state in LOOKED_AT else ():
            page.goto(visitor.address + here)
            page.wait_for_load_state("load")
            assert accessibility_faults(page) == [], state
            assert overflow(page) == 0, state
    assert story.course.state == CourseState.PUBLISHED
