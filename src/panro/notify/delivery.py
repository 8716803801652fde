"""Carrying messages out: claimed in one short transaction, handed over outside of any, settled in another.

A message is claimed before it leaves and settled after, so that a crash between the two shows: its claim grows old.
Such a message is never simply sent again. About a text message the provider is asked first; a mail leaves once more
with the same Message-ID, by which readers see that it is the same.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import F

from panro.accounts.lifecycles import check
from panro.notify import quiet
from panro.notify.catalogue import Kind
from panro.notify.messengers import Answer, Outcome, Parcel, Result, Standing
from panro.notify.models import REASON_LENGTH, Message
from panro.notify.states import TRANSITIONS, Channel, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from panro.notify.messengers import Messenger

    type Clock = Callable[[], datetime]
    type Messengers = Mapping[Channel, Messenger]

BACKOFF: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 25, 120, 600))
"""How long to wait after each failed attempt; after the last there is one more, and then it is a dead letter."""
ATTEMPTS: Final = len(BACKOFF) + 1
LEASE: Final = timedelta(minutes=10)
"""A claim older than this belongs to a worker that is gone."""
ASK_FOR: Final = timedelta(days=3)
"""For how long the provider is asked about a message."""
REPORT_DUE: Final = timedelta(hours=1)
"""A text message without a report after this is asked about."""
ROUNDS: Final = 100
ASKED_AT_ONCE: Final = 2_000
_SETTLED: Final = ["state", "reason", "due", "sent", "provider_group", "provider_message"]


class InTransactionError(RuntimeError):
    """Something remote would have been done inside of a transaction."""


def deliver(messengers: Messengers, *, clock: Clock, rounds: int = ROUNDS) -> int:
    """Carry out what is due; returns how many messages were handed over. Any number of workers may do so at once.

    Raises:
        InTransactionError: called inside of a transaction.
    """
    _outside()
    handed = 0
    for channel, messenger in messengers.items():
        for _ in range(rounds):
            claimed = claim(channel, now=clock(), limit=messenger.batch)
            if not claimed:
                break
            outcomes = messenger.send([_parcel(message) for message in claimed])
            settle(claimed, outcomes, now=clock())
            handed += len(claimed)
    return handed


@transaction.atomic
def claim(channel: Channel, *, now: datetime, limit: int) -> list[Message]:
    """Take due messages of a channel, oldest first, past those another worker is taking; no advertising at night."""
    due = Message.objects.filter(state=State.QUEUED, channel=channel, due__lte=now)
    if quiet.is_quiet(now):
        due = due.exclude(kind=Kind.ADVERTISING)
    rows = list(due.order_by("due", "id").select_for_update(skip_locked=True)[:limit])
    for row in rows:
        check(TRANSITIONS, row.state, State.SENDING)
        row.state, row.claimed = State.SENDING, now
        row.attempts += 1
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.SENDING, claimed=now, attempts=F("attempts") + 1
    )
    return rows


@transaction.atomic
def settle(claimed: Sequence[Message], outcomes: Mapping[UUID, Outcome], *, now: datetime) -> None:
    """Write down what came of claimed messages; of those without an outcome it is not known."""
    claims = {message.pk: message.claimed for message in claimed}
    rows = _locked(Message.objects.filter(pk__in=list(claims), state=State.SENDING))
    mine = [row for row in rows if row.claimed == claims[row.pk]]
    for row in mine:
        _apply(row, outcomes.get(row.pk, Outcome(Result.UNKNOWN, "nothing is known of it")), now)
    Message.objects.bulk_update(mine, _SETTLED)


def find_lost(*, now: datetime) -> int:
    """Call unknown what was claimed by a worker that is gone; returns how many."""
    lost = Message.objects.filter(state=State.SENDING, claimed__lt=now - LEASE)
    return lost.update(state=State.UNKNOWN, reason="the worker ended while it was sending")


def settle_unknown(messengers: Messengers, *, clock: Clock) -> int:
    """Decide what is to become of unknown messages; returns how many were decided.

    Raises:
        InTransactionError: called inside of a transaction.
    """
    _outside()
    now = clock()
    find_lost(now=now)
    return _mail_again(now) + _ask(messengers, _unknown_calls(now), clock)


def ask_about(messages: Sequence[UUID], messengers: Messengers, *, clock: Clock) -> int:
    """Ask the provider about certain messages, as a report said there is news; returns how many moved.

    Raises:
        InTransactionError: called inside of a transaction.
    """
    _outside()
    named = Message.objects.filter(pk__in=messages, channel=Channel.PHONE, state__in=[State.SENT, State.UNKNOWN])
    return _ask(messengers, named, clock)


def ask_unreported(messengers: Messengers, *, clock: Clock) -> int:
    """Ask about text messages whose report is overdue; returns how many moved.

    Raises:
        InTransactionError: called inside of a transaction.
    """
    _outside()
    now = clock()
    silent = Message.objects.filter(
        channel=Channel.PHONE, state=State.SENT, sent__gte=now - ASK_FOR, sent__lt=now - REPORT_DUE
    )
    return _ask(messengers, silent, clock)


def _outside() -> None:
    if connection.in_atomic_block:
        raise InTransactionError("messages are handed over outside of any transaction")


def _parcel(message: Message) -> Parcel:
    if message.claimed is None:
        raise ValueError(f"message {message.pk} was never claimed")
    return Parcel(
        id=message.pk,
        address=message.address,
        subject=message.subject,
        text=message.text,
        claimed=message.claimed,
        alimtalk=message.alimtalk,
        provider_message=message.provider_message,
    )


def _locked(rows: QuerySet[Message]) -> list[Message]:
    return list(rows.order_by("id").select_for_update())


def _apply(row: Message, outcome: Outcome, now: datetime) -> None:
    row.reason = outcome.reason[:REASON_LENGTH]
    if outcome.result is Result.ACCEPTED:
        _move(row, State.SENT)
        row.sent, row.reason = now, ""
        row.provider_group, row.provider_message = outcome.group, outcome.message
    elif outcome.result is Result.UNKNOWN:
        _move(row, State.UNKNOWN)
    elif outcome.result is Result.LATER and row.attempts < ATTEMPTS:
        _move(row, State.QUEUED)
        row.due = now + BACKOFF[row.attempts - 1]
    else:
        _fail(row, outcome.reason)


def _move(row: Message, after: State) -> None:
    check(TRANSITIONS, row.state, after)
    row.state = after


def _fail(row: Message, reason: str) -> None:
    _move(row, State.FAILED)
    row.reason = (reason or "no reason was given")[:REASON_LENGTH]


@transaction.atomic
def _mail_again(now: datetime) -> int:
    rows = _locked(Message.objects.filter(state=State.UNKNOWN, channel=Channel.EMAIL))
    for row in rows:
        _again(row, now)
    Message.objects.bulk_update(rows, _SETTLED)
    return len(rows)


def _again(row: Message, now: datetime) -> None:
    if row.attempts < ATTEMPTS:
        _move(row, State.QUEUED)
        row.due = now + BACKOFF[row.attempts - 1]
    else:
        _fail(row, f"not known to be sent after {row.attempts} attempts: {row.reason}")


def _unknown_calls(now: datetime) -> QuerySet[Message]:
    """Unknown text messages whose call is long over, so that the provider's answer cannot be too early."""
    return Message.objects.filter(state=State.UNKNOWN, channel=Channel.PHONE, claimed__lt=now - LEASE)


