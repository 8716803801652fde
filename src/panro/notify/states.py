"""The lifecycle of a message."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a message reaches a person. ``PHONE`` is Alimtalk where there is a template, else a text message."""

    INBOX = "inbox", _("inbox")
    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("telephone")


class State(models.TextChoices):
    """Where a message stands."""

    QUEUED = "queued", _("waiting")
    HELD = "held", _("waiting for the daily summary")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    UNKNOWN = "unknown", _("sent or not: being asked")
    FAILED = "failed", _("could not be sent")
    BUNDLED = "bundled", _("part of a daily summary")
    WITHDRAWN = "withdrawn", _("not sent, because consent was withdrawn")


TRANSITIONS: Final[dict[State, frozenset[State]]] = {
    State.QUEUED: frozenset({State.SENDING, State.WITHDRAWN}),
    State.HELD: frozenset({State.BUNDLED, State.WITHDRAWN}),
    State.SENDING: frozenset({State.SENT, State.QUEUED, State.UNKNOWN, State.FAILED}),
    State.SENT: frozenset({State.DELIVERED, State.FAILED}),
    State.UNKNOWN: frozenset({State.SENT, State.DELIVERED, State.QUEUED, State.FAILED}),
    State.FAILED: frozenset({State.QUEUED}),
    State.DELIVERED: frozenset(),
    State.BUNDLED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
"""From a state to those that may follow it. Everything that changes a message's state asks this table."""

BEGINNINGS: Final = frozenset({State.QUEUED, State.HELD, State.SENT, State.FAILED})
"""A message is born waiting; in the inbox at once (``SENT``); or failed, if its text fits no telephone."""
