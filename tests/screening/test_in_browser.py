"""The desk in a real browser, wide and narrow: nothing for axe to find, and a case decided by keyboard."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from browsing import WIDTHS, Visitor, accessibility_faults, overflow
from intake import world as applicants
from intake.world import CLOSES, OPENS, noon
from panro.rules.eligibility import keys
from panro.screening import actions
from panro.screening.actions import ConflictGiven, SanctionGiven
from panro.screening.models import Case
from panro.screening.states import ConflictKind
from panro.staff.states import Role
from screening.world import REVIEW_ON, asked, at_the_desk, clean, hire, looked_up

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from panro.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@pytest.fixture
def desk(transactional_db: None, settings: Settings) -> tuple[User, list[Case]]:
    """A chief before three cases: clear, disagreeing, and with a very long name."""
    del transactional_db
    settings.PRETENDED_DAY = REVIEW_ON
    with transaction.atomic():
        notice = applicants.publish("3-1")
    long = "가나다라마바사아자차카타파하" * 6
    shops = [
        applicants.shop(name, owner) for name, owner in (("미래상회", "김민지"), ("바다식품", "이준호"), (long, "정숲"))
    ]
    chief = hire("최팀장", Role.CHIEF, Role.OFFICER)
    clean(shops[0])
    looked_up(shops[1], keys.OPERATING, {"status": "open", "ended_on": None}, OPENS, "nts")
    looked_up(shops[1], keys.OPERATING, {"status": "closed", "ended_on": "2021-03-20"}, OPENS, "officer")
    cases = asked(chief, *at_the_desk(notice, *shops))
    given = SanctionGiven("1248100998", long, OPENS, CLOSES + timedelta(days=900), "허위 서류", "제재심의 2021-3호")
    actions.impose(given, by=chief, now=noon(OPENS))
    near = ConflictGiven(ConflictKind.RELATIVE, business_number="1248100998", note="동생")
    actions.declare_conflict(near, user=chief, by=chief, now=noon(OPENS))
    return chief, cases


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_the_desk_have_no_faults(visitor: Visitor, desk: tuple[User, list[Case]], width: int) -> None:
    chief, cases = desk
    session = session_of(chief)
    addresses = [
        reverse("screening:queue"),
        *(reverse("screening:case", args=[case.pk]) for case in cases[1:]),
        reverse("screening:sanctions"),
        reverse("screening:conflicts"),
    ]
    for address in addresses:
        page = visitor.open(address, width=width, session=session)
        assert accessibility_faults(page) == [], address
        assert overflow(page) == 0, address


def test_a_batch_is_decided_by_keyboard(visitor: Visitor, desk: tuple[User, list[Case]]) -> None:
    chief, cases = desk
    page = visitor.open(reverse("screening:queue"), width=360, language="en", session=session_of(chief))
    page.get_by_label("Choose 미래상회").press("Space")
    page.get_by_role("button", name="Look at what would be decided").press("Enter")
    page.wait_for_load_state("load")
    assert accessibility_faults(page) == []
    assert overflow(page) == 0
    page.get_by_role("button", name="Decide exactly these").press("Enter")
    page.wait_for_load_state("load")
    assert page.get_by_text("1 case is decided.").is_visible()
    assert Case.objects.get(pk=cases[0].pk).state == "eligible"
