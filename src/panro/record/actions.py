"""What is done to the record: writing an entry, destroying a payload, sealing a batch."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import connection, transaction

from panro.proof.canonical import encode_text, normalise
from panro.proof.chain import Entry as ChainEntry
from panro.proof.chain import Seal as ChainSeal
from panro.proof.chain import seal_batch, utc_text
from panro.proof.hashing import commitment
from panro.record.models import Entry, Payload, Seal, SealedEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from panro.proof.canonical import Json

SEALING = 7_102_021  # the advisory lock under which seals are made, one at a time
HASH_BYTES = 32
BATCH: Final = 1_000  # rows of one statement

PENDING = """
    SELECT entry.number, entry.document FROM record_entry AS entry
    LEFT JOIN record_sealedentry AS place ON place.entry_id = entry.number
    WHERE place.entry_id IS NULL
    ORDER BY entry.number
"""


class NotInTransactionError(RuntimeError):
    """An entry must stand or fall with the change it tells of, so it needs that change's transaction."""


def new_salt() -> str:
    """Return 64 unpredictable hexadecimal digits."""
    return secrets.token_hex(HASH_BYTES)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done, to be written into the record.

    Attributes:
        act: past tense, as one word (``edition_published``).
        actor: the id of an account, or ``system:`` and the name of a task.
        subject: kind and id, such as ``round:2021/3-1/R1``.
        at: when it happened (aware).
        payload: what may be personal; only its salted commitment enters the chain.
        public: what everybody may read; it is sealed as it stands.
    """

    act: str
    actor: str
    subject: str
    at: datetime
    payload: Mapping[str, Json] | None = None
    public: Mapping[str, Json] | None = None


def record(
    act: str,
    *,
    actor: str,
    subject: str,
    at: datetime,
    now: datetime,
    payload: Mapping[str, Json] | None = None,
    public: Mapping[str, Json] | None = None,
    salt: Callable[[], str] = new_salt,
) -> Entry:
    """Write one deed, told as :class:`Deed` tells it, in the caller's transaction; ``now`` is when it is written.

    Raises:
        NotInTransactionError: outside of a transaction.
    """
    (entry,) = record_many([Deed(act, actor, subject, at, payload, public)], now=now, salt=salt)
    return entry


def record_many(deeds: Sequence[Deed], *, now: datetime, salt: Callable[[], str] = new_salt) -> list[Entry]:
    """Write what was done to many, in the order given, in the caller's transaction; two statements at most per batch.

    Raises:
        NotInTransactionError: outside of a transaction.
    """
    return _write([_sentence(deed, now, salt) for deed in deeds])


def record_round(act: str, *, actor: str, at: datetime, now: datetime, count: int, root: str, round_id: str) -> Entry:
    """Write one of the three entries that a dossier shows (docs/selection-spec.md, section 9), in exactly its shape."""
    document = ChainEntry.of_round(act, at=at.astimezone(UTC), count=count, root=root, round_id=round_id)
    entry = Entry(
        act=act,
        actor=actor,
        subject=f"round:{round_id}",
        occurred=at,
        recorded=now,
        document=document.canonical.decode(),
    )
    return _write([_Sentence(entry)])[0]


class _Sentence(NamedTuple):
    """An entry to write, with the salt and the text of its payload if it has one."""

    entry: Entry
    salt: str = ""
    body: str = ""


def _sentence(deed: Deed, now: datetime, salt: Callable[[], str]) -> _Sentence:
    head: dict[str, Json] = {
        "act": deed.act,
        "actor": deed.actor,
        "at": utc_text(deed.at.astimezone(UTC)),
        "recorded": utc_text(now.astimezone(UTC)),
        "subject": deed.subject,
    }
    salted, text, promise = "", "", None
    if deed.payload is not None:
        body = normalise(dict(deed.payload))
        salted, text = salt(), encode_text(body)
        promise = head["commitment"] = commitment(salted, body)
    if deed.public is not None:
        head["public"] = normalise(dict(deed.public))
    entry = Entry(
        act=deed.act,
        actor=deed.actor,
        subject=deed.subject,
        occurred=deed.at,
        recorded=now,
        document=encode_text(head),
        commitment=promise,
    )
    return _Sentence(entry, salted, text)


def _write(sentences: Sequence[_Sentence]) -> list[Entry]:
    if sentences and not connection.in_atomic_block:
        act = sentences[0].entry.act
        raise NotInTransactionError(f"the entry {act!r} needs the transaction of the change it tells of")
    entries = Entry.objects.bulk_create((one.entry for one in sentences), batch_size=BATCH)
    Payload.objects.bulk_create(
        (
            Payload(entry=entry, salt=one.salt, body=one.body)
            for entry, one in zip(entries, sentences, strict=True)
            if one.salt
        ),
        batch_size=BATCH,
    )
    return entries


@transaction.atomic
def destroy_payload(number: int, *, actor: str, reason: str, now: datetime) -> Entry:
    """Destroy the personal part of one entry, and write that this was done.

    Raises:
        Payload.DoesNotExist: there is none, or it is destroyed already.
    """
    payload = Payload.objects.select_for_update().get(entry_id=number)
    payload.delete()
    return record(
        "payload_destroyed",
        actor=actor,
        subject=f"entry:{number}",
        at=now,
        now=now,
        public={"entry": number, "reason": reason},
    )


@transaction.atomic
def seal_pending(now: datetime) -> Seal | None:
    """Seal all entries whose transactions have ended; None if there are none.

    What is pending is what lies in no seal, not what lies above the last sealed number: a number drawn early and
    committed late is so never skipped, it comes into the next seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING])
        cursor.execute(PENDING)
        pending = cursor.fetchall()
    if not pending:
        return None
    before = Seal.objects.order_by("-number").first()
    made = seal_batch(
        [ChainEntry(document.encode()) for _, document in pending], None if before is None else as_chain_seal(before)
    )
    seal = Seal.objects.create(
        number=made.number, previous=made.previous, root=made.root, count=made.count, head=made.head, sealed=now
    )
    SealedEntry.objects.bulk_create(
        SealedEntry(entry_id=number, seal=seal, index=index) for index, (number, _) in enumerate(pending)
    )
    return seal


def as_chain_seal(seal: Seal) -> ChainSeal:
    """Return the stored seal as the chain's own type."""
    return ChainSeal(number=seal.number, previous=seal.previous, root=seal.root, count=seal.count, head=seal.head)


def payload_of(entry: Entry) -> Json:
    """Read a payload; raises Payload.DoesNotExist if there is none or it was destroyed."""
    body: Json = json.loads(Payload.objects.get(entry=entry).body)
    return body
