"""The member's own account: name, sessions, closing; what a stranger or a closed account may do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.conftest import PASSWORD, make_member
from panro.accounts import closing
from panro.accounts.browsers import described
from panro.accounts.closing import CannotCloseError, close
from panro.accounts.consents import give, in_force
from panro.accounts.models import Consent, User, Way
from panro.korea.text import Text
from panro.record.doctor import examine
from panro.record.models import Entry

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

pytestmark = pytest.mark.django_db

NOON = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
LATER = datetime(2021, 5, 9, 3, 0, tzinfo=UTC)


def logged_in(user: User, user_agent: str = "") -> Client:
    client = Client(HTTP_USER_AGENT=user_agent)
    assert client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD}).status_code == 302
    return client


def prove(client: Client, answer: HttpResponse) -> HttpResponse:
    """Enter the password where a page asks for it before it goes on."""
    return client.post(answer.headers["Location"], {"password": PASSWORD}, follow=True)


def test_the_account_at_one_look(member: User) -> None:
    client = logged_in(member)
    SocialAccount.objects.create(user=member, provider="kakao", uid="1")
    page = client.get(reverse("account_home"))
    said = {name: page.context[name] for name in ("addresses", "factors", "services", "sessions")}
    assert said == {"addresses": 1, "factors": 0, "services": ["kakao"], "sessions": 1}
    assert [text.kind for text in page.context["outdated"]] == ["terms", "privacy"]


def test_a_name_is_changed(member: User) -> None:
    client = logged_in(member)
    assert client.post(reverse("account_name"), {"name": " 김새판 "}).status_code == 302
    assert User.objects.get().name == "김새판"
    for wrong in ("", "가" * 81):
        assert list(client.post(reverse("account_name"), {"name": wrong}).context["form"].errors) == ["name"]
    assert User.objects.get().name == "김새판"


def test_a_member_sees_its_sessions_and_ends_the_others(member: User) -> None:
    phone, computer, tablet = (
        logged_in(member, "Android Chrome/1"),
        logged_in(member, "Windows Edg/1"),
        logged_in(member),
    )
    stranger = logged_in(make_member("lee@example.kr"))
    page = computer.get(reverse("usersessions_list"))
    shown = [session.session_key for session in page.context["sessions"]]
    assert shown == [client.session.session_key for client in (phone, computer, tablet)]
    assert page.content.decode().count("/end/") == 2  # not for this device
    first = page.context["sessions"][0].pk
    assert stranger.post(reverse("account_end_session", args=[first])).status_code == 404
    computer.post(reverse("account_end_session", args=[first]))
    assert [client.get(reverse("account_home")).status_code for client in (phone, computer, tablet)] == [302, 200, 200]
    computer.post(reverse("usersessions_list"))
    assert [client.get(reverse("account_home")).status_code for client in (computer, tablet, stranger)] == [
        200,
        302,
        200,
    ]


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/128.0 Safari/537.36 Edg/128.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Whale/3.24 Safari/537.36", "Whale, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S918N) SamsungBrowser/25.0 Chrome/121 Safari/537",
            "Samsung Internet, Android",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/121 KAKAOTALK 10.4", "KakaoTalk, Android"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_called_what_its_owner_calls_it(user_agent: str, said: str) -> None:
    assert described(user_agent) == said


class TestClosing:
    def test_everything_about_the_person_goes_and_the_proofs_stay(self, member: User) -> None:
        client = logged_in(member)
        give(member.pk, ["terms", "privacy"], way=Way.SIGN_UP, now=NOON)
        SocialAccount.objects.create(user=member, provider="kakao", uid="1")
        Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={"secret": "x"})
        close(member.pk, now=LATER)
        row = User.objects.get()
        assert (row.email, row.name, row.is_active, row.closed) == (f"{row.pk}@closed.invalid", "", False, LATER)
        assert not row.has_usable_password()
        for model in (EmailAddress, SocialAccount, Authenticator, UserSession):
            assert model.objects.count() == 0
        assert [consent.withdrawn for consent in Consent.objects.all()] == [LATER, LATER]
        assert client.get(reverse("account_home")).status_code == 302
        assert Entry.objects.filter(act="account_closed", subject=f"account:{row.pk}").count() == 1
        assert [finding for finding in examine() if finding.broken] == []

    def test_the_same_person_may_come_again_and_finds_nothing(self, member: User) -> None:
        close(member.pk, now=LATER)
        assert make_member().pk != member.pk

    def test_closing_twice_is_closing_once(self, member: User) -> None:
        close(member.pk, now=LATER)
        assert close(member.pk, now=datetime(2021, 6, 9, tzinfo=UTC)).closed == LATER
        assert Entry.objects.filter(act="account_closed").count() == 1

    def test_what_must_be_settled_first_is_said(self, member: User, monkeypatch: pytest.MonkeyPatch) -> None:
        reason = Text(ko="김판로상회의 유일한 대표입니다.", en="You are the only owner of Kim's shop.")

        def owns(user: UUID) -> list[Text]:
            return [reason] if user == member.pk else []

        monkeypatch.setattr(closing, "_obstacles", [owns])
        with pytest.raises(CannotCloseError, match="only owner"):
            close(member.pk, now=LATER)
        client = logged_in(member)
        page = prove(client, client.post(reverse("account_close"), {"sure": "on"}))
        assert page.context["obstacles"] == [reason]
        assert User.objects.get().closed is None

    def test_the_page_closes_after_a_tick_and_not_without(self, member: User) -> None:
        client = logged_in(member)
        give(member.pk, ["terms"], way=Way.SIGN_UP, now=NOON)
        page = prove(client, client.post(reverse("account_close"), {}))
        assert list(page.context["form"].errors) == ["sure"]
        page = client.post(reverse("account_close"), {"sure": "on"}, follow=True)
        assert page.templates[0].name == "accounts/closed.html"
        assert User.objects.get().closed is not None
        assert in_force(member.pk) == {}
        assert (
            Client().post(reverse("account_login"), {"login": "kim@example.kr", "password": PASSWORD}).status_code
            == 200
        )

    def test_whoever_finds_an_open_page_does_not_close_the_account(self, member: User) -> None:
        client = logged_in(member)
        answer = client.post(reverse("account_close"), {"sure": "on"})
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
        client.post(answer.headers["Location"], {"password": "wrong-wrong-wrong"})
        assert User.objects.get().closed is None

    @pytest.mark.parametrize(
        "changes", [{"is_active": True}, {"name": "김판로"}, {"email": "kim@example.kr"}, {"is_staff": True}]
    )
    def test_the_database_refuses_a_closed_account_that_is_somebody(
        self, member: User, changes: dict[str, object]
    ) -> None:
        close(member.pk, now=LATER)
        with pytest.raises(IntegrityError, match="user_closed_is_nobody"), transaction.atomic():
            User.objects.filter(pk=member.pk).update(**changes)
