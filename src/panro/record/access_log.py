"""Who looked at whose personal data, what for, when and from where.

What a line holds is what the standard on safety measures asks for: who, when, from where, whose data, which work
(개인정보의 안전성 확보조치 기준, art. 8). Lines are only added; those older than their term are destroyed by the
retention task (``data/retention.toml``). Whose data it is can read its own lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db.models import Q

from panro.record.models import AccessNote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

PAGE: Final = 50
BATCH: Final = 1_000


class BadPositionError(ValueError):
    """The address holds no position of this list; show the first page, or answer 404."""


@dataclass(frozen=True, slots=True)
class Notes:
    """Lines of the log, newest first, and where the next page begins (None at the end)."""

    rows: list[AccessNote]
    next: str | None


def note(*, actor: str, party: str, what: str, why: str, at: datetime, now: datetime, source: str = "") -> AccessNote:
    """Write down that somebody saw personal data.

    Args:
        actor: the id of an account, or ``system:`` and the name of a task.
        party: whose data, as the record names subjects: ``party:<uuid>``.
        what: the kind of data, as one word (``paper_opened``); rooms above have the words for pages.
        why: the work it was needed for, in words a merchant understands.
        at: when it was seen (aware).
        now: when this is written (aware).
        source: the network address it was seen from; empty for a task of the system itself.
    """
    return note_all(actor=actor, parties=[party], what=what, why=why, at=at, now=now, source=source)[0]


def note_all(
    *, actor: str, parties: Iterable[str], what: str, why: str, at: datetime, now: datetime, source: str = ""
) -> list[AccessNote]:
    """Write one line for each of many parties whose data was seen at once, as in a list or a file; see :func:`note`."""
    lines = [
        AccessNote(actor=actor, party=party, what=what, why=why, happened=at, recorded=now, source=source or None)
        for party in parties
    ]
    return AccessNote.objects.bulk_create(lines, batch_size=BATCH)


def seen(party: str, after: str | None = None) -> Notes:
    """Return who saw a party's data, newest first.

    Raises:
        BadPositionError: ``after`` is not what a page gave as ``next``.
    """
    return _page(AccessNote.objects.filter(party=party), after)


def of_actor(actor: str, after: str | None = None) -> Notes:
    """Return what one account saw, newest first; for the monthly review of the log.

    Raises:
        BadPositionError: ``after`` is not what a page gave as ``next``.
    """
    return _page(AccessNote.objects.filter(actor=actor), after)


def _page(lines: QuerySet[AccessNote], after: str | None) -> Notes:
    if after:
        happened, last = _position(after)
        lines = lines.filter(Q(happened__lt=happened) | Q(happened=happened, id__lt=last))
    rows = list(lines.order_by("-happened", "-id")[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return Notes(rows, f"{rows[-1].happened.isoformat()}~{rows[-1].pk}" if more else None)


def _position(after: str) -> tuple[datetime, UUID]:
    happened, _, last = after.partition("~")
    try:
        moment, identity = datetime.fromisoformat(happened), UUID(last)
    except ValueError:
        raise BadPositionError("this list has no such page") from None
    if moment.tzinfo is None:
        raise BadPositionError("this list has no such page")
    return moment, identity
