"""Carrying out: once, by any number of workers, through crashes; back-off, dead letters, quiet hours."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import pytest
from django.db import connection, transaction

from notify.world import NOON, MailServer, PhoneService, advertisement, notice, put
from panro.accounts.models import User
from panro.notify import delivery
from panro.notify.actions import ToAccount, ToAddress
from panro.notify.messengers import Answer, Messenger, Outcome, Parcel, Result, Standing
from panro.notify.models import Message, Preference
from panro.notify.standin.solapi import Fault
from panro.notify.states import Channel, State

pytestmark = pytest.mark.django_db(transaction=True)
type Ways = dict[Channel, Messenger]


def at(moment: datetime) -> object:
    return lambda: moment


class Told:
    """A way out that does as it is told, for what no server can be brought to do at will."""

    batch = 10

    def __init__(self, *results: Result, answer: Standing | None = None) -> None:
        self.results = list(results)
        self.answer = answer
        self.sent: list[UUID] = []
        self.asked: list[UUID] = []

    def send(self, parcels: Sequence[Parcel]) -> dict[UUID, Outcome]:
        self.sent += [parcel.id for parcel in parcels]
        result = self.results.pop(0) if self.results else Result.ACCEPTED
        return {parcel.id: Outcome(result, f"told {result.name}") for parcel in parcels}

    def ask(self, parcels: Sequence[Parcel]) -> Mapping[UUID, Answer]:
        self.asked += [parcel.id for parcel in parcels]
        return {} if self.answer is None else {parcel.id: Answer(self.answer, "told so") for parcel in parcels}


def mail_to(address: str = "a@example.com", key: str = "k1", now: datetime = NOON) -> Message:
    return put(notice(ToAddress(email=address), key), now=now)[0]


def states() -> dict[str, str]:
    return dict(Message.objects.exclude(channel="inbox").values_list("channel", "state"))


def test_what_is_due_is_sent_by_its_way_and_marked(
    caller: User, ways: Ways, post: MailServer, phones: PhoneService
) -> None:
    put(notice(ToAccount(caller.pk)))
    assert delivery.deliver(ways, clock=at(NOON)) == 2
    assert states() == {"email": "sent", "phone": "sent"}
    assert [to for to, _ in post.mails] == ["shop@example.com"]
    assert [(row["to"], row["type"]) for row in phones.taken()] == [("01012345678", "ATA")]
    assert delivery.deliver(ways, clock=at(NOON)) == 0
    assert (len(post.mails), len(phones.taken())) == (1, 1)


def test_what_is_not_due_waits() -> None:
    mail_to()
    told = Told()
    assert delivery.deliver({Channel.EMAIL: told}, clock=at(NOON - timedelta(seconds=1))) == 0
    assert delivery.deliver({Channel.EMAIL: told}, clock=at(NOON)) == 1


def test_nothing_is_handed_over_inside_of_a_transaction() -> None:
    for act in (delivery.deliver, delivery.settle_unknown, delivery.ask_unreported):
        with pytest.raises(delivery.InTransactionError), transaction.atomic():
            act({}, clock=at(NOON))


def test_attempts_wait_longer_and_longer_and_end_as_a_dead_letter() -> None:
    mail_to()
    told = Told(*[Result.LATER] * 6)
    moment, waits = NOON, []
    for _ in range(6):
        assert delivery.deliver({Channel.EMAIL: told}, clock=at(moment)) == 1
        row = Message.objects.get()
        waits.append(row.due - moment)
        early = delivery.deliver({Channel.EMAIL: told}, clock=at(max(moment, row.due - timedelta(seconds=1))))
        assert early == 0
        moment = row.due
    assert waits[:5] == [timedelta(minutes=minutes) for minutes in (1, 5, 25, 120, 600)]
    assert (row.state, row.reason, row.attempts) == ("failed", "told LATER", 6)


def test_a_refusal_is_a_dead_letter_at_once() -> None:
    mail_to()
    delivery.deliver({Channel.EMAIL: Told(Result.REFUSED)}, clock=at(NOON))
    assert Message.objects.values_list("state", "reason", "attempts").get() == ("failed", "told REFUSED", 1)


@pytest.mark.usefixtures("phones")
def test_advertising_due_in_the_evening_waits_in_the_queue_when_the_worker_is_late(caller: User) -> None:
    Preference.objects.update(advertising_phone_since=NOON)
    put(
        advertisement(ToAccount(caller.pk)),
        notice(ToAccount(caller.pk)),
        now=datetime(2021, 4, 9, 11, 59, 59, tzinfo=UTC),
    )
    told = Told()
    for moment, sent in [
        (datetime(2021, 4, 9, 12, 0, tzinfo=UTC), 1),  # 21:00: only the notice
        (datetime(2021, 4, 9, 22, 59, 59, tzinfo=UTC), 0),  # 07:59:59
        (datetime(2021, 4, 9, 23, 0, tzinfo=UTC), 1),  # 08:00
    ]:
        assert delivery.deliver({Channel.PHONE: told}, clock=at(moment)) == sent


def test_many_workers_at_once_send_each_message_once() -> None:
    with transaction.atomic():
        for number in range(60):
            put(notice(ToAddress(email=f"a{number}@example.com"), f"k{number}"))
    told = [Told() for _ in range(4)]
    barrier = threading.Barrier(4)

    def work(mine: Told) -> None:
        try:
            barrier.wait(10)
            delivery.deliver({Channel.EMAIL: mine}, clock=at(NOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(mine,)) for mine in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = Counter(pk for mine in told for pk in mine.sent)
    assert (len(sent), set(sent.values())) == (60, {1})
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def killed_while_sending(channel: str, options: str = "") -> int:
    """Run a worker of its own that is killed after the message left and before that is marked; returns its status."""
    script = textwrap.dedent(f"""
        import os, signal, django
        django.setup()
        {options}
        from datetime import datetime, UTC
        from panro.notify import delivery, tasks
        from panro.notify.states import Channel
        delivery.settle = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
        way = tasks.messengers()[Channel.{channel}]
        delivery.deliver({{Channel.{channel}: way}}, clock=lambda: datetime.fromisoformat("{NOON.isoformat()}"))
    """)
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(parts._replace(path="/" + connection.settings_dict["NAME"]))
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "panro.site.settings"}
    ran = subprocess.run([sys.executable, "-c", script], env=environment, check=False, timeout=60, capture_output=True)
    assert ran.returncode == -signal.SIGKILL, ran.stderr.decode()
    return ran.returncode


def test_a_worker_killed_after_a_text_message_left_is_found_out_and_nothing_is_sent_twice(
    caller: User, ways: Ways, phones: PhoneService
) -> None:
    put(notice(ToAccount(caller.pk), channels=frozenset({Channel.PHONE})), now=NOON)
    killed_while_sending("PHONE")
    assert states() == {"phone": "sending"}
    assert len(phones.taken()) == 1
    on_time = NOON + delivery.LEASE
    assert delivery.settle_unknown(ways, clock=at(on_time)) == 0  # the worker may still be at it
    assert states() == {"phone": "sending"}
    created = datetime.fromisoformat(str(phones.taken()[0]["dateCreated"]))
    Message.objects.update(claimed=created)  # the child's clock stood still at noon; the provider's did not
    assert delivery.settle_unknown(ways, clock=at(created + delivery.LEASE + timedelta(seconds=1))) == 1
    row = Message.objects.get()
    assert (row.state, row.attempts, row.provider_message) == ("delivered", 1, phones.taken()[0]["messageId"])
    assert delivery.deliver(ways, clock=at(created + timedelta(hours=1))) == 0
    assert len(phones.taken()) == 1


def test_a_worker_killed_after_a_mail_left_sends_it_again_under_the_same_message_id(
    shop: User, post: MailServer
) -> None:
    put(notice(ToAccount(shop.pk), channels=frozenset({Channel.EMAIL})), now=NOON)
    smtp = f"{{'host': '127.0.0.1', 'port': {post.port}, 'timeout': 2}}"
    backend = "django.core.mail.backends.smtp.EmailBackend"
    killed_while_sending(
        "EMAIL",
        f"from django.conf import settings; settings.MAILERS = "
        f"{{'default': {{'BACKEND': '{backend}', 'OPTIONS': {smtp}}}}}",
    )
    from panro.notify.messengers.mail import MailMessenger  # noqa: PLC0415 - beside its use

    ways = {Channel.EMAIL: MailMessenger()}
    later = NOON + delivery.LEASE + timedelta(seconds=1)
    assert delivery.settle_unknown(ways, clock=at(later)) == 1
    assert delivery.deliver(ways, clock=at(later + timedelta(minutes=1))) == 1
    assert states() == {"email": "sent"}
    ids = [line for _, mail in post.mails for line in mail.splitlines() if line.startswith(b"Message-ID")]
    assert len(ids) == 2
    assert len(set(ids)) == 1


@pytest.mark.parametrize(
    "fault", [Fault.SLOW_AFTER_ACCEPTING, Fault.RESET_AFTER_ACCEPTING, Fault.NONSENSE_AFTER_ACCEPTING]
)
def test_when_the_answer_never_came_the_provider_is_asked_and_nobody_is_called_twice(
    caller: User, ways: Ways, phones: PhoneService, fault: Fault
) -> None:
    put(notice(ToAccount(caller.pk), channels=frozenset({Channel.PHONE})))
    phones.fault(fault)
    now = datetime.now(UTC)
    delivery.deliver(ways, clock=at(now))
    assert states() == {"phone": "unknown"}
    phones.fault(Fault.NONE)
    assert delivery.deliver(ways, clock=at(now + timedelta(hours=1))) == 0
    assert delivery.settle_unknown(ways, clock=at(now + delivery.LEASE)) == 0  # too early to ask
    assert delivery.settle_unknown(ways, clock=at(now + delivery.LEASE + timedelta(seconds=1))) == 1
    assert states() == {"phone": "delivered"}
    assert len(phones.taken()) == 1


def test_a_message_the_provider_never_had_is_sent_again_only_after_asking(
    caller: User, ways: Ways, phones: PhoneService
) -> None:
    put(notice(ToAccount(caller.pk), channels=frozenset({Channel.PHONE})))
    phones.fault(Fault.RESET_BEFORE_ACCEPTING)
    now = datetime.now(UTC)
    delivery.deliver(ways, clock=at(now))
    assert states() == {"phone": "unknown"}
    phones.fault(Fault.NONE)
    later = now + delivery.LEASE + timedelta(seconds=1)
    assert delivery.settle_unknown(ways, clock=at(later)) == 1
    assert states() == {"phone": "queued"}
    assert delivery.deliver(ways, clock=at(later + timedelta(minutes=1))) == 1
    assert (states(), len(phones.taken())) == ({"phone": "sent"}, 1)


@pytest.mark.usefixtures("phones")
def test_a_provider_that_cannot_say_for_three_days_makes_a_dead_letter(caller: User) -> None:
    put(notice(ToAccount(caller.pk), channels=frozenset({Channel.PHONE})))
    silent = Told(Result.UNKNOWN)
    ways = {Channel.PHONE: silent}
    delivery.deliver(ways, clock=at(NOON))
    assert delivery.settle_unknown(ways, clock=at(NOON + delivery.ASK_FOR)) == 0
    assert delivery.settle_unknown(ways, clock=at(NOON + delivery.ASK_FOR + timedelta(seconds=1))) == 1
    assert Message.objects.values_list("state", "reason").get() == (
        "failed",
        "the provider could not say for three days whether it was sent",
    )
    assert len(silent.sent) == 1


@pytest.mark.usefixtures("phones")
@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Standing.DELIVERED, "delivered"),
        (Standing.FAILED, "failed"),
        (Standing.ACCEPTED, "sent"),
        (Standing.ABSENT, "sent"),
    ],
)
def test_a_text_message_without_a_report_is_asked_about(caller: User, answer: Standing, state: str) -> None:
    put(notice(ToAccount(caller.pk), channels=frozenset({Channel.PHONE})))
    told = Told(answer=answer)
    ways = {Channel.PHONE: told}
    delivery.deliver(ways, clock=at(NOON))
    assert delivery.ask_unreported(ways, clock=at(NOON + delivery.REPORT_DUE)) == 0
    assert told.asked == []
    delivery.ask_unreported(ways, clock=at(NOON + delivery.REPORT_DUE + timedelta(seconds=1)))
    assert (len(told.asked), states()) == (1, {"phone": state})


def test_a_worker_that_comes_back_after_its_lease_changes_nothing() -> None:
    mail_to()
    claimed = delivery.claim(Channel.EMAIL, now=NOON, limit=10)
    later = NOON + delivery.LEASE + timedelta(minutes=2)
    delivery.settle_unknown({}, clock=at(later))
    second = delivery.claim(Channel.EMAIL, now=later + timedelta(minutes=1), limit=10)
    assert [row.pk for row in second] == [row.pk for row in claimed]
    delivery.settle(claimed, {claimed[0].pk: Outcome(Result.REFUSED, "too late")}, now=later)
    assert states() == {"email": "sending"}
    delivery.settle(second, {second[0].pk: Outcome(Result.ACCEPTED)}, now=later)
    assert states() == {"email": "sent"}


def test_a_message_without_an_outcome_is_unknown() -> None:
    mail_to()
    claimed = delivery.claim(Channel.EMAIL, now=NOON, limit=10)
    delivery.settle(claimed, {}, now=NOON)
    assert Message.objects.values_list("state", flat=True).get() == State.UNKNOWN
