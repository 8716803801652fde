"""Log-in with Kakao and Naver, over the wire: signing up, coming back, connecting on purpose, and what goes wrong."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import settings as live_settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from accounts.conftest import PASSWORD, make_member
from panro.accounts import conf
from panro.accounts.consents import in_force
from panro.accounts.models import User
from panro.accounts.standin.oauth import PEOPLE, Fault, World, serve
from panro.accounts.standin.serving import StandInRefusedError

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("services")]

KIM, LEE, PARK = PEOPLE
BOTH = pytest.mark.parametrize("service", ["kakao", "naver"])


def at_the_service(address: str, number: str) -> str:
    """Choose somebody on the service's own page; returns the address it leads back to, as path and query."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.netloc), timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    assert connection.getresponse().read().decode().count("<li>") == len(PEOPLE) + 1
    connection.request("GET", f"{parts.path}?{parts.query}&{urlencode({'as': number})}")
    back = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    return f"{back.path}?{back.query}"


def go(client: Client, service: str, number: str, process: str = "login") -> HttpResponse:
    leaving = client.post(f"{reverse(f'{service}_login')}?process={process}")
    assert leaving.status_code == 302
    return client.get(at_the_service(leaving.headers["Location"], number))


def fill_in(client: Client, email: str = KIM.email, **changed: str) -> HttpResponse:
    answers = {"name": KIM.name, "email": email, "terms": "on", "privacy": "on"} | changed
    return client.post(reverse("socialaccount_signup"), answers)


def connect(client: Client, service: str, number: str) -> HttpResponse:
    """Connect an account of a service, with the password once more; returns the page of connections."""
    asked = go(client, service, number, "connect").headers["Location"]
    assert asked == reverse("account_reauthenticate")
    return client.post(asked, {"password": PASSWORD}, follow=True)


