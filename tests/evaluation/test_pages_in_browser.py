"""The room's pages in a real browser: looked at wide and narrow, and a sheet scored by keyboard alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from playwright.sync_api import expect

from browsing import WIDTHS, Visitor, accessibility_faults, overflow
from evaluation import world
from evaluation.world import BY, START
from intake import world as intake
from panro.evaluation import actions
from panro.evaluation.models import Assignment, ScoreDraft, ScoreVersion
from panro.evaluation.pledge import TEXT_HASH
from panro.intake.models import Application
from panro.rules.freeze import round_rules
from panro.staff import grants
from panro.staff.states import Role

if TYPE_CHECKING:
    from pathlib import Path

    from panro.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)
ROUND = "2021/3-1/R1"
LONG = "아주긴이름의평가위원회사무국" * 6


@pytest.fixture
def judged(transactional_db: None) -> world.Judged:
    """The first round of 3-1, being judged; with statements, and with very long names."""
    del transactional_db
    year = intake.year()
    programme = year.programme("3-1")
    with transaction.atomic():
        found = world.begun(
            intake.publish("3-1"),
            round_rules(year, programme, programme.round("R1")),
            names=[LONG[:60], *(f"심사{number}" for number in range(10))],
        )
        run = found.evaluation.runs.get(position=0)
        actions.assign(run.pk, world.VALUE, by=BY, now=START)
        actions.open_(run.pk, date(2021, 4, 30), by=BY, now=START)
        codes = [one["code"] for one in found.evaluation.rules["stages"][0]["criteria"]]
        Application.objects.update(
            answers={f"statement_{run.stage}_{code}": "국산 들깨만 씁니다. " * 30 for code in codes}
        )
    return found


def session_of(user: User) -> str:
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def manager() -> User:
    user = intake.someone("한관리")
    grants.grant(user.email, Role.REVIEWER_MANAGER, granted_by=grants.BY_OPERATOR, now=START)
    user.refresh_from_db()
    return user


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_sound(width: int, visitor: Visitor, judged: world.Judged, tmp_path: Path) -> None:
    del tmp_path
    seat = Assignment.objects.select_related("reviewer__user").order_by("pk")[0]
    actions.declare(seat.reviewer, ROUND, TEXT_HASH, now=START)
    boss = manager()
    run = judged.evaluation.runs.get(position=0)
    with transaction.atomic():
        actions.invite("neu@reviewers.kr", "신위원", ["식품"], by=boss, now=START)
        judged.hand_in_all(run.stage)
        number, members = next(iter(judged.seats(run.stage).items()))
        actions.replace(run.pk, number, members[0], "입원", by=BY, now=START)
        actions.write_minute(run.pk, "편차가 큰 1번을 논의함", result_no=1, by=boss, now=START)
    reviewer = session_of(Assignment.objects.filter(left_at=None).order_by("pk")[0].reviewer.user)
    mine = Assignment.objects.filter(left_at=None).order_by("pk")[0]
    actions.declare(mine.reviewer, ROUND, TEXT_HASH, now=START)
    office = session_of(boss)
    stage = f"/office/panels/{ROUND}/{run.stage}/"
    pages = [
        ("/review/", reviewer),
        (f"/review/{mine.pk}/", reviewer),
        (f"/review/rounds/{ROUND}/", reviewer),
        ("/review/invitations/none/", reviewer),
        ("/office/reviewers/", office),
        ("/office/panels/", office),
        (f"/office/panels/{ROUND}/", office),
        (stage, office),
    ]
    for address, session in pages:
        page = visitor.open(address, width=width, session=session)
        assert accessibility_faults(page) == [], address
        assert overflow(page) == 0, address


def test_a_sheet_is_scored_by_keyboard_and_saves_itself(visitor: Visitor, judged: world.Judged) -> None:
    seat = Assignment.objects.select_related("reviewer__user").order_by("pk")[0]
    actions.declare(seat.reviewer, ROUND, TEXT_HASH, now=START)
    criteria = judged.evaluation.rules["stages"][0]["criteria"]
    page = visitor.open(f"/review/{seat.pk}/", language="en", session=session_of(seat.reviewer.user), width=820)
    page.focus(f"#points_{criteria[0]['code']}")
    for _criterion in criteria:
        page.keyboard.type("7")
        page.keyboard.press("Tab")
    page.keyboard.type("Sound.")
    expect(page.locator("#saved")).to_have_text("Saved.")
    draft = ScoreDraft.objects.get()
    assert (set(draft.points.values()), draft.comment) == ({"7"}, "Sound.")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert ScoreVersion.objects.get().points == [7] * len(criteria)
    assert page.get_by_text("Handed in. You may change it").count() == 1
