"""Passkeys in a real browser, with an authenticator that the browser itself plays."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.conftest import PASSWORD, make_member
from browsing import WIDTHS, Visitor, accessibility_faults, overflow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import CDPSession, Page

    from panro.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def device(page: Page, *, passkeys: bool = True) -> Iterator[CDPSession]:
    """Have the browser play an authenticator that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": passkeys,
                "hasUserVerification": passkeys,
                "isUserVerified": passkeys,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield session
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})


def log_in(page: Page, visitor: Visitor) -> None:
    page.goto(visitor.address + reverse("account_login"))
    page.locator("input[name=login]").fill("kim@example.kr")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_load_state("load")


def add_passkey(page: Page, visitor: Visitor, name: str, *, alone: bool) -> None:
    page.goto(visitor.address + reverse("mfa_add_webauthn"))
    if page.locator("input[name=password]").count():
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button").first.click()
    page.locator("input[name=name]").fill(name)
    if alone:
        page.locator("input[name=passwordless]").check()
    page.locator("#passkey_add").click()
    page.wait_for_url("**" + reverse("mfa_view_recovery_codes"))


def leave(page: Page, visitor: Visitor) -> None:
    page.goto(visitor.address + reverse("account_logout"))
    page.locator("main form button").click()
    page.wait_for_load_state("load")


def is_in(page: Page, visitor: Visitor) -> bool:
    page.goto(visitor.address + reverse("account_home"))
    return page.url.endswith(reverse("account_home"))


def test_a_passkey_opens_the_account_without_the_password(visitor: Visitor) -> None:
    make_member()
    page = visitor.open("/")
    with device(page):
        log_in(page, visitor)
        add_passkey(page, visitor, "내 휴대전화", alone=True)
        assert [key.wrap().name for key in Authenticator.objects.filter(type="webauthn")] == ["내 휴대전화"]
        leave(page, visitor)
        page.goto(visitor.address + reverse("account_login"))
        page.locator("#passkey_login").click()
        page.wait_for_url(visitor.address + "/")
        assert is_in(page, visitor)


def test_a_passkey_is_the_second_step_after_the_password(visitor: Visitor) -> None:
    make_member()
    page = visitor.open("/", width=360)
    with device(page, passkeys=False):
        log_in(page, visitor)
        add_passkey(page, visitor, "", alone=False)
        leave(page, visitor)
        log_in(page, visitor)
        assert page.url.endswith(reverse("mfa_authenticate"))
        assert (accessibility_faults(page), overflow(page)) == ([], 0)
        assert not is_in(page, visitor)
        page.goto(visitor.address + reverse("mfa_authenticate"))
        page.locator("#passkey_authenticate").click()
        page.wait_for_url(visitor.address + "/")
        assert is_in(page, visitor)


def test_a_passkey_that_is_not_there_is_said_in_words(visitor: Visitor) -> None:
    page = visitor.open(reverse("account_login"))
    with device(page):
        page.locator("#passkey_login").click()
        failed = page.locator("[data-passkey-failed]")
        failed.wait_for(state="visible")
        assert failed.evaluate("part => part === document.activeElement")
        assert accessibility_faults(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_passkeys_are_accessible_and_fit(visitor: Visitor, width: int) -> None:
    member = make_member()
    page = visitor.open("/", width=width)
    with device(page):
        log_in(page, visitor)
        add_passkey(page, visitor, "", alone=True)
        key = Authenticator.objects.get(user=member, type="webauthn").pk
        for route in ("mfa_index", "mfa_list_webauthn", "mfa_add_webauthn"):
            page.goto(visitor.address + reverse(route))
            assert (route, accessibility_faults(page), overflow(page)) == (route, [], 0)
        for route in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
            page.goto(visitor.address + reverse(route, args=[key]))
            assert (route, accessibility_faults(page), overflow(page)) == (route, [], 0)


def test_a_passkey_is_renamed_and_removed_by_its_owner_alone(visitor: Visitor) -> None:
    member = make_member()
    page = visitor.open("/")
    with device(page):
        log_in(page, visitor)
        add_passkey(page, visitor, "", alone=True)
        key = Authenticator.objects.get(user=member, type="webauthn").pk
        stranger = _logged_in(make_member("lee@example.kr"))
        for route in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
            assert stranger.post(reverse(route, args=[key]), {"name": "x"}, follow=True).status_code in {404, 200}
        page.goto(visitor.address + reverse("mfa_edit_webauthn", args=[key]))
        page.locator("input[name=name]").fill("가게 컴퓨터")
        page.locator("main form button").click()
        page.wait_for_url("**" + reverse("mfa_list_webauthn"))
        assert Authenticator.objects.get(pk=key).wrap().name == "가게 컴퓨터"
        page.goto(visitor.address + reverse("mfa_remove_webauthn", args=[key]))
        page.locator("main form button").click()
        page.wait_for_url("**" + reverse("mfa_list_webauthn"))
        assert not Authenticator.objects.filter(pk=key).exists()


def _logged_in(user: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client
