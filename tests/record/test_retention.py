"""Personal data is destroyed when its term is over, not a day before, and its destruction is recorded."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from panro.accounts.models import CLOSED_DOMAIN, Consent, User
from panro.record import retention, tasks
from panro.record.access_log import note
from panro.record.actions import record
from panro.record.doctor import examine
from panro.record.models import AccessNote, Entry, Payload
from panro.record.retention import destroy_outlived, terms

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

WRITTEN = datetime(2016, 4, 9, 3, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


def written(act: str, at: datetime = WRITTEN) -> Entry:
    with transaction.atomic():
        return record(act, actor="officer-kim", subject="case:1", at=at, now=at, payload={"name": "김판로"})


def kept() -> list[int]:
    return list(Payload.objects.order_by("entry_id").values_list("entry_id", flat=True))


@pytest.mark.parametrize(
    ("act", "kind", "years"),
    [
        ("message_sent_again", "messages", 1),
        ("advertising_consent_changed", "consents", 5),
        ("consent_given", "consents", 5),
        ("account_closed", "accounts", 2),
        ("application_submitted", "public-money", 5),
        ("edition_published", "public-money", 5),
    ],
)
def test_every_act_belongs_to_one_kind(act: str, kind: str, years: int) -> None:
    found = terms().kind_of(act)
    assert (found.code, found.term.years) == (kind, years)


def test_every_term_names_its_law_in_both_languages() -> None:
    found = [terms().access_log, *(kind.term for kind in terms().payloads), *terms().kept.values()]
    assert [term for term in found if "제" not in term.law.ko or "art." not in term.law.en] == []
    assert [term for term in found if (term.years > 0) is (term.days > 0)] == []


@pytest.mark.parametrize(
    ("code", "today", "last"),
    [
        ("papers", date(2024, 2, 29), date(2021, 3, 1)),
        ("unconfirmed_accounts", date(2024, 3, 1), date(2024, 1, 31)),
        ("applications_others", date(2024, 12, 31), date(2021, 1, 1)),
        ("applications_others", date(2025, 1, 1), date(2022, 1, 1)),
    ],
    ids=["leap day", "days", "last day of the year", "new year"],
)
def test_what_ended_before_the_last_day_has_outlived_its_term(code: str, today: date, last: date) -> None:
    assert terms().kept[code].last_day(today) == last


def signed_up(name: str, *, confirmed: bool = False) -> User:
    user = User.objects.create_user(f"{name}@example.kr", name=name)
    User.objects.filter(pk=user.pk).update(date_joined=WRITTEN)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=confirmed)
    return user


def test_who_never_confirmed_an_address_is_forgotten_after_thirty_days() -> None:
    lost, kept = signed_up("lost"), signed_up("kept", confirmed=True)
    seen = signed_up("seen")
    User.objects.filter(pk=seen.pk).update(last_login=WRITTEN)
    after = WRITTEN + timedelta(days=30)
    assert retention.clear_accounts(now=after) == 0
    assert [retention.clear_accounts(now=after + MOMENT) for _night in range(2)] == [1, 0]
    found = {user.pk: user.closed is not None for user in User.objects.all()}
    assert found == {lost.pk: True, kept.pk: False, seen.pk: False}
    assert [entry.subject for entry in Entry.objects.filter(act="account_closed")] == [f"account:{lost.pk}"]
    assert [finding.broken for finding in examine() if finding.broken] == []


def test_proofs_of_consents_of_a_closed_account_go_after_five_years() -> None:
    lost, kept = signed_up("lost", confirmed=True), signed_up("kept", confirmed=True)
    for user in (lost, kept):
        Consent.objects.create(
            user=user, kind="terms", version="1", digest="0" * 64, way="sign_up", given=WRITTEN, withdrawn=WRITTEN
        )
    User.objects.filter(pk=lost.pk).update(closed=WRITTEN, is_active=False, name="", email=f"{lost.pk}@{CLOSED_DOMAIN}")
    due = WRITTEN.replace(year=2021)
    assert [retention.clear_accounts(now=due), retention.clear_accounts(now=due + MOMENT)] == [0, 1]
    assert [consent.user for consent in Consent.objects.all()] == [kept]


def test_sessions_that_ended_leave_nothing_of_their_browsers(client: Client) -> None:
    user = signed_up("kim", confirmed=True)
    client.force_login(user)
    key = client.session.session_key
    UserSession.objects.create(user=user, session_key=key, ip="192.0.2.1", user_agent="Firefox")
    retention.clear_accounts(now=timezone.now() + timedelta(days=2))
    assert UserSession.objects.filter(user=user).count() == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    retention.clear_accounts(now=timezone.now() + timedelta(days=2))
    assert (Session.objects.count(), UserSession.objects.count()) == (0, 0)


def test_a_term_ends_on_the_same_day_of_its_last_year() -> None:
    application, message = written("application_submitted"), written("message_sent_again")
    assert destroy_outlived(now=WRITTEN.replace(year=2017)) == 0
    assert destroy_outlived(now=WRITTEN.replace(year=2017) + MOMENT) == 1
    assert kept() == [application.number]
    assert destroy_outlived(now=WRITTEN.replace(year=2021)) == 0
    assert destroy_outlived(now=WRITTEN.replace(year=2021) + MOMENT) == 1
    told = Entry.objects.filter(act="payloads_destroyed").order_by("number")
    assert [(entry.subject, json.loads(entry.document)["public"]["entries"]) for entry in told] == [
        ("retention:messages", [message.number]),
        ("retention:public-money", [application.number]),
    ]


def test_a_leap_day_is_made_up_on_the_first_of_march() -> None:
    term = terms().access_log
    assert term.cutoff(datetime(2024, 2, 29, 3, 0, tzinfo=UTC)) == datetime(2022, 3, 1, 3, 0, tzinfo=UTC)
    assert term.cutoff(datetime(2024, 2, 28, 3, 0, tzinfo=UTC)) == datetime(2022, 2, 28, 3, 0, tzinfo=UTC)


def test_what_was_committed_to_stays_and_the_doctor_finds_nothing_wrong() -> None:
    entry = written("application_submitted")
    destroy_outlived(now=WRITTEN.replace(year=2022))
    assert Entry.objects.get(pk=entry.pk).commitment == entry.commitment
    assert [finding.broken for finding in examine() if finding.broken] == []


def test_many_go_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    numbers = [written("application_submitted").number for _ in range(5)]
    assert destroy_outlived(now=WRITTEN.replace(year=2022)) == 5
    told = Entry.objects.filter(act="payloads_destroyed").order_by("number")
    assert [json.loads(entry.document)["public"]["entries"] for entry in told] == [
        numbers[:2],
        numbers[2:4],
        numbers[4:],
    ]


def test_the_access_log_is_kept_for_two_years() -> None:
    at = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
    note(actor="officer-kim", party="party:kim", what="paper_opened", why="screening", at=at, now=at)
    assert destroy_outlived(now=at.replace(year=2023)) == 0
    assert destroy_outlived(now=at.replace(year=2023) + MOMENT) == 1
    assert AccessNote.objects.count() == 0
    assert json.loads(Entry.objects.get(act="access_notes_destroyed").document)["public"]["count"] == 1


def test_the_task_leaves_young_data_alone() -> None:
    now = datetime.now(UTC)
    entry = written("application_submitted", now)
    assert tasks.destroy_outlived.call() == 0
    assert kept() == [entry.number]
