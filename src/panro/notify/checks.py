"""What the tables of messages cannot hold by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import F, Q
from django.utils import timezone

from panro.notify.models import Message
from panro.notify.states import Channel, State
from panro.record.doctor import Broken, Check, register

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE: Final = timedelta(hours=6)
"""After so long a message that is being sent, or may have been, should have been asked about many times."""


def register_checks() -> None:
    """Add the checks of this room."""
    register(Check("notify: a summary bundles mail of its own receiver alone", strange_bundles))
    register(Check("notify: no message hangs between sent and not sent", hanging))


def strange_bundles() -> Iterator[Broken]:
    """Yield bundled messages whose summary went to somebody else, or is no mail."""
    bundled = Message.objects.filter(state=State.BUNDLED)
    odd = bundled.exclude(account=F("digest__account"), channel=Channel.EMAIL, digest__channel=Channel.EMAIL)
    for identity, account, other in odd.order_by("id").values_list("id", "account_id", "digest__account_id"):
        yield Broken(f"message {identity}", f"a summary by mail to account {account}", f"one to account {other}")


def hanging() -> Iterator[Broken]:
    """Yield messages claimed long ago whose fate nobody has settled."""
    open_ones = Message.objects.filter(Q(state=State.SENDING) | Q(state=State.UNKNOWN))
    old = open_ones.filter(claimed__lt=timezone.now() - PATIENCE)
    for identity, state, claimed in old.order_by("id").values_list("id", "state", "claimed"):
        yield Broken(f"message {identity}", f"settled within {PATIENCE}", f"{state} since {claimed}")
