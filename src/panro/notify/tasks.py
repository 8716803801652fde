"""What workers do with messages. Each is quick when there is nothing to do, and safe to run twice or side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.tasks import task
from django.utils import timezone

from panro.notify import conf, delivery, digests
from panro.notify.messengers.mail import MailMessenger
from panro.notify.messengers.solapi import SolapiMessenger
from panro.notify.states import Channel

if TYPE_CHECKING:
    from panro.notify.messengers import Messenger


def messengers() -> dict[Channel, Messenger]:
    """Return the ways out that this deployment has."""
    ways: dict[Channel, Messenger] = {Channel.EMAIL: MailMessenger()}
    if (account := conf.solapi()) is not None:
        ways[Channel.PHONE] = SolapiMessenger(account)
    return ways


@task
def deliver() -> int:
    """Carry out what is due; every minute."""
    return delivery.deliver(messengers(), clock=timezone.now)


@task
def settle_unknown() -> int:
    """Find out about messages that may have been sent; every five minutes."""
    return delivery.settle_unknown(messengers(), clock=timezone.now)


@task
def ask_unreported() -> int:
    """Ask about text messages without a report; every hour."""
    return delivery.ask_unreported(messengers(), clock=timezone.now)


@task
def ask_about(messages: list[str]) -> int:
    """Ask about messages of which the provider reported news."""
    return delivery.ask_about([UUID(message) for message in messages], messengers(), clock=timezone.now)


@task
def send_summaries() -> int:
    """Bundle held mail; once a day, at 08:30 in Korea."""
    return digests.bundle_all(now=timezone.now())
