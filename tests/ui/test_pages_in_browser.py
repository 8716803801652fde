from __future__ import annotations

import pytest
from django.test import Client

from browsing import WIDTHS, Visitor, accessibility_faults, overflow
from panro.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

PUBLIC = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/confirm-email/",
    "/accounts/inactive/",
    "/no-such-page/",
]
MEMBERS = ["/my/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/", "/admin/"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_is_accessible_and_fits(visitor: Visitor, path: str, width: int) -> None:
    page = visitor.open(path, width=width)
    assert accessibility_faults(page) == []
    assert overflow(page) == 0
    assert page.locator("html").get_attribute("lang") == "ko"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", MEMBERS)
def test_member_page_is_accessible_and_fits(visitor: Visitor, path: str, width: int) -> None:
    page = visitor.open(path, width=width, session=_session_of_a_member())
    assert accessibility_faults(page) == []
    assert overflow(page) == 0


def test_wrong_input_is_accessible_too(visitor: Visitor) -> None:
    page = visitor.open("/accounts/signup/", width=360)
    page.get_by_role("main").get_by_role("button", name="회원가입").click()
    page.wait_for_load_state("load")
    assert page.get_by_role("alert").is_visible()
    assert accessibility_faults(page) == []
    assert overflow(page) == 0


def test_the_language_can_be_switched_and_stays(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state("load")
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto(visitor.address + "/accounts/login/")
    assert page.get_by_role("heading", level=1).inner_text() == "Log in"


def test_the_first_tab_leads_past_the_header(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_font_of_the_design_system_is_really_used(visitor: Visitor) -> None:
    page = visitor.open("/")
    loaded = page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family))"
    )
    assert set(loaded) == {"Pretendard GOV"}


def test_an_inline_script_is_refused_by_the_page(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.text = 'window.ran = 1'; document.body.append(s) }"
    )
    assert page.evaluate("window.ran") is None
    assert len(visitor.complaints) == 1
    visitor.complaints.clear()


def _session_of_a_member() -> str:
    client = Client()
    client.force_login(User.objects.create_user("kim@example.kr", "pw", name="김판로"))
    return client.cookies["sessionid"].value
