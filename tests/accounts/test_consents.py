"""Consents: each by itself, never ticked beforehand, kept with text and time, withdrawn on a page."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.conftest import PASSWORD, make_member
from panro.accounts import consents
from panro.accounts.consents import Asked, RequiredConsentError, UnknownConsentError, give, in_force, withdraw
from panro.accounts.models import Consent, User, Way
from panro.korea.text import Text
from panro.notify.actions import Wishes, set_wishes
from panro.notify.models import Preference
from panro.record.actions import payload_of
from panro.record.models import Entry

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

NOON = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=1)
REQUIRED = {"terms", "privacy"}
OPTIONAL = {"advertising_mail", "advertising_phone"}


def sign_up(client: Client, *kinds: str) -> None:
    answers = {"name": "김판로", "email": "kim@example.kr", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), answers | dict.fromkeys(kinds, "on"))


def test_every_text_is_whole_in_both_languages() -> None:
    assert {(text.kind, text.required) for text in consents.current()} == {
        *((kind, True) for kind in REQUIRED),
        *((kind, False) for kind in OPTIONAL),
    }
    shown = [part for text in consents.versions() for part in (text.title, text.ask, text.text)]
    assert [part for part in shown if not part.ko or not part.en] == []


def test_the_form_ticks_nothing_beforehand(client: Client) -> None:
    form = client.get(reverse("account_signup")).context["form"]
    assert [(text.kind, field.value(), field.field.required) for text, field in form.consent_fields()] == [
        (text.kind, False, text.required) for text in consents.current()
    ]
    assert [field.name for field in form.plain_fields()] == ["name", "email", "password1", "password2"]


@pytest.mark.parametrize("extra", [set(), {"advertising_mail"}, OPTIONAL])
def test_exactly_what_was_ticked_is_stored(client: Client, extra: set[str]) -> None:
    sign_up(client, *REQUIRED, *extra)
    rows = Consent.objects.filter(user=User.objects.get(), withdrawn=None, way=Way.SIGN_UP)
    assert {(row.kind, row.version, row.digest) for row in rows} == {
        (text.kind, text.version, text.digest) for text in consents.current() if text.kind in REQUIRED | extra
    }


def test_no_account_without_its_consents(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr("panro.accounts.signup.consents.give", fail)
    with pytest.raises(RuntimeError):
        sign_up(client, *REQUIRED)
    assert User.objects.count() == 0


def test_giving_and_withdrawing_are_told_to_the_record(member: User) -> None:
    give(member.pk, ["advertising_mail"], way=Way.PAGE, now=NOON)
    withdraw(member.pk, ["advertising_mail"], now=LATER)
    told = Entry.objects.filter(subject=f"account:{member.pk}").order_by("number")
    assert [(entry.act, entry.actor, entry.occurred) for entry in told] == [
        ("consent_given", str(member.pk), NOON),
        ("consent_withdrawn", str(member.pk), LATER),
    ]
    text = consents.asked("advertising_mail")
    assert payload_of(told[0]) == {"kind": text.kind, "version": text.version, "digest": text.digest, "way": "page"}


def test_agreeing_twice_or_withdrawing_twice_changes_nothing(member: User) -> None:
    assert [len(give(member.pk, ["terms"], way=Way.PAGE, now=NOON)) for _ in range(2)] == [1, 0]
    give(member.pk, ["advertising_mail"], way=Way.PAGE, now=NOON)
    assert [len(withdraw(member.pk, ["advertising_mail"], now=LATER)) for _ in range(2)] == [1, 0]
    assert set(in_force(member.pk)) == {"terms"}


def test_a_required_consent_ends_only_with_the_account(member: User) -> None:
    give(member.pk, ["terms"], way=Way.PAGE, now=NOON)
    with pytest.raises(RequiredConsentError):
        withdraw(member.pk, ["terms"], now=LATER)
    with pytest.raises(UnknownConsentError):
        give(member.pk, ["everything"], way=Way.PAGE, now=NOON)
    assert set(in_force(member.pk)) == {"terms"}


def test_a_new_text_is_asked_for_and_the_old_consent_stays_as_proof(
    member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(member.pk, ["terms", "privacy"], way=Way.SIGN_UP, now=NOON)
    fresh = Asked("terms", "2022-1", True, *(Text(ko=f"새 {part}", en=f"new {part}") for part in "abc"))  # noqa: FBT003
    known = consents.versions()
    monkeypatch.setattr(consents, "versions", lambda: (fresh, *known))
    assert consents.outdated(in_force(member.pk)) == [fresh]
    give(member.pk, ["terms"], way=Way.PAGE, now=LATER)
    assert consents.outdated(in_force(member.pk)) == []
    rows = Consent.objects.filter(user=member, kind="terms").order_by("given")
    assert [(row.version, row.withdrawn) for row in rows] == [("2021-1", LATER), ("2022-1", None)]


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": "Terms"}, "account_consent_says_to_what"),
        ({"version": ""}, "account_consent_says_to_what"),
        ({"digest": "x"}, "account_consent_digest_is_a_hash"),
        ({"way": "guess"}, "account_consent_way_known"),
        ({"withdrawn": NOON - timedelta(seconds=1)}, "account_consent_withdrawn_later"),
        ({}, "account_consent_once_per_kind"),
    ],
)
def test_the_database_refuses_an_impossible_consent(member: User, changes: dict[str, object], constraint: str) -> None:
    given = {"user": member, "kind": "terms", "version": "1", "digest": "a" * 64, "way": "page", "given": NOON}
    Consent.objects.create(**given)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Consent.objects.create(**{**given, "kind": "privacy" if changes else "terms", **changes})


def test_advertising_follows_the_consent_both_ways(member: User) -> None:
    give(member.pk, ["advertising_mail", "advertising_phone"], way=Way.SIGN_UP, now=NOON)
    wishes = Preference.objects.get(pk=member.pk)
    assert (wishes.advertising_email_since, wishes.advertising_phone_since) == (NOON, None)  # no number yet
    set_wishes(
        member.pk,
        Wishes(phone="010-1234-5678", advertising_by_email=True, advertising_by_phone=True),
        actor="kim",
        now=LATER,
    )
    assert Preference.objects.get(pk=member.pk).advertising_phone_since == LATER
    withdraw(member.pk, ["advertising_mail", "advertising_phone"], now=LATER)
    wishes = Preference.objects.get(pk=member.pk)
    assert (wishes.advertising_email_since, wishes.advertising_phone_since) == (None, None)


def test_the_wishes_for_messages_are_consents_too(member: User) -> None:
    give(member.pk, ["advertising_phone"], way=Way.SIGN_UP, now=NOON)
    set_wishes(member.pk, Wishes(advertising_by_email=True), actor="kim", now=LATER)
    assert {kind: consent.way for kind, consent in in_force(member.pk).items()} == {
        "advertising_mail": Way.MESSAGES,
        "advertising_phone": Way.SIGN_UP,  # there was no number yet, so nothing was withdrawn
    }
    set_wishes(member.pk, Wishes(), actor="kim", now=LATER)
    assert set(in_force(member.pk)) == {"advertising_phone"}


def test_the_page_gives_and_withdraws(client: Client, member: User) -> None:
    client.force_login(member)
    address = reverse("account_consent", args=["advertising_mail"])
    page = client.post(address, {"answer": "give"}, follow=True)
    assert dict(page.context["asked"])[consents.asked("advertising_mail")].way == Way.PAGE
    page = client.post(address, {"answer": "withdraw"}, follow=True)
    assert [row.kind for _, row in page.context["past"]] == ["advertising_mail"]
    assert in_force(member.pk) == {}


def test_the_page_refuses_what_cannot_be(client: Client, member: User) -> None:
    client.force_login(member)
    give(member.pk, ["terms"], way=Way.SIGN_UP, now=NOON)
    client.post(reverse("account_consent", args=["terms"]), {"answer": "withdraw"})
    assert set(in_force(member.pk)) == {"terms"}
    assert client.post(reverse("account_consent", args=["nothing"]), {"answer": "give"}).status_code == 404
    assert client.get(reverse("account_consent", args=["terms"])).status_code == 405


@pytest.mark.parametrize("times", [1, 3])
def test_the_page_costs_the_same_however_much_was_agreed(
    client: Client, member: User, times: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(times):
        give(member.pk, ["advertising_mail"], way=Way.PAGE, now=NOON + timedelta(hours=number))
        withdraw(member.pk, ["advertising_mail"], now=NOON + timedelta(hours=number))
    client.force_login(member)
    with django_assert_num_queries(4):  # session, account, what holds, what held
        client.get(reverse("account_consents"))


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_give_one_consent() -> None:
    member, barrier = make_member(), threading.Barrier(2)
    made: list[int] = []

    def click() -> None:
        try:
            barrier.wait(10)
            made.append(len(give(member.pk, ["terms"], way=Way.PAGE, now=NOON)))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0, 1]
    assert Consent.objects.count() == 1