def _ask(messengers: Messengers, rows: QuerySet[Message], clock: Clock) -> int:
    messenger = messengers.get(Channel.PHONE)
    if messenger is None:
        return 0
    moved = 0
    for asked in batched(rows.order_by("claimed", "id")[:ASKED_AT_ONCE], messenger.batch, strict=False):
        answers = messenger.ask([_parcel(message) for message in asked])
        moved += _note(asked, answers, clock())
    return moved


@transaction.atomic
def _note(asked: Sequence[Message], answers: Mapping[UUID, Answer], now: datetime) -> int:
    before = {message.pk: (message.state, message.claimed) for message in asked}
    rows = _locked(Message.objects.filter(pk__in=list(before)))
    unmoved = [row for row in rows if (row.state, row.claimed) == before[row.pk]]
    moved = [row for row in unmoved if _follow(row, answers.get(row.pk), now)]
    Message.objects.bulk_update(moved, _SETTLED)
    return len(moved)


def _follow(row: Message, answer: Answer | None, now: datetime) -> bool:
    """Move a message as the provider's answer says; returns whether it moved."""
    if answer is None or (answer.standing is Standing.ABSENT and row.state == State.SENT):
        if row.state == State.UNKNOWN and row.claimed is not None and row.claimed < now - ASK_FOR:
            _fail(row, "the provider could not say for three days whether it was sent")
            return True
        return False
    if answer.standing is Standing.ABSENT:
        _again(row, now)
        return True
    row.provider_group = answer.group or row.provider_group
    row.provider_message = answer.message or row.provider_message
    if answer.standing is Standing.FAILED:
        _fail(row, answer.reason)
        return True
    after = State.DELIVERED if answer.standing is Standing.DELIVERED else State.SENT
    if row.state == after:
        return False
    _move(row, after)
    row.sent, row.reason = row.sent or now, ""
    return True