def who(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


@BOTH
def test_a_newcomer_signs_up_with_consents_and_comes_back(client: Client, service: str) -> None:
    assert go(client, service, KIM.number).headers["Location"] == reverse("socialaccount_signup")
    form = client.get(reverse("socialaccount_signup")).context["form"]
    assert (form["name"].value(), form["email"].value()) == (KIM.name, KIM.email)
    assert User.objects.count() == 0
    answer = fill_in(client)
    user = User.objects.get()
    assert (user.name, user.email, user.has_usable_password()) == (KIM.name, KIM.email, False)
    assert set(in_force(user.pk)) == {"terms", "privacy"}
    if service == "naver":  # Naver does not vouch for addresses: the mail does
        assert answer.headers["Location"] == reverse("account_email_verification_sent")
        link = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
        assert link is not None
        client.post(link.group(1))
        go(client, service, KIM.number)
    assert who(client) == str(user.pk)
    client.post(reverse("account_logout"))
    go(client, service, KIM.number)
    assert who(client) == str(user.pk)
    assert User.objects.count() == 1


def test_an_address_that_kakao_did_not_confirm_is_confirmed_by_mail(client: Client) -> None:
    go(client, "kakao", PARK.number)
    answer = fill_in(client, PARK.email, name=PARK.name)
    assert answer.headers["Location"] == reverse("account_email_verification_sent")
    assert EmailAddress.objects.get().verified is False
    assert who(client) == ""


def test_another_address_than_the_confirmed_one_is_confirmed_by_mail(client: Client) -> None:
    go(client, "kakao", KIM.number)
    fill_in(client, "other@example.kr")
    assert EmailAddress.objects.get(email="other@example.kr").verified is False
    assert who(client) == ""


@pytest.mark.parametrize("missing", ["terms", "privacy", "name"])
def test_nobody_slips_in_without_name_and_consents(client: Client, missing: str) -> None:
    go(client, "kakao", KIM.number)
    page = fill_in(client, **{missing: ""})
    assert list(page.context["form"].errors) == [missing]
    assert User.objects.count() == 0


@BOTH
def test_the_same_address_never_opens_a_members_account(client: Client, service: str) -> None:
    member = make_member(KIM.email)
    go(client, service, KIM.number)
    answer = fill_in(client)
    assert answer.headers["Location"] == reverse("account_email_verification_sent")
    assert who(client) == ""
    assert SocialAccount.objects.count() == 0
    assert [letter.to for letter in mail.outbox] == [[KIM.email]]
    assert mail.outbox[0].subject == "이미 가입된 계정이 있습니다"
    assert list(User.objects.all()) == [member]


@BOTH
def test_a_member_connects_one_on_purpose_and_disconnects_it(client: Client, member: User, service: str) -> None:
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    assert connect(client, service, KIM.number).request["PATH_INFO"] == reverse("socialaccount_connections")
    account = SocialAccount.objects.get()
    assert (account.user, account.provider, account.uid, account.extra_data) == (member, service, KIM.number, {})
    client.post(reverse("account_logout"))
    go(client, service, KIM.number)
    assert who(client) == str(member.pk)
    asked = client.post(reverse("socialaccount_connections"), {"account": account.pk}).headers["Location"]
    client.post(asked, {"password": PASSWORD})
    assert SocialAccount.objects.count() == 0


def test_what_is_connected_to_one_cannot_be_connected_to_another(client: Client, member: User) -> None:
    SocialAccount.objects.create(user=make_member(LEE.email), provider="kakao", uid=KIM.number)
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    page = connect(client, "kakao", KIM.number)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert SocialAccount.objects.filter(user=member).count() == 0


def test_nobody_connects_for_a_stranger(client: Client) -> None:
    go(client, "kakao", KIM.number, "connect")
    assert (SocialAccount.objects.count(), who(client)) == (0, "")


def test_the_last_way_in_cannot_be_cut_off(client: Client) -> None:
    go(client, "kakao", KIM.number)
    fill_in(client)
    page = client.post(reverse("socialaccount_connections"), {"account": SocialAccount.objects.get().pk})
    assert page.status_code == 200
    assert SocialAccount.objects.count() == 1


def test_no_token_and_no_profile_stays_anywhere(client: Client, services: World) -> None:
    go(client, "kakao", KIM.number)
    kept = str([session.get_decoded() for session in Session.objects.all()])
    assert [token for token in services.services["kakao"].tokens if token in kept] == []
    fill_in(client)
    assert SocialToken.objects.count() == 0
    assert SocialAccount.objects.get().extra_data == {}


@BOTH
def test_cancelling_is_no_error(client: Client, service: str) -> None:
    page = go(client, service, "nobody")
    assert client.get(page.headers["Location"]).templates[0].name == "socialaccount/login_cancelled.html"


@BOTH
@pytest.mark.parametrize("fault", [Fault.NO_GRANT, Fault.NONSENSE, Fault.NOBODY, Fault.BROKEN])
def test_a_service_in_trouble_is_said_in_words(client: Client, services: World, service: str, fault: Fault) -> None:
    services.fault = fault
    page = go(client, service, KIM.number)
    assert (page.status_code, page.templates[0].name) == (401, "socialaccount/authentication_error.html")
    assert (User.objects.count(), who(client)) == (0, "")


def test_a_slow_service_is_not_waited_for(client: Client, services: World, settings: object) -> None:
    services.fault, services.slow = Fault.SLOW, 1.0
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.2  # type: ignore[attr-defined]
    assert go(client, "kakao", KIM.number).status_code == 401


def test_an_answer_nobody_asked_for_is_refused(client: Client) -> None:
    leaving = client.post(reverse("kakao_login"))
    back = at_the_service(leaving.headers["Location"], KIM.number)
    thief = type(client)()
    assert thief.get(back).status_code == 401
    forged = back.replace(parse_qs(urlsplit(back).query)["state"][0], "forged")
    assert client.get(forged).status_code == 401
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 401  # the code and the state are good once
    assert User.objects.count() == 0


def test_visitors_cannot_add_to_what_is_asked_for(client: Client) -> None:
    address = f"{reverse('kakao_login')}?scope=talk_message&auth_params=prompt%3Dnone&next=https%3A%2F%2Fevil.example"
    asked = parse_qs(urlsplit(client.post(address).headers["Location"]).query)
    assert set(asked) == {"client_id", "redirect_uri", "response_type", "state"}
    assert asked["client_id"] == ["kakao-id"]


def test_a_wrong_secret_lets_nobody_in(client: Client, services: World) -> None:
    for service in services.services.values():
        service.secret = "changed"
    assert [go(client, code, KIM.number).status_code for code in services.services] == [401, 401]


def test_only_what_is_set_up_is_shown(client: Client, settings: object) -> None:
    assert client.get(reverse("account_login")).content.decode().count("process=login") == 2
    del settings.SOCIALACCOUNT_PROVIDERS["naver"]  # type: ignore[attr-defined]
    page = client.get(reverse("account_login")).content.decode()
    assert (page.count("process=login"), reverse("naver_login") in page) == (1, False)
    assert client.post(reverse("naver_login")).status_code == 404
    assert client.get(reverse("naver_callback")).status_code == 404


def test_a_connection_to_a_service_no_longer_set_up_can_be_cut(client: Client, member: User, settings: object) -> None:
    account = SocialAccount.objects.create(user=member, provider="naver", uid=KIM.number)
    settings.SOCIALACCOUNT_PROVIDERS.clear()  # type: ignore[attr-defined]
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    assert client.get(reverse("socialaccount_connections")).status_code == 200
    asked = client.post(reverse("socialaccount_connections"), {"account": account.pk}).headers["Location"]
    client.post(asked, {"password": PASSWORD})
    assert SocialAccount.objects.count() == 0


def test_without_anything_in_the_environment_nothing_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PANRO_KAKAO_ID", "PANRO_NAVER_ID"):
        monkeypatch.delenv(name, raising=False)
    assert (conf.providers(), conf.form_targets()) == ({}, [])
    assert live_settings.SOCIALACCOUNT_STORE_TOKENS is False


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"PANRO_KAKAO_ID": "x"}, "PANRO_KAKAO_ID and PANRO_KAKAO_SECRET must be set together"),
        ({"PANRO_NAVER_SECRET": "x"}, "PANRO_NAVER_ID and PANRO_NAVER_SECRET must be set together"),
        (
            {"PANRO_KAKAO_ID": "x", "PANRO_KAKAO_SECRET": "y", "PANRO_KAKAO_LOGIN_URL": "kauth"},
            "expected an address such as https://kauth.kakao.com",
        ),
        (
            {
                "PANRO_KAKAO_ID": "x",
                "PANRO_KAKAO_SECRET": "y",
                "PANRO_KAKAO_API_URL": "http://127.0.0.1:1",
                "PANRO_HOSTS": "panro.example.kr",
            },
            "a public site talks https only",
        ),
    ],
)
def test_half_a_set_up_is_said(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=said):
        conf.providers()


def test_the_stand_in_never_runs_on_a_public_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANRO_HOSTS", "panro.example.kr")
    with pytest.raises(StandInRefusedError):
        serve(World({}), 0)
    command = [sys.executable, "-m", "panro.accounts.standin.oauth"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "no stand-in logs people in" in done.stderr) == (2, True)
