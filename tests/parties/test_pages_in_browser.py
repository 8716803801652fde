"""The pages in a real browser: readable by everybody, at every width, with scripts off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from browsing import WIDTHS, Visitor, accessibility_faults, overflow
from panro.parties import actions
from panro.parties.models import Business
from parties.people import NUMBER, account, business_of, certificate
from parties.test_pages import address

if TYPE_CHECKING:
    from panro.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "주식회사 대한민국전통발효식품연구개발유통센터서울특별시마포구월드컵북로지점 (Korea Traditional Fermented Foods)"


def session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def test_pages_are_accessible_and_fit(visitor: Visitor) -> None:
    mina, taek = account("mina"), account("taek")
    party, rival = business_of(mina, proved=True, name=LONG), business_of(taek)
    actions.claim_by_paper(rival.pk, evidence=certificate(taek).pk, note_text="제 것", by=taek, now=timezone.now())
    actions.invite(party.pk, email=f"{'x' * 60}@example.com", role="staff", by=mina, link=str, now=timezone.now())
    consortium = actions.form_consortium(party.pk, name=LONG, purpose="x", duty="y", by=mina, now=timezone.now())
    pages = [
        (mina, "/my/register/"),
        (taek, "/my/register/business/1018109147/"),
        (account("sora"), f"/my/register/business/{NUMBER}/held/"),
        *((mina, address(name, party)) for name in ("profile", "basics", "members", "claims", "form_consortium")),
        (mina, address("agreement", party, consortium=consortium.pk)),
        (taek, address("claim_paper", rival)),
    ]
    keys = {user: session(user) for user, _path in pages}
    faults = []
    for number, (user, path) in enumerate(pages):
        page = visitor.open(path, language=("ko", "en")[number % 2], session=keys[user])
        assert page.locator("h1").count() == 1
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            faults += [(path, width, fault) for fault in accessibility_faults(page)]
            faults += [(path, width, wide) for wide in [overflow(page)] if wide]
        page.context.close()
    assert faults == []


def test_with_scripts_off_sora_registers_her_shop(visitor: Visitor) -> None:
    context = visitor.browser.new_context(
        java_script_enabled=False, locale="ko-KR", viewport={"width": 360, "height": 740}
    )
    context.add_cookies([{"name": "sessionid", "value": session(account("sora")), "url": visitor.address}])
    page = context.new_page()
    page.goto(visitor.address + "/my/register/business/")
    page.get_by_label("사업자등록번호").fill("124-81-00999")
    page.get_by_role("button", name="다음").click()
    assert page.get_by_label("사업자등록번호").input_value() == "124-81-00999"
    page.get_by_label("사업자등록번호").fill("124-81-00998")
    page.keyboard.press("Enter")
    page.get_by_label("상호").fill("소라꽃집")
    page.get_by_label("대표자").fill("김소라")
    page.get_by_label("개업일").fill("2019-05-02")
    page.get_by_label("시·도").select_option(label="서울특별시")
    page.get_by_role("button", name="등록하고 계속").click()
    page.get_by_role("link", name="나중에").click()
    page.get_by_role("button", name="저장하고 다음").click()
    assert page.locator("h1").inner_text() == "사업자 확인"
    assert Business.objects.get().representative == "김소라"
    context.close()
