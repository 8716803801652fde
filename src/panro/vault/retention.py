"""Destroying what the vault holds once its term is over (`panro.record.retention`, ``data/retention.toml``).

Papers that count no longer go with number and file, and a row without contents tells that they were there. Facts that
count for no day any more go as a whole, and proofs of withdrawn consents. Rooms above say on what they still rest.
"""

from __future__ import annotations

from datetime import datetime, time
from itertools import chain
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import Q

from panro.files import actions as files
from panro.files.models import StoredFile
from panro.record.retention import ACTOR, record_destroyed, term
from panro.ui.clock import SEOUL
from panro.vault import seams
from panro.vault.actions.facts import withdraw_facts
from panro.vault.models import Consent, Paper, StoredFact
from panro.vault.states import CURRENT, PaperState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

BATCH: Final = 500
PAPERS, FACTS, CONSENTS = "papers", "facts", "withdrawn_consents"
TERM_OVER: Final = "term_over"
"""The reason of a paper that was destroyed because its term was over."""
# A fact counts for no day from `since` on when it was withdrawn by then, or when a newer one of the same source on the
# same matter, which stands, was known by then. `since` is the end of the term or, where a room above still asks the
# facts of an earlier day, that day. Of a party closed before it none counts.
_SUPERSEDED: Final = """
    SELECT fact.id FROM vault_storedfact AS fact
    JOIN parties_party AS party ON party.id = fact.party_id
    LEFT JOIN unnest(%(parties)s::uuid[], %(days)s::date[]) AS asked (party_id, day) ON asked.party_id = fact.party_id
    WHERE fact.party_id = ANY(%(batch)s) AND (fact.paper_id IS NULL OR NOT fact.paper_id = ANY(%(resting)s))
      AND (asked.day IS NULL AND (party.closed_at AT TIME ZONE 'Asia/Seoul')::date < %(since)s
        OR fact.withdrawn_on <= least(asked.day, %(since)s)
        OR EXISTS (
            SELECT 1 FROM vault_storedfact AS newer
            WHERE newer.party_id = fact.party_id AND newer.key = fact.key AND newer.source = fact.source
              AND newer.withdrawn_on IS NULL AND newer.looked_up = fact.looked_up
              AND (newer.as_of, newer.recorded_at, newer.id) > (fact.as_of, fact.recorded_at, fact.id)
              AND newer.known_from <= least(asked.day, %(since)s)))
    ORDER BY fact.id FOR UPDATE OF fact SKIP LOCKED
"""


def destroy_outlived(today: date, *, now: datetime) -> int:
    """Destroy what has outlived its term, in batches of a transaction each; returns how many rows.

    Safe to run twice or side by side: rows that another process has taken are left to it.
    """
    destroyed = sum(_destroy_papers(batch, today, now=now) for batch in _batches(outlived_papers(today)))
    since = term(FACTS).last_day(today)
    held = StoredFact.objects.filter(Q(known_from__lt=since) | Q(withdrawn_on__lte=since)).order_by()
    for parties in _parties(held):
        destroyed += _destroy_facts(parties, since, now=now)
    destroyed += sum(_destroy_consents(batch, now=now) for batch in _batches(_outlived_consents(today)))
    return destroyed


def outlived_papers(today: date) -> QuerySet[Paper]:
    """Return the papers whose term is over: by their last day, or since they were replaced or not accepted.

    Of a closed party all go when the term after its closing is over.
    """
    last = term(PAPERS).last_day(today)
    return Paper.objects.filter(
        Q(state__in=CURRENT, valid_to__lt=last)
        | Q(state=PaperState.REJECTED, handed_in_on__lt=last)
        | Q(state=PaperState.REPLACED, replaced_by__handed_in_on__lt=last)
        | (~Q(state=PaperState.DESTROYED) & Q(party__closed_at__lt=datetime.combine(last, time(), tzinfo=SEOUL)))
    )


def _outlived_consents(today: date) -> QuerySet[Consent]:
    return Consent.objects.filter(withdrawn_on__lt=term(CONSENTS).last_day(today))


