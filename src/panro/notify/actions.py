"""What is done with messages: queued with the change they tell of, read, bundled, asked for, sent once more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction

from panro.accounts import consents
from panro.accounts.lifecycles import check
from panro.accounts.models import User, Way
from panro.notify import conf, quiet, telephone
from panro.notify.catalogue import Kind, template
from panro.notify.models import Message, Preference
from panro.notify.rendering import render
from panro.notify.states import TRANSITIONS, Channel, State
from panro.record.actions import NotInTransactionError, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from panro.notify.catalogue import Template
    from panro.notify.rendering import Rendered, Values

BATCH = 500


class BadAddressError(ValueError):
    """A message cannot go where it was asked to go; says why."""


@dataclass(frozen=True, slots=True)
class ToAccount:
    """To somebody with an account, by the channels that account wants."""

    account: UUID


@dataclass(frozen=True, slots=True)
class ToAddress:
    """To somebody without an account, such as a person invited; at least one of the two."""

    email: str = ""
    phone: str = ""
    language: str = "ko"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to queue.

    Attributes:
        template: its code.
        to: who gets it.
        values: what its places are filled with: exactly those it has.
        key: what makes it the same message when it is queued again, at most 200 characters, such as
            ``application_received:<id of the application>:<id of the account>``. One message per key and channel.
        channels: those asked for; None means all of the template.
    """

    template: str
    to: ToAccount | ToAddress
    values: Values
    key: str
    channels: frozenset[Channel] | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an account asks for (see :class:`Preference`)."""

    language: str = "ko"
    phone: str = ""
    by_email: bool = True
    by_phone: bool = True
    daily: bool = False
    advertising_by_email: bool = False
    advertising_by_phone: bool = False


@dataclass(frozen=True, slots=True)
class _Person:
    """Where somebody can be reached; empty where not."""

    account: UUID | None
    language: str
    email: str
    phone: str
    daily: bool
    advertising: frozenset[Channel]


def queue(notices: Sequence[Notice], *, now: datetime) -> None:
    """Write messages into the outbox, in the caller's transaction. Three statements at most per 500 messages.

    What was queued under the same key before stays as it is. A text too long for a telephone is stored as failed,
    with its length, and the other channels get the message all the same.

    Raises:
        NotInTransactionError: outside of a transaction.
        UnknownTemplateError, TemplateVariablesError: the notice is wrong.
        BadAddressError: an address is none, or somebody without consent would get advertising.
        User.DoesNotExist: names the accounts that are not there.
    """
    if not connection.in_atomic_block:
        raise NotInTransactionError("queue() needs the transaction of the change that the messages tell of")
    people = _accounts({notice.to.account for notice in notices if isinstance(notice.to, ToAccount)}, now)
    rows = [row for notice in notices for row in _rows(notice, people, now)]
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


@transaction.atomic
def set_wishes(account: UUID, wishes: Wishes, *, actor: str, now: datetime) -> Preference:
    """Store how an account wants to be told.

    A change of consent to advertising is written into the record, and advertising that still waits for somebody who
    withdrew is not sent.

    Raises:
        NotATelephoneError: the number is none.
        BadAddressError: advertising by telephone without a number.
    """
    phone = telephone.number(wishes.phone) if wishes.phone else ""
    if wishes.advertising_by_phone and not phone:
        raise BadAddressError("advertising by telephone needs a telephone number")
    User.objects.select_for_update().get(pk=account)
    held = Preference.objects.filter(pk=account).first() or Preference(pk=account)
    before = (held.advertising_email_since, held.advertising_phone_since)
    held.language, held.phone = wishes.language, phone
    held.by_email, held.by_phone, held.daily = wishes.by_email, wishes.by_phone, wishes.daily
    held.advertising_email_since = _consent(before[0], now, given=wishes.advertising_by_email)
    held.advertising_phone_since = _consent(before[1], now, given=wishes.advertising_by_phone)
    held.save()
    if before != (held.advertising_email_since, held.advertising_phone_since):
        _record_consent(held, actor, now)
        _keep_consents(held, before, now)
    refused = [
        channel
        for channel, since in (
            (Channel.EMAIL, held.advertising_email_since),
            (Channel.PHONE, held.advertising_phone_since),
        )
        if since is None
    ]
    waiting = Message.objects.filter(account=account, kind=Kind.ADVERTISING, channel__in=refused)
    waiting.filter(state__in=[State.QUEUED, State.HELD]).update(state=State.WITHDRAWN)
    return held


def mark_read(account: UUID, messages: Iterable[UUID], *, now: datetime) -> int:
    """Mark messages of an account's inbox as read; returns how many were unread. Others' messages are left alone."""
    unread = Message.objects.filter(account=account, channel=Channel.INBOX, read=None)
    return unread.filter(pk__in=list(messages)).update(read=now)


def mark_all_read(account: UUID, *, now: datetime) -> int:
    """Mark the whole inbox of an account as read; returns how many were unread."""
    return Message.objects.filter(account=account, channel=Channel.INBOX, read=None).update(read=now)


@transaction.atomic
def send_again(messages: Sequence[UUID], *, actor: str, now: datetime) -> int:
    """Queue failed messages once more, as an officer decides; returns how many. The decision is recorded.

    Raises:
        WrongStateError: one of them has not failed.
    """
    rows = list(Message.objects.select_for_update().filter(pk__in=messages).order_by("id"))
    for row in rows:
        check(TRANSITIONS, row.state, State.QUEUED)
        row.state, row.reason, row.attempts, row.due = State.QUEUED, "", 0, now
        row.provider_group = row.provider_message = ""
        row.claimed = None
    Message.objects.bulk_update(
        rows, ["state", "reason", "attempts", "due", "provider_group", "provider_message", "claimed"]
    )
    for row in rows:
        record(
            "message_sent_again",
            actor=actor,
            subject=f"message:{row.pk}",
            at=now,
            now=now,
            public={"channel": row.channel, "template": row.template},
        )
    return len(rows)


def _accounts(ids: set[UUID], now: datetime) -> dict[UUID, _Person]:
    if not ids:
        return {}
    found = User.objects.filter(pk__in=ids).select_related("notify_preference")
    people = {user.pk: _person(user, now) for user in found}
    if missing := ids - set(people):
        raise User.DoesNotExist(f"no account {', '.join(sorted(map(str, missing)))}")
    return people


def _person(user: User, now: datetime) -> _Person:
    try:
        wishes = user.notify_preference
    except Preference.DoesNotExist:
        wishes = Preference(account=user)
    consents = {
        Channel.EMAIL: quiet.consents(wishes.advertising_email_since, now),
        Channel.PHONE: quiet.consents(wishes.advertising_phone_since, now),
    }
    given = {channel for channel, consent in consents.items() if consent}
    return _Person(
        account=user.pk,
        language=wishes.language,
        email=user.email if wishes.by_email and user.is_active else "",
        phone=wishes.phone if wishes.by_phone and user.is_active else "",
        daily=wishes.daily,
        advertising=frozenset(given | {Channel.INBOX} if given else given),
    )


def _stranger(to: ToAddress) -> _Person:
    if not to.email and not to.phone:
        raise BadAddressError("a message to nobody: give an e-mail address or a telephone number")
    try:
        if to.email:
            validate_email(to.email)
        phone = telephone.number(to.phone) if to.phone else ""
    except ValidationError:
        raise BadAddressError(f"{to.email!r} is no e-mail address") from None
    except telephone.NotATelephoneError as wrong:
        raise BadAddressError(str(wrong)) from None
    return _Person(None, to.language, to.email, phone, daily=False, advertising=frozenset())


def _rows(notice: Notice, people: dict[UUID, _Person], now: datetime) -> list[Message]:
    form = template(notice.template)
    person = people[notice.to.account] if isinstance(notice.to, ToAccount) else _stranger(notice.to)
    if form.kind is Kind.ADVERTISING and person.account is None:
        raise BadAddressError(f"template {form.code!r} is advertising; it goes only to accounts that consented")
    texts = render(form, person.language, notice.values)
    channels = form.channels if notice.channels is None else form.channels & notice.channels
    if form.kind is Kind.ADVERTISING:
        channels &= person.advertising
    return [_row(notice, form, person, texts, channel, now) for channel in _reachable(person, channels)]


def _reachable(person: _Person, channels: frozenset[Channel]) -> list[Channel]:
    reached = {
        Channel.INBOX: person.account is not None,
        Channel.EMAIL: bool(person.email),
        Channel.PHONE: bool(person.phone) and conf.solapi() is not None,
    }
    return [channel for channel in Channel if channel in channels and reached[channel]]


def _row(  # noqa: PLR0917 - one caller, which names them all
    notice: Notice, form: Template, person: _Person, texts: Rendered, channel: Channel, now: datetime
) -> Message:
    row = Message(
        key=notice.key,
        channel=channel,
        template=form.code,
        kind=form.kind,
        language=person.language,
        account_id=person.account,
        subject=texts.subject,
        text=texts.text,
        state=State.QUEUED,
        created=now,
        due=quiet.earliest(now) if form.kind is Kind.ADVERTISING and channel is not Channel.INBOX else now,
    )
    if channel is Channel.INBOX:
        row.state, row.sent = State.SENT, now
    elif channel is Channel.EMAIL:
        row.address = person.email
        row.state = State.HELD if person.daily and form.daily else State.QUEUED
    else:
        row.address, row.subject, row.text, row.alimtalk = person.phone, texts.title, texts.phone, texts.alimtalk
        try:
            telephone.form_of(row.text)
        except telephone.TooLongError as wrong:
            row.state, row.reason = State.FAILED, str(wrong)
    return row


def _consent(since: datetime | None, now: datetime, *, given: bool) -> datetime | None:
    if not given:
        return None
    return since if quiet.consents(since, now) else now


def _keep_consents(held: Preference, before: tuple[datetime | None, datetime | None], now: datetime) -> None:
    """Have the member's page of consents say the same. What was never in force here is not withdrawn there."""
    since = {"advertising_mail": held.advertising_email_since, "advertising_phone": held.advertising_phone_since}
    ended = [kind for kind, earlier in zip(since, before, strict=True) if earlier is not None and since[kind] is None]
    consents.give(held.pk, [kind for kind, moment in since.items() if moment], way=Way.MESSAGES, now=now)
    consents.withdraw(held.pk, ended, now=now)


def _record_consent(held: Preference, actor: str, now: datetime) -> None:
    since = {"email": held.advertising_email_since, "phone": held.advertising_phone_since}
    record(
        "advertising_consent_changed",
        actor=actor,
        subject=f"account:{held.pk}",
        at=now,
        now=now,
        payload={channel: None if moment is None else moment.isoformat() for channel, moment in since.items()},
    )
