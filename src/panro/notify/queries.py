"""Reading messages: an account's inbox, and what an officer must look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from panro.notify.models import Message
from panro.notify.states import Channel, State

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet


def inbox(account: UUID) -> QuerySet[Message]:
    """Return an account's inbox, newest first; page it by ``("-created", "-id")``."""
    return Message.objects.filter(account=account, channel=Channel.INBOX).order_by("-created", "-id")


def unread_count(account: UUID) -> int:
    """Count the unread messages of an account: one query over a partial index, for the header of every page."""
    return Message.objects.filter(account=account, channel=Channel.INBOX, read=None).count()


def dead_letters() -> QuerySet[Message]:
    """Return what could not be sent, newest first, each with its reason."""
    return Message.objects.filter(state=State.FAILED).order_by("-created", "-id")


def standing() -> dict[str, int]:
    """Count messages on their way by state, for an officer's page: one query."""
    on_their_way = Q(state__in=[State.QUEUED, State.HELD, State.SENDING, State.UNKNOWN, State.FAILED])
    rows = Message.objects.filter(on_their_way).order_by().values("state").annotate(number=Count("id"))
    return {row["state"]: row["number"] for row in rows}


def overdue(before: datetime) -> int:
    """Count queued messages that were due before a moment: more than none means that no worker runs."""
    return Message.objects.filter(state=State.QUEUED, due__lt=before).count()
