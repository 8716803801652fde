"""Every page of accounts in a real browser: accessible, as wide as the window, and usable with scripts off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.conftest import PASSWORD, make_member
from browsing import WIDTHS, Visitor, accessibility_faults, overflow
from panro.accounts.consents import give, withdraw
from panro.accounts.models import User, Way
from panro.accounts.standin.oauth import PEOPLE, World
from panro.record.actions import record, seal_pending
from panro.record.heads import publish_heads

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("services")]

OPEN = ["account_login", "account_signup", "account_closed", "socialaccount_login_cancelled", "record:heads"]
OWN = [
    "account_home",
    "account_name",
    "account_consents",
    "usersessions_list",
    "socialaccount_connections",
    "account_close",
    "mfa_index",
]


def fill_the_heads() -> None:
    then = timezone.now() - timedelta(days=3)
    with transaction.atomic():
        record("case_screened", actor="kim", subject="case:1", at=then, now=then)
    seal_pending(then)
    publish_heads(timezone.now())


@pytest.mark.parametrize(("width", "language"), [(WIDTHS[0], "en"), (WIDTHS[1], "ko")])
def test_open_pages_are_accessible_and_fit(visitor: Visitor, width: int, language: str) -> None:
    fill_the_heads()
    for route in OPEN:
        page = visitor.open(reverse(route), width=width, language=language)
        assert (route, accessibility_faults(page), overflow(page)) == (route, [], 0)


@pytest.mark.parametrize(("width", "language"), [(WIDTHS[0], "en"), (WIDTHS[1], "ko")])
def test_own_pages_are_accessible_and_fit(visitor: Visitor, width: int, language: str) -> None:
    member, now = make_member(), timezone.now()
    give(member.pk, ["terms", "privacy", "advertising_mail"], way=Way.SIGN_UP, now=now)
    withdraw(member.pk, ["advertising_mail"], now=now)
    SocialAccount.objects.create(user=member, provider="kakao", uid="1")
    session = _session_of(member)
    for route in OWN:
        page = visitor.open(reverse(route), width=width, language=language, session=session)
        assert (route, accessibility_faults(page), overflow(page)) == (route, [], 0)


def test_what_is_wrong_at_sign_up_is_accessible_too(visitor: Visitor) -> None:
    page = visitor.open(reverse("account_signup"), width=360)
    page.locator("main form button").first.click()
    page.wait_for_load_state("load")
    assert page.get_by_role("alert").locator("li").count() == 6  # name, address, password twice, terms, privacy
    assert (accessibility_faults(page), overflow(page)) == ([], 0)


def test_a_newcomer_comes_by_kakao_and_reads_what_it_agrees_to(visitor: Visitor, services: World) -> None:
    page = visitor.open(reverse("account_login"), width=360)
    page.locator(".button-kakao").click()
    page.get_by_role("link", name=PEOPLE[0].name).click()
    page.wait_for_url("**" + reverse("socialaccount_signup"))
    assert (accessibility_faults(page), overflow(page)) == ([], 0)
    assert page.locator("input[name=name]").input_value() == PEOPLE[0].name
    assert page.locator("input[type=checkbox]:checked").count() == 0
    page.locator("summary").first.click()
    assert page.locator(".consent-text").first.is_visible()
    page.locator("input[name=terms]").check()
    page.locator("input[name=privacy]").check()
    page.locator("main form").last.locator("button").click()
    page.wait_for_url(visitor.address + "/")
    assert User.objects.get().email == PEOPLE[0].email
    assert list(services.services["kakao"].codes) == []


def test_everything_works_with_scripts_off(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(live_server.url + reverse("account_signup"))
    for name, value in {
        "name": "김판로",
        "email": "kim@example.kr",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }.items():
        page.locator(f"input[name={name}]").fill(value)
    for name in ("terms", "privacy"):
        page.locator(f"input[name={name}]").check()
    page.locator("main form button").first.click()
    page.wait_for_url("**" + reverse("account_email_verification_sent"))
    page.goto(live_server.url + reverse("account_login"))
    assert not page.locator("#passkey_login").is_visible()
    context.close()
    assert set(User.objects.get().consents.values_list("kind", flat=True)) == {"terms", "privacy"}


def test_the_keyboard_alone_signs_up(visitor: Visitor) -> None:
    page = visitor.open(reverse("account_signup"))
    page.locator("input[name=name]").focus()
    for text in ("김판로", "kim@example.kr", PASSWORD, PASSWORD):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    for _ in range(2):  # the box, then its text to read
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
    page.locator("input[name=name]").press("Enter")
    page.wait_for_url("**" + reverse("account_email_verification_sent"))
    assert User.objects.count() == 1


def _session_of(member: User) -> str:
    client = Client()
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    return client.cookies["sessionid"].value
