"""Destroying what applications said once its term is over (`panro.record.retention`, ``data/retention.toml``).

Drafts that were never handed in go as a whole. Of what was handed in go the answers, the snapshots' text, the receipt's
salt and payload, and what supplements said; numbers, digests and commitments stay, so the pool's root still agrees.
Nothing goes that a round still needs: what is not in a frozen pool yet, and what a room above says is not settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from django.db import transaction
from django.db.models import JSONField, Q, Value

from panro.intake.models import Application, DraftStep, ItemKind, Receipt, Snapshot, SupplementItem
from panro.intake.states import State
from panro.record.retention import record_destroyed, term
from panro.vault.seams import Seam

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

BATCH: Final = 500
DRAFTS, SELECTED, OTHERS = "drafts", "applications_selected", "applications_others"
GONE: Final = "보존 기간이 끝나 파기했습니다."
"""Stands where an officer's words stood; pages say by themselves that the contents are destroyed."""


class Among(Protocol):
    """Tells some applications from others, with a constant number of queries."""

    def __call__(self, applications: Collection[UUID]) -> Collection[UUID]:
        """Return those of the applications of which it is true."""
        ...


needed: Final[Seam[Among]] = Seam()
"""Rooms above say which applications something still rests on: a review, an objection, an agreement."""
not_selected: Final[Seam[Among]] = Seam()
"""Rooms above say which applications were finally not selected. Of others in a pool the longer term holds."""


def destroy_outlived(today: date, *, now: datetime) -> int:
    """Destroy what has outlived its term, in batches of a transaction each; returns how many applications.

    Safe to run twice or side by side: rows that another process has taken are left to it.
    """
    destroyed = sum(_destroy_drafts(batch, now=now) for batch in _batches(_outlived_drafts(today)))
    for rows in (_outlived_contents(SELECTED, today), _outlived_contents(OTHERS, today)):
        destroyed += sum(_destroy_contents(batch, today, now=now) for batch in _batches(rows))
    return destroyed


def _outlived_drafts(today: date) -> QuerySet[Application]:
    return Application.objects.filter(state=State.MISSED, closes__lt=term(DRAFTS).last_day(today))


def _outlived_contents(code: str, today: date) -> QuerySet[Application]:
    """What is in a frozen pool or was withdrawn, and whose round closed before the term's last day."""
    settled = Q(state=State.CLOSED) | Q(state=State.WITHDRAWN)
    return Application.objects.filter(settled, destroyed_at=None, closes__lt=term(code).last_day(today))


def _batches(rows: QuerySet[Application]) -> Iterator[list[UUID]]:
    """Walk through the ids in their order, so that what must stay keeps nothing after it from being looked at."""
    after: UUID | None = None
    while True:
        found = rows if after is None else rows.filter(pk__gt=after)
        batch = list(found.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield batch
        after = batch[-1]


def _taken(ids: Collection[UUID], *states: State) -> list[tuple[UUID, str]]:
    """Lock those of the applications that still stand so and that nobody else has locked; with their states."""
    rows = Application.objects.select_for_update(skip_locked=True).filter(pk__in=ids, destroyed_at=None)
    return list(rows.filter(state__in=states).order_by("pk").values_list("pk", "state"))


@transaction.atomic
def _destroy_drafts(batch: Collection[UUID], *, now: datetime) -> int:
    ids = [pk for pk, _state in _taken(batch, State.MISSED)]
    if ids:
        Application.objects.filter(pk__in=ids).delete()
        record_destroyed(DRAFTS, now=now, act="drafts_destroyed", count=len(ids))
    return len(ids)


@transaction.atomic
def _destroy_contents(batch: Collection[UUID], today: date, *, now: datetime) -> int:
    taken = _taken(batch, State.CLOSED, State.WITHDRAWN)
    ids = {pk for pk, _state in taken}
    held = {pk for needs in needed for pk in needs(ids)} if ids else set()
    others = {pk for pk, state in taken if state == State.WITHDRAWN}
    others |= {pk for tells in not_selected for pk in tells(ids)} if ids else set()
    long = term(SELECTED).last_day(today)
    old = set(Application.objects.filter(pk__in=ids, closes__lt=long).values_list("pk", flat=True))
    gone = {OTHERS: sorted((ids & others) - held), SELECTED: sorted((ids & old) - others - held)}
    for code, keys in gone.items():
        if keys:
            _empty(keys, now=now)
            record_destroyed(
                code, now=now, act="contents_destroyed", count=len(keys), applications=[str(key) for key in keys]
            )
    return sum(map(len, gone.values()))


def _empty(ids: Collection[UUID], *, now: datetime) -> None:
    Snapshot.objects.filter(application__in=ids, destroyed_at=None).update(document="", destroyed_at=now)
    Receipt.objects.filter(application__in=ids, destroyed_at=None).update(salt="", payload="", destroyed_at=now)
    items = SupplementItem.objects.filter(supplement__application__in=ids)
    items.update(why=GONE)
    items.filter(kind=ItemKind.QUESTION, answered_at__isnull=False).update(value=Value(None, JSONField()))
    DraftStep.objects.filter(application__in=ids).delete()
    Application.objects.filter(pk__in=ids).update(
        answers={}, declared={}, changed={}, withdrawn_why="", destroyed_at=now
    )
