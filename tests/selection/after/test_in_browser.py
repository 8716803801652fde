"""The pages of what comes after publication in a real browser, wide and narrow."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from browsing import WIDTHS, Visitor, accessibility_faults, overflow
from intake import world as intake
from panro.selection.after import objections, offers
from panro.selection.after.letters import issue_letters
from panro.selection.models import Letter
from panro.staff import grants
from panro.staff.states import Role
from panro.ui.clock import SEOUL
from selection.after import world
from selection.after.world import LAST_DAY, PUBLISHED

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from made_rounds import MadeRound
    from panro.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "아주긴이름의들기름과참기름을함께짜는가게" * 4


def session_of(user: User) -> str:
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_sound(width: int, visitor: Visitor, round_of_240: MadeRound, settings: Settings) -> None:
    round_ = world.published(world.year(), round_of_240)
    settings.PRETENDED_DAY = LAST_DAY
    issue_letters(round_.published.pk, now=PUBLISHED)
    giver, loser, second = (round_.first("selected"), round_.first("not_selected"), round_.first("not_selected", 1))
    party = round_.applications[loser].party
    type(party).objects.filter(pk=party.pk).update(name=LONG)
    noon = datetime.combine(LAST_DAY, time(12), tzinfo=SEOUL)
    filed = objections.file_objection(
        round_.applications[loser].pk, "점수가 낮습니다. " * 40, by=round_.owners[loser], now=noon
    )
    user = intake.someone("한관리")
    grants.grant(user.email, Role.OFFICER, granted_by=grants.BY_OPERATOR, now=PUBLISHED)
    user.refresh_from_db()
    office = session_of(user)
    offers.give_back(round_.published.pk, giver, by="x", now=noon)
    office_pages = [
        "/office/letters/",
        f"/office/letters/{Letter.objects.get(result_no=loser).pk}/",
        "/office/places/",
        f"/office/places/{round_.published.pk}/",
        "/office/objections/",
        f"/office/objections/{filed.pk}/",
    ]
    pages = [(office, address) for address in office_pages]
    for number in (giver, loser, second, round_.first("waiting")):
        own = session_of(round_.owners[number])
        row = round_.applications[number]
        pages += [
            (own, "/my/letters/"),
            (own, f"/my/letters/{Letter.objects.get(result_no=number).pk}/"),
            (own, f"/my/places/{row.pk}/"),
            (own, f"/my/objections/{row.pk}/"),
        ]
    faults = []
    for session, address in pages:
        page = visitor.open(address, width=width, session=session)
        assert page.locator("h1").count() == 1, address
        faults += [f"{address}: {fault}" for fault in accessibility_faults(page)]
        faults += [f"{address}: {wider} px too wide" for wider in [overflow(page)] if wider]
        page.context.close()
    objections.dismiss(filed.pk, "자료를 모두 다시 보았습니다.", by=user, now=noon)
    settings.PRETENDED_DAY = LAST_DAY + timedelta(days=1)
    offer = offers.offer_next(round_.published.pk, by="x", now=noon + timedelta(days=1))
    assert offer is not None
    own = session_of(round_.owners[offer.result_no])
    page = visitor.open(f"/my/places/{round_.applications[offer.result_no].pk}/", width=width, session=own)
    faults += accessibility_faults(page)
    page.locator("button[value=accept]").click()
    page.wait_for_load_state("load")
    offer.refresh_from_db()
    assert offer.state == "accepted"
    assert faults == []
