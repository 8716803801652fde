"""The daily summary: mail that an account wants once a day, bundled into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction

from panro.accounts.lifecycles import check
from panro.notify import quiet
from panro.notify.actions import Notice, ToAccount, queue
from panro.notify.models import Message, Preference
from panro.notify.states import TRANSITIONS, Channel, State

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

TEMPLATE: Final = "daily_summary"
LINES: Final = 30
"""How many subjects a summary lists; of more it says how many there are, and all are in the inbox."""


def bundle_all(*, now: datetime) -> int:
    """Bundle what every account has waiting, one account after the other; returns how many summaries were made."""
    waiting = Message.objects.filter(state=State.HELD).order_by("account_id").values_list("account_id", flat=True)
    return sum(bundle(account, now=now) for account in waiting.distinct().iterator() if account is not None)


@transaction.atomic
def bundle(account: UUID, *, now: datetime) -> bool:
    """Make one summary of what waits for an account; False if nothing does, or another worker is at it."""
    held = Message.objects.filter(state=State.HELD, account=account, due__lte=now)
    rows = list(held.order_by("created", "id").select_for_update(skip_locked=True))
    if not rows:
        return False
    wishes = Preference.objects.filter(pk=account).first()
    language = wishes.language if wishes else "ko"
    key = f"{TEMPLATE}:{now.astimezone(quiet.KOREA).date()}:{rows[0].pk}"
    summary = Notice(
        template=TEMPLATE,
        to=ToAccount(account),
        values={"count": len(rows), "list": _listed(rows, language)},
        key=key,
        channels=frozenset({Channel.EMAIL}),
    )
    queue([summary], now=now)
    digest = Message.objects.filter(key=key, channel=Channel.EMAIL).first()
    for row in rows:
        after = State.BUNDLED if digest else State.WITHDRAWN  # none: the account wants no mail any more
        check(TRANSITIONS, row.state, after)
        row.state, row.digest = after, digest
    Message.objects.bulk_update(rows, ["state", "digest"])
    return digest is not None


def _listed(rows: list[Message], language: str) -> str:
    lines = [f"- {row.subject[:60]}" for row in rows[:LINES]]
    if (more := len(rows) - LINES) > 0:
        lines.append(f"- … and {more} more" if language == "en" else f"- … 외 {more}건")
    return "\n".join(lines)
