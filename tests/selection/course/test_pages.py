"""The pages of rounds: who may enter, a whole round led by forms, what is refused there, and what they cost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation import world as judging
from intake import world as intake
from intake.world import CLOSES, noon
from panro.evaluation import actions
from panro.evaluation.models import Evaluation, StageRun
from panro.record.models import Entry
from panro.screening.actions import as_the_rules_say, decide
from panro.screening.models import Case
from panro.selection.course import publishing, tasks
from panro.selection.models import CourseState, PublishedRound, RoundCourse, WhatIf
from panro.staff.states import Role
from screening.world import REVIEW_ON, asked, at_the_desk, clean, hire
from selection.course import world

if TYPE_CHECKING:
    from django.http import HttpResponse
    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db
LIST = "/office/rounds/"


@pytest.fixture(autouse=True)
def _day(settings: Settings) -> None:
    settings.PRETENDED_DAY = REVIEW_ON


def browse(user: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def page_of(course: RoundCourse) -> str:
    return reverse("selection:course", args=[course.pk])


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_who_leads_rounds_or_audits_them_may_enter(story: world.Story, yoon: User, noh: User) -> None:
    story.until(CourseState.POOL_FROZEN)
    others = hire("정기술", Role.ENGINEER), hire("차심사", Role.REVIEWER_MANAGER), intake.someone("김민지")
    for address in (LIST, page_of(story.course)):
        answers = [browse(user).get(address).status_code for user in (story.by, yoon, noh, *others)]
        assert answers == [200, 200, 200, 403, 403, 403]
        assert Client().get(address).status_code == 302
    before = RoundCourse.objects.values().get()
    assert browse(noh).post(page_of(story.course), {"act": "begin"}).status_code == 403
    assert b'name="act"' not in browse(noh).get(page_of(story.course)).content
    assert RoundCourse.objects.values().get() == before


class Led:
    """한담당 before a round, with the forms of its page."""

    def __init__(self, user: User) -> None:
        self.client = browse(user)

    @property
    def here(self) -> str:
        return page_of(RoundCourse.objects.get())

    def act(self, name: str, **given: object) -> str:
        """Do it, and read the page after."""
        found = self.client.post(self.here, {"act": name, **given}, follow=True)
        assert found.status_code == 200, said(found)
        return said(found)

    def refused(self, name: str, status: int = 422, **given: object) -> str:
        """Try it, and read why not."""
        found = self.client.post(self.here, {"act": name, **given})
        assert found.status_code == status, said(found)
        return said(found)


def up_to_the_seal(han: Led, officer: User, cases: list[Case]) -> None:
    answer = han.client.get(LIST)
    assert "Open the course of a closed round" in said(answer)
    key = next(one for one in answer.context["form"].rounds if one.endswith("/3-1/R1"))
    answer = han.client.post(LIST, {"round": key, "carried_over": 5})
    assert (answer.status_code, RoundCourse.objects.count()) == (422, 0)  # the first round takes none over
    han.client.post(LIST, {"round": key, "carried_over": 0})
    assert "2 cases are undecided" in han.act("freeze")
    han.refused("begin")
    shown = han.refused("assignment", value="3,153.32", source="거래소")
    assert 'value="3,153.32"' in shown  # nothing typed is lost
    assert "The closing value with two decimals" in shown
    assert "3153.32" in han.act("assignment", value="3153.32", source="한국거래소 2021-04-12")
    asked(officer, *cases)
    waiting = Case.objects.order_by("pk")
    decided = decide(as_the_rules_say(waiting), by=officer, now=noon(REVIEW_ON), today=REVIEW_ON)
    assert (len(decided.decided), decided.refused) == (2, ())
    assert "paper" in han.act("begin")
    assert "not been closed" in han.refused("seal")
    judge(RoundCourse.objects.get())
    assert "Draw the seed" in han.act("seal")


def test_a_real_round_is_led_from_the_list_to_its_results(
    notice: EditionVersion, han: User, yoon: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """미래상회 and 바다식품 apply in the first round of 3-1; 한담당 leads it, 윤팀장 confirms."""
    shops = [intake.shop(name, owner) for name, owner in (("미래상회", "김민지"), ("바다식품", "이준호"))]
    for one in shops:
        clean(one)
    led, chief = Led(han), Led(yoon)
    up_to_the_seal(led, han, at_the_desk(notice, *shops))

    tried = {"seats": 1, "track_0": 1200, "track_1": 600, "cap_0": 360, "cap_1": 180, "bonus": "on"}
    assert "Places in all: 1" in led.act("what_if", **tried)
    led.refused("what_if", **{**tried, "seats": ""})
    assert WhatIf.objects.get().result["tried"] == {"sure": 0, "by_lot": 2, "out": 0, "selected": "1.0"}
    assert "Make the selection" in led.act("draw", value="3,9,17,24,33,41,8", source="동행복권")
    assert "stands in the record" in led.refused("what_if", **tried)
    entry = Entry.objects.get(act="course_act_refused")
    assert json.loads(entry.document)["public"] == {"act": "what_if", "why": "seed_known"}

    shown = led.act("run")
    assert "미래상회" in shown
    assert "바다식품" in shown
    assert "미래상회" not in said(led.client.get(f"{led.here}?outcome=waiting"))
    assert led.client.get(f"{led.here}?page=nonsense").status_code == 404
    led.act("propose", why="명단을 확정해 주세요")
    assert "Publish the results" in chief.act("approve")

    sent: list[str] = []
    monkeypatch.setattr(type(tasks.publish_round), "enqueue", lambda _self, key: sent.append(key))
    assert "Carry the publication on" in led.act("publish")
    course = RoundCourse.objects.get()
    assert sent == [str(course.pk)]
    published = publishing.carry_on(course.pk, verify=world.verify, now=noon(REVIEW_ON))
    assert (published.simulated, published.selected, published.receipts) == (False, 2, 2)
    assert "The published results" in said(led.client.get(led.here))
    results = said(led.client.get("/results/3-1/R1/"))
    assert "Other numbers of places tried before the draw" in results
    assert "1 time<" in results
    assert "this round is settled" in led.act("settle")
    led.refused("nonsense", 404)


def test_a_chief_does_not_confirm_what_he_proposed(story: world.Story, yoon: User) -> None:
    here = page_of(story.until(CourseState.RUN))
    client = browse(yoon)
    client.post(here, {"act": "propose", "why": "명단 확정"})
    answer = client.post(here, {"act": "approve"})
    assert answer.status_code == 422
    assert "Another person has to decide" in said(answer)
    assert Entry.objects.filter(act="approval_alone_refused").count() == 1
    assert "waits for a second person already" in said(client.post(here, {"act": "propose", "why": "다시"}))


def judge(course: RoundCourse) -> None:
    """Reviewers judge everybody alike."""
    run = StageRun.objects.get(evaluation__round_id=course.round_id)
    people = judging.reviewers([f"심사{number}" for number in range(6)])
    now = noon(REVIEW_ON)
    actions.set_up(run.pk, {one.pk for one in people.values()}, by="system:test", now=now)
    actions.assign(run.pk, "3153.32", by="system:test", now=now)
    actions.open_(run.pk, None, by="system:test", now=now)
    judged = judging.Judged(Evaluation.objects.get(), people, [], now=now)
    judged.hand_in_all(run.stage)
    actions.close(run.pk, by="system:test", now=now)


@pytest.mark.parametrize("size", [4, 12])
def test_queries_do_not_grow(size: int, notice: EditionVersion, han: User, chiefs: tuple[User, User]) -> None:
    story = world.story(notice, han, chiefs, size=size)
    story.until(CourseState.RUN)
    client = browse(han)
    client.get(page_of(story.course))
    counted = []
    for address in (LIST, page_of(story.course)):
        with CaptureQueriesContext(connection) as asked_:
            assert client.get(address).status_code == 200
        counted.append(len(asked_))
    assert counted == [7, 11]


def test_no_published_round_is_left_out(notice: EditionVersion, han: User) -> None:
    """Every closed round of the notice can be opened, the last closed first; those still open cannot."""
    del notice
    answer = browse(han).get(LIST)
    assert [one.rpartition("/")[2] for one in answer.context["form"].rounds] == ["R1"]
    assert CLOSES < REVIEW_ON
    assert not PublishedRound.objects.exists()
