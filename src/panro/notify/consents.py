"""Consent to advertising, given or withdrawn where members manage their consents, as it is kept with their wishes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from panro.notify import quiet
from panro.notify.catalogue import Kind
from panro.notify.models import Message, Preference
from panro.notify.states import Channel, State

if TYPE_CHECKING:
    from panro.accounts.consents import Change

KINDS: Final = {
    "advertising_mail": (Channel.EMAIL, "advertising_email_since"),
    "advertising_phone": (Channel.PHONE, "advertising_phone_since"),
}
"""By kind of consent: the channel it is about, and where the wishes of an account keep its time."""


def follow(change: Change) -> None:
    """Keep the wishes of an account in step with its consents, in the same transaction.

    Without a telephone number there is nothing to send to: the time is kept once the number is stored
    (:func:`panro.notify.actions.set_wishes`).
    """
    if change.kind not in KINDS:
        return
    channel, column = KINDS[change.kind]
    held = Preference.objects.select_for_update().filter(pk=change.user).first() or Preference(pk=change.user)
    if not change.given:
        setattr(held, column, None)
        waiting = Message.objects.filter(account=change.user, kind=Kind.ADVERTISING, channel=channel)
        waiting.filter(state__in=[State.QUEUED, State.HELD]).update(state=State.WITHDRAWN)
    elif channel is Channel.EMAIL or held.phone:
        since = getattr(held, column)
        setattr(held, column, since if quiet.consents(since, change.at) else change.at)
    held.save()
