"""Stating facts and taking them back; always as sets."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import DateField, F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.accounts.models import User
from panro.proof.canonical import encode_text
from panro.proof.merkle import text_root
from panro.record.actions import record
from panro.rules.facts import Fact
from panro.ui.clock import day_of
from panro.vault.errors import VaultError
from panro.vault.knowledge import APPLICANT, about
from panro.vault.models import StoredFact
from panro.vault.shapes import shaped
from panro.vault.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.parties.models import Party
    from panro.proof.canonical import Json
    from panro.rules.facts import FactValue
    from panro.vault.models import Paper

BATCH: Final = 5_000
COPIED_FROM: Final = 500
_COPY: Final = """
    COPY vault_storedfact
        (id, party_id, key, value, as_of, source, looked_up, paper_id, known_from, recorded_at, recorded_by_id)
    FROM STDIN
"""
_LISTED: Final = 40
"""Up to so many facts are written into the record word by word; of more, their root."""


def state_fact(
    party: Party,
    key: str,
    value: FactValue,
    *,
    as_of: date,
    source: str = APPLICANT,
    paper: Paper | None = None,
    by: User | str,
    now: datetime,
    today: date | None = None,
) -> StoredFact | None:
    """State one fact; see :func:`state_facts`. Returns None if exactly this stood there already."""
    told = Statement(party.pk, key, value, as_of, source, None if paper is None else paper.pk)
    return next(iter(state_facts([told], by=by, now=now, today=today)), None)


@transaction.atomic
def state_facts(
    statements: Sequence[Statement], *, by: User | str, now: datetime, today: date | None = None
) -> list[StoredFact]:
    """State facts of any number of parties at once; returns those that are new.

    What a source says again word for word, for the same day, is not stored twice. Nothing is overwritten: what other
    sources say, and what the same source said before, stays.

    Args:
        statements: what is stated.
        by: the acting account, or ``system:`` and the name of a task.
        now: the moment.
        today: the day from which they count; the day of ``now`` in Seoul unless a demo pretends another.

    Raises:
        UnknownFactError: no rule reads a key.
        BadValueError: a value has another shape than its key.
        VaultError: a fact would be from the future.
    """
    day = today or day_of(now)
    account = by if isinstance(by, User) else None
    rows = [_row(told, account, day, now) for told in statements]
    new = [row for batch in batched(rows, BATCH, strict=False) for row in _without_known(batch)]
    _insert(new)
    if new:
        _record("facts_stated", new, by, now)
    return new


@transaction.atomic
def withdraw_facts(
    facts: Iterable[UUID], *, by: User | str, reason: str, now: datetime, today: date | None = None, void: bool = False
) -> int:
    """Take facts back; returns how many. Those taken back before stay as they are.

    Args:
        facts: which.
        by: the acting account, or ``system:`` and the name of a task.
        reason: in one word, for the record.
        now: the moment.
        today: the first day on which they count no longer; the day of ``now`` in Seoul unless given.
        void: whether they should never have counted: then they do not for any day, past ones included.
    """
    day = today or day_of(now)
    rows = list(
        StoredFact.objects.select_for_update().filter(pk__in=list(facts), withdrawn_at=None).order_by("party_id", "id")
    )
    StoredFact.objects.filter(pk__in=[row.pk for row in rows]).update(
        withdrawn_at=now,
        withdrawn_on=F("known_from") if void else Greatest(F("known_from"), Value(day, DateField())),
        withdrawn_by=by if isinstance(by, User) else None,
    )
    if rows:
        _record("facts_withdrawn", rows, by, now, reason=reason)
    return len(rows)


def actor_of(by: User | str) -> str:
    """Return who acts, as the record names it."""
    return str(by.pk) if isinstance(by, User) else by


def as_fact(row: StoredFact) -> Fact:
    """Return a stored fact as rules read it."""
    return Fact(row.key, row.value, row.as_of, row.source)


def _row(told: Statement, account: User | None, day: date, now: datetime) -> StoredFact:
    known = about(told.key)
    looked_up = told.looked_up
    if looked_up is None:
        looked_up = told.paper is None and told.source in known.registers
    known_from = told.as_of if looked_up else told.known_from or day
    if told.as_of > max(known_from, day):
        raise VaultError(
            _("%(fact)s: the day %(day)s has not come yet.") % {"fact": known.name, "day": told.as_of.isoformat()},
            field="as_of",
        )
    return StoredFact(
        id=new_id(),
        party_id=told.party,
        key=told.key,
        value=shaped(told.key, told.value),
        as_of=told.as_of,
        source=told.source,
        looked_up=looked_up,
        paper_id=told.paper,
        known_from=known_from,
        recorded_at=now,
        recorded_by=account,
    )


def _insert(rows: Sequence[StoredFact]) -> None:
    """Add rows; many of them by COPY, which the database takes several times as fast."""
    if len(rows) < COPIED_FROM:
        StoredFact.objects.bulk_create(rows)
        return
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(_COPY) as copy:
        for row in rows:
            value = None if row.value is None else encode_text(row.value)
            copy.write_row(
                (
                    row.pk,
                    row.party_id,
                    row.key,
                    value,
                    row.as_of,
                    row.source,
                    row.looked_up,
                    row.paper_id,
                    row.known_from,
                    row.recorded_at,
                    row.recorded_by_id,
                )
            )


def _without_known(rows: Sequence[StoredFact]) -> list[StoredFact]:
    """Leave out what stands there already, and what the set itself says twice."""
    there = StoredFact.objects.filter(
        party__in={row.party_id for row in rows},
        key__in={row.key for row in rows},
        as_of__in={row.as_of for row in rows},
        withdrawn_at=None,
    ).only("party_id", "key", "value", "as_of", "source", "looked_up", "paper_id")
    newest: dict[tuple[object, ...], str] = {}
    for row in there.order_by("recorded_at", "id"):
        newest[_place(row)] = encode_text(row.value)
    new = []
    for row in rows:
        said = encode_text(row.value)
        if newest.get(_place(row)) != said:
            newest[_place(row)] = said
            new.append(row)
    return new


def _place(row: StoredFact) -> tuple[object, ...]:
    return row.party_id, row.key, row.source, row.as_of, row.looked_up, row.paper_id


def _record(act: str, rows: Sequence[StoredFact], by: User | str, now: datetime, *, reason: str = "") -> None:
    """Write one entry for the whole set: its facts if they are few and of one party, else their root."""
    parties = {row.party_id for row in rows}
    public: dict[str, Json] = {"count": len(rows), "keys": sorted({row.key for row in rows})}
    if reason:
        public["reason"] = reason
    payload: dict[str, Json]
    if len(parties) == 1 and len(rows) <= _LISTED:
        subject = f"party:{rows[0].party_id}"
        payload = {"facts": [as_fact(row).to_json() for row in rows]}
    else:
        subject = f"facts:{rows[0].pk}"
        lines = (encode_text({"id": str(row.pk), "fact": as_fact(row).to_json()}) for row in rows)
        payload = {"parties": len(parties), "root": text_root(lines)}
    record(act, actor=actor_of(by), subject=subject, at=now, now=now, public=public, payload=payload)
