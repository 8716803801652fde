"""Figures, exports and open data in a real browser, wide and narrow: nothing for axe to find, charts are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from browsing import WIDTHS, Visitor, accessibility_faults, overflow
from insight import world
from insight.test_exports import asked, made
from intake import world as intake
from panro.insight import actions
from panro.insight.models import ExportJob
from panro.staff.states import Role
from screening.world import hire

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db(transaction=True)
DRAWN = "[...document.querySelectorAll('[data-chart]')].map((place) => !!place.querySelector('canvas'))"


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@pytest.fixture
def season(transactional_db: None, settings: Settings) -> tuple[EditionVersion, User]:
    """A chief before a season with a very long name in it, and exports in every state."""
    del transactional_db
    settings.PRETENDED_DAY = world.DAY
    with transaction.atomic():
        notice = intake.publish("3-1", "3-2", "4-3")
        world.season(notice, 60, name=world.LONG_NAME)
        chief = hire("최팀장", Role.CHIEF)
    actions.count_season(notice.edition, now=world.NOW, day=world.DAY)
    done, running, failed, _queued = (asked(notice, chief) for _ in range(4))
    made(done)
    claimed = actions.claim(running.pk, now=timezone.now())
    broken = actions.claim(failed.pk, now=timezone.now())
    assert claimed
    assert broken
    actions.tell(claimed, done=20, total=44, now=timezone.now())
    actions.fail(broken, now=timezone.now())
    return notice, chief


@pytest.mark.parametrize(("width", "language"), list(zip(WIDTHS, ("en", "ko"), strict=True)))
def test_the_pages_have_no_faults(
    visitor: Visitor, season: tuple[EditionVersion, User], width: int, language: str
) -> None:
    _notice, chief = season
    session = session_of(chief)
    jobs = [f"/office/exports/{job.pk}/" for job in ExportJob.objects.order_by("pk")]
    pages = ["/office/season/", "/office/season/?where=3-1/R1", "/office/exports/", *jobs, "/open/", "/open/api/"]
    found = []
    for path in pages:
        page = visitor.open(path, width=width, language=language, session=session)
        drawn = page.evaluate(DRAWN)
        found.append((path, page.locator("h1").count(), accessibility_faults(page), overflow(page), all(drawn)))
    assert found == [(path, 1, [], 0, True) for path in pages]


def test_an_export_without_a_reason_keeps_what_was_chosen(
    visitor: Visitor, season: tuple[EditionVersion, User]
) -> None:
    notice, chief = season
    page = visitor.open("/office/exports/", width=360, language="en", session=session_of(chief))
    page.get_by_label("Published results with their applicants").check()
    page.get_by_label("Programme and round").select_option("3-1")
    page.get_by_role("button", name="Ask for the table").click()
    assert page.get_by_label("Published results with their applicants").is_checked()
    assert accessibility_faults(page) == []
    page.get_by_label("What do you need it for?").fill("국정감사 자료")
    page.get_by_role("button", name="Ask for the table").click()
    page.get_by_role("heading", name="Waits for its turn").wait_for()
    job = ExportJob.objects.order_by("-asked_at")[0]
    assert (job.programme, job.reason, job.edition_id) == ("3-1", "국정감사 자료", notice.edition_id)
    made(job)
    page.get_by_role("link", name="Download").wait_for()
