"""The outbox: written with the change it tells of, once per key and channel, by the channels an account wants."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from notify.world import NOON, PhoneService, advertisement, notice, put, somebody
from panro.accounts.lifecycles import WrongStateError, check
from panro.accounts.models import User
from panro.notify.actions import (
    BadAddressError,
    ToAccount,
    ToAddress,
    Wishes,
    mark_all_read,
    mark_read,
    queue,
    send_again,
    set_wishes,
)
from panro.notify.models import Message, Preference
from panro.notify.queries import dead_letters, inbox, overdue, standing, unread_count
from panro.notify.rendering import TemplateVariablesError
from panro.notify.states import TRANSITIONS, Channel, State
from panro.record.actions import NotInTransactionError, payload_of
from panro.record.models import Entry

pytestmark = pytest.mark.django_db


def shown(rows: list[Message]) -> list[tuple[str, str, str]]:
    return [(row.channel, row.state, row.address) for row in rows]


@pytest.mark.django_db(transaction=True)
def test_a_message_needs_the_transaction_of_its_change_and_falls_with_it(shop: User) -> None:
    with pytest.raises(NotInTransactionError):
        queue([notice(ToAccount(shop.pk))], now=NOON)
    with transaction.atomic():
        queue([notice(ToAccount(shop.pk))], now=NOON)
        transaction.set_rollback(True)
    assert Message.objects.count() == 0


def test_without_a_telephone_service_an_account_gets_inbox_and_mail(caller: User) -> None:
    rows = put(notice(ToAccount(caller.pk)))
    assert shown(rows) == [("email", "queued", "shop@example.com"), ("inbox", "sent", "")]
    assert rows[0].subject == rows[1].subject == "온라인 판로 신청이 접수되었습니다 (접수번호 3-1-000123)"


@pytest.mark.usefixtures("phones")
def test_with_one_the_telephone_too_by_alimtalk(caller: User) -> None:
    call = put(notice(ToAccount(caller.pk)))[2]
    assert (call.channel, call.address, call.subject) == ("phone", "01012345678", "신청 접수 안내")
    assert call.alimtalk["template"] == "KA01TP000000000APPLICATIONRECEIVED"


@pytest.mark.usefixtures("phones")
@pytest.mark.parametrize(
    ("wishes", "channels"),
    [
        ({"by_email": False}, ["inbox", "phone"]),
        ({"by_phone": False}, ["email", "inbox"]),
        ({"phone": ""}, ["email", "inbox"]),
        ({"by_email": False, "by_phone": False}, ["inbox"]),
    ],
)
def test_an_account_gets_what_it_wants(caller: User, wishes: dict[str, object], channels: list[str]) -> None:
    Preference.objects.update(**wishes)
    assert [row.channel for row in put(notice(ToAccount(caller.pk)))] == channels


def test_an_account_that_may_not_log_in_gets_its_inbox_only(shop: User) -> None:
    User.objects.update(is_active=False)
    assert [row.channel for row in put(notice(ToAccount(shop.pk)))] == ["inbox"]


def test_a_message_is_in_the_language_of_the_account(shop: User) -> None:
    Preference.objects.create(account=shop, language="en")
    assert put(notice(ToAccount(shop.pk)))[0].subject.startswith("Your application to 온라인 판로 has arrived")


@pytest.mark.usefixtures("phones")
def test_a_stranger_gets_mail_and_call_but_has_no_inbox() -> None:
    rows = put(notice(ToAddress(email="new@example.com", phone="010-9999-1111")))
    assert shown(rows) == [("email", "queued", "new@example.com"), ("phone", "queued", "01099991111")]


@pytest.mark.parametrize(
    "to",
    [
        ToAddress(),
        ToAddress(email="no address"),
        ToAddress(email="a@example.com\nBcc: b@example.com"),
        ToAddress(phone="12"),
    ],
)
def test_a_bad_address_is_refused_at_once(to: ToAddress) -> None:
    with pytest.raises(BadAddressError):
        put(notice(to))


def test_an_account_that_is_not_there_is_named(shop: User) -> None:
    missing = uuid4()
    with pytest.raises(User.DoesNotExist, match=str(missing)):
        put(notice(ToAccount(shop.pk)), notice(ToAccount(missing), "k2"))


def test_wrong_values_are_the_callers_error(shop: User) -> None:
    with pytest.raises(TemplateVariablesError):
        put(notice(ToAccount(shop.pk), values={}))


def test_the_same_key_makes_one_message_however_often_it_is_queued(shop: User) -> None:
    first = put(notice(ToAccount(shop.pk)))
    again = put(notice(ToAccount(shop.pk)), notice(ToAccount(shop.pk)), now=NOON + timedelta(hours=1))
    assert [row.pk for row in again] == [row.pk for row in first]
    assert [row.created for row in again] == [NOON, NOON]


def test_a_set_of_messages_costs_as_many_statements_as_one() -> None:
    people = [somebody(f"shop{number}@example.com") for number in range(40)]
    counts = []
    for chosen in (people[:1], people[1:]):
        with CaptureQueriesContext(connection) as queries:
            put(*(notice(ToAccount(person.pk), f"k{person.email}") for person in chosen))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 5  # two of queue(), one of this test's own look, and the savepoint's two
    assert Message.objects.count() == 80


@pytest.mark.usefixtures("phones")
def test_a_text_too_long_for_telephones_fails_visibly_and_the_rest_goes_on(caller: User) -> None:
    values = {"programme": "가" * 700, "receipt": "나" * 400, "received": "1", "hash": "1", "head": "1", "link": "1"}
    rows = put(notice(ToAccount(caller.pk), values=values))
    assert [(row.channel, row.state) for row in rows] == [("email", "queued"), ("inbox", "sent"), ("phone", "failed")]
    assert rows[2].reason.startswith("the text has 2")
    assert list(dead_letters()) == [rows[2]]


@pytest.mark.usefixtures("phones")
def test_advertising_goes_only_where_consent_counts_and_waits_for_the_morning(caller: User) -> None:
    night = datetime(2021, 4, 9, 12, 0, tzinfo=UTC)  # 21:00 in Korea
    assert put(advertisement(ToAccount(caller.pk))) == []
    Preference.objects.update(advertising_phone_since=NOON)
    rows = put(advertisement(ToAccount(caller.pk), "a2"), now=night)
    assert [(row.channel, row.due) for row in rows] == [
        ("inbox", night),
        ("phone", datetime(2021, 4, 9, 23, 0, tzinfo=UTC)),
    ]
    assert rows[1].text.startswith("(광고) 봄 기획전")
    late = datetime(2023, 4, 9, 3, 0, tzinfo=UTC)
    assert put(advertisement(ToAccount(caller.pk), "a3"), now=late) == []


def test_advertising_never_goes_to_a_bare_address() -> None:
    with pytest.raises(BadAddressError, match="accounts that consented"):
        put(advertisement(ToAddress(email="a@example.com")))


@pytest.mark.usefixtures("phones")
def test_withdrawing_consent_stops_what_waits_and_is_recorded(caller: User) -> None:
    wishes = Wishes(phone="010-1234-5678", advertising_by_phone=True, advertising_by_email=True)
    set_wishes(caller.pk, wishes, actor=str(caller.pk), now=NOON)
    put(advertisement(ToAccount(caller.pk)))
    only_mail = Wishes(phone="010-1234-5678", advertising_by_email=True)
    held = set_wishes(caller.pk, only_mail, actor=str(caller.pk), now=NOON + timedelta(days=1))
    assert (held.advertising_email_since, held.advertising_phone_since) == (NOON, None)
    states = dict(Message.objects.values_list("channel", "state"))
    assert states == {"email": "queued", "inbox": "sent", "phone": "withdrawn"}
    entries = list(Entry.objects.filter(act="advertising_consent_changed"))
    assert [payload_of(entry) for entry in entries] == [
        {"email": NOON.isoformat(), "phone": NOON.isoformat()},
        {"email": NOON.isoformat(), "phone": None},
    ]
    assert json.loads(entries[0].document)["subject"] == f"account:{caller.pk}"


def test_wishes_without_a_change_of_consent_write_no_entry(shop: User) -> None:
    set_wishes(shop.pk, Wishes(language="en", daily=True), actor=str(shop.pk), now=NOON)
    held = Preference.objects.get()
    assert (held.language, held.daily, Entry.objects.count()) == ("en", True, 0)


def test_consent_given_again_after_two_years_begins_anew(shop: User) -> None:
    later = datetime(2023, 5, 1, tzinfo=UTC)
    for moment in (NOON, NOON + timedelta(days=1), later):
        held = set_wishes(shop.pk, Wishes(advertising_by_email=True), actor="a", now=moment)
    assert held.advertising_email_since == later
    assert Entry.objects.filter(act="advertising_consent_changed").count() == 2


def test_advertising_by_telephone_needs_a_telephone(shop: User) -> None:
    with pytest.raises(BadAddressError):
        set_wishes(shop.pk, Wishes(advertising_by_phone=True), actor="a", now=NOON)


def test_the_inbox_counts_and_marks_only_its_own(shop: User) -> None:
    other = somebody("other@example.com")
    put(*(notice(ToAccount(shop.pk), f"k{number}") for number in range(3)), notice(ToAccount(other.pk), "o"))
    rows = list(inbox(shop.pk))
    assert [row.key for row in rows] == ["k2", "k1", "k0"]
    theirs = inbox(other.pk).get()
    assert mark_read(shop.pk, [rows[0].pk, theirs.pk], now=NOON) == 1
    assert mark_read(shop.pk, [rows[0].pk], now=NOON) == 0
    assert (unread_count(shop.pk), unread_count(other.pk)) == (2, 1)
    assert mark_all_read(shop.pk, now=NOON) == 2
    assert (unread_count(shop.pk), unread_count(other.pk)) == (0, 1)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_inbox(shop: User, rows: int) -> None:
    put(*(notice(ToAccount(shop.pk), f"k{number}") for number in range(rows)))
    with CaptureQueriesContext(connection) as queries:
        unread_count(shop.pk)
        list(inbox(shop.pk)[:20])
        standing()
        overdue(NOON)
    assert len(queries) == 4


def test_an_officer_sends_failed_messages_again_and_it_is_recorded(shop: User) -> None:
    mail = put(notice(ToAccount(shop.pk)))[0]
    Message.objects.filter(pk=mail.pk).update(state="failed", reason="550 no such user", attempts=6)
    assert standing() == {"failed": 1}
    assert send_again([mail.pk], actor="officer-kim", now=NOON) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.reason, mail.attempts) == ("queued", "", 0)
    entry = Entry.objects.get()
    assert (entry.act, entry.actor, entry.subject) == ("message_sent_again", "officer-kim", f"message:{mail.pk}")
    with pytest.raises(WrongStateError, match="from queued to queued"):
        send_again([mail.pk], actor="officer-kim", now=NOON)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "lost"}, "message_state_known"),
        ({"channel": "fax"}, "message_channel_known"),
        ({"address": ""}, "message_has_where_to_go"),
        ({"state": "failed"}, "message_failed_says_why"),
        ({"state": "sending"}, "message_sending_is_claimed"),
        ({"state": "sent"}, "message_sent_has_a_time"),
        ({"state": "bundled"}, "message_bundled_names_its_digest"),
        ({"read": NOON}, "message_read_in_inbox_only"),
        ({"key": ""}, "message_key_not_empty"),
        ({"due": NOON - timedelta(seconds=1)}, "message_due_after_created"),
    ],
)
def test_the_database_refuses_an_impossible_message(shop: User, change: dict[str, object], constraint: str) -> None:
    mail = put(notice(ToAccount(shop.pk)))[0]
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Message.objects.filter(pk=mail.pk).update(**change)


@pytest.mark.parametrize("phone", ["12345678", "0212345678901", "010-1234-5678"])
def test_the_database_refuses_a_telephone_that_is_none(shop: User, phone: str) -> None:
    with (
        pytest.raises((IntegrityError, ValueError, Exception), match=r"preference_phone|too long"),
        transaction.atomic(),
    ):
        Preference.objects.create(account=shop, phone=phone)


def test_every_state_is_in_the_table_and_every_step_is_between_states() -> None:
    assert set(TRANSITIONS) == set(State)
    assert {target for targets in TRANSITIONS.values() for target in targets} <= set(State)
    for before in State:
        for after in State:
            if after in TRANSITIONS[before]:
                check(TRANSITIONS, before, after)
            else:
                with pytest.raises(WrongStateError):
                    check(TRANSITIONS, before, after)


def test_a_service_set_up_by_half_is_an_error_that_says_what_is_missing(
    phones: PhoneService, monkeypatch: pytest.MonkeyPatch, caller: User
) -> None:
    del phones
    monkeypatch.delenv("PANRO_SOLAPI_SECRET")
    with pytest.raises(Exception, match="PANRO_SOLAPI_SECRET"):
        put(notice(ToAccount(caller.pk), channels=frozenset({Channel.PHONE})))
