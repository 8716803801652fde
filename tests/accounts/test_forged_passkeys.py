"""Whatever is sent in place of a browser's answer opens nothing and breaks nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.conftest import PASSWORD
from panro.accounts.passkeys import ANSWER_LENGTH, AnswerField
from panro.accounts.passkeys import ENCODED as ENCODED_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from panro.accounts.models import User

pytestmark = pytest.mark.django_db

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
ENCODED = st.sampled_from(["", "AA", "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0", "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUA", "!"])
SHAPED = st.fixed_dictionaries(
    {
        "id": ENCODED | LEAVES,
        "rawId": ENCODED | LEAVES,
        "type": st.just("public-key") | LEAVES,
        "clientExtensionResults": st.just({}) | ANYTHING,
        "response": st.dictionaries(
            st.sampled_from(["userHandle", "clientDataJSON", "authenticatorData", "signature", "attestationObject"]),
            ENCODED | LEAVES,
        )
        | ANYTHING,
    }
)
HUGE = 10**18
NUMBERS = {"id": HUGE, "rawId": HUGE, "type": "public-key", "response": {"clientDataJSON": HUGE}}
DEEP = "[" * 20_000 + "]" * 20_000
QUIETLY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@QUIETLY
@example(answer=NUMBERS)
@given(ANYTHING | SHAPED)
def test_nobody_logs_in_with_a_made_up_answer(member: User, answer: object) -> None:
    cache.clear()
    client = Client()
    client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    sent = client.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(answer)})
    assert (sent.status_code, sent.headers["Location"]) == (302, reverse("account_login"))
    assert "_auth_user_id" not in client.session
    assert member.is_active


@pytest.fixture
def client(member: User) -> Client:
    """The member's browser, in which the password was given just now: once, because attempts are counted."""
    browser = Client()
    browser.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    browser.post(f"{reverse('account_reauthenticate')}?next=/", {"password": PASSWORD})
    return browser


@QUIETLY
@example(answer=False)
@example(answer=0)
@example(answer=NUMBERS)
@given(ANYTHING | SHAPED)
def test_nobody_adds_a_made_up_passkey(client: Client, answer: object) -> None:
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200
    page = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": json.dumps(answer)})
    assert page.status_code == 200
    assert Authenticator.objects.count() == 0


SIGNED: dict[str, object] = {
    "id": "AA",
    "rawId": "AA",
    "type": "public-key",
    "clientExtensionResults": {},
    "response": {"clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA", "userHandle": "AA"},
}
"""An answer of the standard's shape: nothing in it is true."""


def spoiled() -> Iterator[str]:
    for name in ("id", "rawId", "clientExtensionResults", "response"):
        for wrong in (HUGE, -1, 2.5, True, ["AA"] * 3):
            yield json.dumps({**SIGNED, name: wrong})
    for name in ENCODED_MEMBERS:
        for wrong in (HUGE, -1, 2.5, True, [7], {"a": 1}):
            yield json.dumps({**SIGNED, "response": {**cast("dict[str, object]", SIGNED["response"]), name: wrong}})
    yield from ("", "null", "[]", "{}", "{", DEEP, "9" * 5_000, json.dumps(SIGNED) + " " * ANSWER_LENGTH)


@pytest.mark.parametrize("sent", list(spoiled()))
def test_the_library_never_sees_an_answer_of_another_shape(sent: str) -> None:
    """It would make as many bytes as a number says, and end the process for want of memory."""
    field = AnswerField()
    with pytest.raises(ValidationError):
        field.clean(sent)


def test_the_library_sees_an_answer_of_the_standards_shape() -> None:
    assert AnswerField().clean(json.dumps(SIGNED)) == SIGNED


@pytest.mark.parametrize("sent", [DEEP, "9" * 5_000, "x" * 2 * ANSWER_LENGTH])
def test_a_page_shows_no_answer_again(member: User, sent: str) -> None:
    client = Client()
    client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    page = client.post(reverse("mfa_login_webauthn"), {"credential": sent})
    assert (page.status_code, page.headers["Location"]) == (302, reverse("account_login"))
    assert member.is_active
