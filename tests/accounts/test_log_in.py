from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from panro.accounts.models import User

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-enough-secret-1"
REQUIRED = {"terms": "on", "privacy": "on"}


def sign_up(client: Client, email: str = "Kim@Example.kr", **changed: str) -> int:
    answers = {**REQUIRED, "name": "김판로", "email": email, "password1": PASSWORD, "password2": PASSWORD, **changed}
    return client.post(reverse("account_signup"), answers).status_code


def log_in(client: Client, email: str = "kim@example.kr", password: str = PASSWORD) -> str:
    response = client.post(reverse("account_login"), {"login": email, "password": password})
    return response.headers.get("Location", "")


def link_in_mail() -> str:
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found.group(1)


def verified_member(*, staff: bool = False, engineer: bool = False) -> User:
    user = User.objects.create_user("kim@example.kr", PASSWORD, name="김판로")
    user.is_staff, user.is_superuser = staff or engineer, engineer
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_from_sign_up_to_log_in(client: Client) -> None:
    assert sign_up(client) == 302
    user = User.objects.get()
    assert (user.email, user.name, user.is_staff) == ("kim@example.kr", "김판로", False)
    assert [letter.to for letter in mail.outbox] == [["kim@example.kr"]]
    assert mail.outbox[0].subject == "이메일 주소를 확인해 주세요"
    assert log_in(client) == reverse("account_email_verification_sent")
    client.post(link_in_mail())
    assert log_in(client, "KIM@example.kr") == "/"
    assert client.get("/my/").context["user"] == user


def test_letters_are_in_the_language_of_the_page(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "en"})
    sign_up(client)
    assert mail.outbox[0].subject == "Please confirm your e-mail address"


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password2": "another-long-secret-2"}, "password2"),
        ({"email": "no address"}, "email"),
        ({"terms": ""}, "terms"),
        ({"privacy": ""}, "privacy"),
        ({"name": ""}, "name"),
        ({"name": "가" * 81}, "name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    client: Client, changed: dict[str, str], wrong: str
) -> None:
    whole = {**REQUIRED, "name": "김판로", "email": "kim@example.kr", "password1": PASSWORD, "password2": PASSWORD}
    answers = whole | changed
    page = client.post(reverse("account_signup"), answers)
    assert list(page.context["form"].errors) == [wrong]
    assert page.context["form"]["email"].value() == answers["email"]
    assert User.objects.count() == 0


def test_the_longest_name_is_taken(client: Client) -> None:
    sign_up(client, name="가" * 80)
    assert User.objects.get().name == "가" * 80


def test_a_second_sign_up_tells_the_owner_alone(client: Client) -> None:
    verified_member()
    assert sign_up(client) == 302
    assert User.objects.count() == 1
    assert mail.outbox[0].subject == "이미 가입된 계정이 있습니다"


def test_a_wrong_password_opens_nothing(client: Client) -> None:
    verified_member()
    assert log_in(client, password="wrong-wrong-wrong") == ""
    assert "_auth_user_id" not in client.session


def test_attempts_are_limited(client: Client) -> None:
    verified_member()
    for _ in range(4):
        log_in(client, password="wrong-wrong-wrong")
    assert log_in(client) == "/"
    client.post(reverse("account_logout"))
    for _ in range(10):
        log_in(client, password="wrong-wrong-wrong")
    assert log_in(client) == ""


def test_a_flood_of_sign_ups_is_told_to_wait(client: Client) -> None:
    cache.clear()
    for number in range(20):
        assert sign_up(client, f"kim{number}@example.kr") == 302
    assert sign_up(client, "kim@example.kr") == 429
    answer = client.post(reverse("account_signup"), {})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    assert next(template.name for template in answer.templates) == "accounts/too_many.html"
    cache.clear()


def test_a_forgotten_password_is_replaced_by_mail(client: Client) -> None:
    verified_member()
    client.post(reverse("account_reset_password"), {"email": "kim@example.kr"})
    form = client.get(link_in_mail(), follow=True)
    fresh = "another-long-secret-2"
    client.post(form.redirect_chain[-1][0], {"password1": fresh, "password2": fresh})
    assert log_in(client, password=PASSWORD) == ""
    assert log_in(client, password=fresh) == "/"


def test_a_reset_for_nobody_tells_nobody(client: Client) -> None:
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.kr"})
    assert response.headers["Location"] == reverse("account_reset_password_done")
    assert mail.outbox[0].subject == "이 주소로 가입된 계정이 없습니다"


def test_engineers_need_a_second_factor_for_raw_data(client: Client) -> None:
    user = verified_member(engineer=True)
    client.force_login(user)
    assert client.get("/admin/").headers["Location"] == reverse("mfa_activate_totp")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get("/admin/").status_code == 200


def test_accounts_are_only_looked_at_in_the_raw_data(client: Client) -> None:
    user = verified_member(engineer=True)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(user)
    address = reverse("admin:accounts_user_change", args=[user.pk])
    page = client.get(address)
    assert page.status_code == 200
    assert "password" not in page.context["adminform"].readonly_fields
    assert client.post(address, {"email": "x@example.kr"}).status_code == 403
    assert client.get(reverse("admin:accounts_user_add")).status_code == 403


def test_a_logged_in_member_leaves(client: Client) -> None:
    client.force_login(verified_member())
    assert client.post(reverse("account_logout")).headers["Location"] == "/"
    assert client.get("/my/").status_code == 302
