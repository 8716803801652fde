"""Announcing that papers run out: thirty days, a week and a day before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import override

from panro.notify.actions import Notice, ToAccount, queue
from panro.parties.states import PartyState
from panro.record.actions import record
from panro.vault import kinds
from panro.vault.models import Announcement, Paper
from panro.vault.notices import keepers, paper_address
from panro.vault.states import CURRENT

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

DAYS_BEFORE: Final = (30, 7, 1)
BATCH: Final = 500
ACTOR: Final = "system:paper_expiry"
_DAY: Final = {"ko": "Y년 n월 j일", "en": "j F Y"}


def announce(*, today: date, now: datetime) -> int:
    """Announce every end that comes near, in batches; returns of how many papers.

    Safe to run twice: what was announced is written down in the same transaction as the message. A day on which it did
    not run is made up for the next day. A paper whose successor is there already is left alone.
    """
    told = 0
    while count := announce_batch(today=today, now=now):
        told += count
    return told


@transaction.atomic
def announce_batch(*, today: date, now: datetime) -> int:
    """Announce the ends of up to 500 papers; returns of how many."""
    papers = list(
        expiring(today)
        .select_related("party")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("valid_to", "id")[:BATCH]
    )
    if not papers:
        return 0
    people = keepers({paper.party_id for paper in papers})
    notices = [
        _notice(paper, account=account, language=language, today=today)
        for paper in papers
        for account, language in people.get(paper.party_id, [])
    ]
    queue(notices, now=now)
    Announcement.objects.bulk_create(
        [
            Announcement(paper=paper, days_before=step, announced_at=now)
            for paper in papers
            for step in DAYS_BEFORE
            if step >= _step(paper, today)
        ],
        ignore_conflicts=True,  # the steps before this one may have been announced
    )
    record(
        "papers_expiring_announced",
        actor=ACTOR,
        subject=f"paper:{papers[0].pk}",
        at=now,
        now=now,
        public={"papers": len(papers), "day": today.isoformat()},
    )
    return len(papers)


def expiring(today: date) -> QuerySet[Paper]:
    """Return the papers whose end comes near and has not been announced for the step it has reached."""
    due = Q()
    for step, below in zip(DAYS_BEFORE, (*DAYS_BEFORE[1:], -1), strict=True):
        reached = Announcement.objects.filter(paper=OuterRef("pk"), days_before=step)
        near = Q(valid_to__lte=today + timedelta(days=step), valid_to__gt=today + timedelta(days=below))
        due |= near & Q(~Exists(reached))
    successor = Paper.objects.filter(
        party=OuterRef("party"), kind=OuterRef("kind"), state__in=CURRENT, valid_to__gt=OuterRef("valid_to")
    )
    living = Paper.objects.filter(state__in=CURRENT, party__state=PartyState.ACTIVE)
    return living.filter(due, ~Exists(successor))


def _step(paper: Paper, today: date) -> int:
    """Return the step that a paper has reached: 30, 7 or 1 days before its end."""
    left = _left(paper, today)
    return min(step for step in DAYS_BEFORE if left <= step)


def _left(paper: Paper, today: date) -> int:
    return 0 if paper.valid_to is None else (paper.valid_to - today).days


def _notice(paper: Paper, *, account: UUID, language: str, today: date) -> Notice:
    with override(language):
        values = {
            "paper": kinds.name_of(paper.kind),
            "business": paper.party.name,
            "expires": "–" if paper.valid_to is None else date_format(paper.valid_to, _DAY[language]),
            "link": paper_address(paper),
        }
    key = f"paper_expiring:{paper.pk}:{_step(paper, today)}:{account}"
    return Notice("paper_expiring", ToAccount(account), values, key=key)