def _batches(rows: QuerySet[Paper] | QuerySet[Consent]) -> Iterator[list[UUID]]:
    """Walk through the ids in their order, so that what must stay keeps nothing after it from being looked at."""
    after: UUID | None = None
    while True:
        found = rows if after is None else rows.filter(pk__gt=after)
        batch = list(found.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield batch
        after = batch[-1]


def _parties(rows: QuerySet[StoredFact]) -> Iterator[list[UUID]]:
    after: UUID | None = None
    while True:
        found = rows if after is None else rows.filter(party__gt=after)
        batch = list(found.order_by("party").values_list("party", flat=True).distinct()[:BATCH])
        if not batch:
            return
        yield batch
        after = batch[-1]


@transaction.atomic
def _destroy_papers(batch: Collection[UUID], today: date, *, now: datetime) -> int:
    # Files before papers, as everywhere; one that somebody holds at this moment is left until the next night.
    wanted = Paper.objects.filter(pk__in=batch, file__isnull=False).values_list("file", flat=True)
    locked = set(
        StoredFile.objects.select_for_update(skip_locked=True)
        .filter(pk__in=list(wanted))
        .order_by("id")
        .values_list("pk", flat=True)
    )
    rows = outlived_papers(today).filter(pk__in=batch).order_by("id").select_for_update(skip_locked=True, of=("self",))
    papers = [row for row in rows if row.file_id is None or row.file_id in locked]
    resting = set(chain.from_iterable(rests([row.pk for row in papers]) for rests in seams.in_use))
    gone = [row.pk for row in papers if row.pk not in resting]
    if not gone:
        return 0
    facts = StoredFact.objects.filter(paper__in=gone, withdrawn_at=None).values_list("pk", flat=True)
    withdraw_facts(facts, by=ACTOR, reason="paper_destroyed", now=now, today=today)
    Paper.objects.filter(pk__in=gone).update(
        state=PaperState.DESTROYED, reason=TERM_OVER, number="", document_number="", destroyed_on=today
    )
    held = {row.file_id for row in papers if row.pk not in resting and row.file_id is not None}
    shared = Paper.objects.filter(file__in=held).exclude(state=PaperState.DESTROYED).values_list("file", flat=True)
    files.destroy(sorted(held - set(shared)), actor=ACTOR, reason=TERM_OVER, now=now)
    record_destroyed(PAPERS, now=now, act="papers_destroyed", count=len(gone), papers=[str(paper) for paper in gone])
    return len(gone)


@transaction.atomic
def _destroy_facts(parties: Collection[UUID], since: date, *, now: datetime) -> int:
    asked: dict[UUID, date] = {}
    for asks in seams.facts_asked_from:
        for party, day in asks(parties).items():
            asked[party] = min(day, asked.get(party, day))
    papers = StoredFact.objects.filter(party__in=parties, paper__isnull=False).values_list("paper", flat=True)
    shown_by = set(papers)
    resting = {paper for rests in seams.in_use for paper in rests(shown_by)}
    with connection.cursor() as cursor:
        cursor.execute(
            _SUPERSEDED,
            {
                "batch": list(parties),
                "parties": list(asked),
                "days": list(asked.values()),
                "resting": list(resting),
                "since": since,
            },
        )
        gone = [pk for (pk,) in cursor.fetchall()]
    if gone:
        StoredFact.objects.filter(pk__in=gone).delete()
        record_destroyed(FACTS, now=now, act="facts_destroyed", count=len(gone), facts=[str(fact) for fact in gone])
    return len(gone)


@transaction.atomic
def _destroy_consents(batch: Collection[UUID], *, now: datetime) -> int:
    rows = Consent.objects.select_for_update(skip_locked=True).filter(pk__in=batch).order_by("pk")
    gone = [row.pk for row in rows]
    if gone:
        Consent.objects.filter(pk__in=gone).delete()
        record_destroyed(CONSENTS, now=now, act="proofs_of_consent_destroyed", count=len(gone))
    return len(gone)
