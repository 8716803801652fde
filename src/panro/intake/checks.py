"""What the doctor looks at: whether receipts, snapshots, numbers and pools still say the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q

from panro.dossier.snapshot import TAG
from panro.intake.models import Application, Pool, Receipt, Snapshot
from panro.intake.states import HANDED_IN, State, SupplementState
from panro.proof.hashing import commitment_of_text, tagged_hash
from panro.proof.merkle import text_root
from panro.record import doctor
from panro.record.doctor import Broken, Check

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_ONCE = 2_000
_DESTROYED = """
    SELECT gone.id FROM record_entry AS entry,
        LATERAL jsonb_array_elements_text(entry.document::jsonb #> '{public,applications}') AS gone (id)
    WHERE entry.act = 'contents_destroyed'
"""


def register_checks() -> None:
    """Hand the checks of this room to the doctor."""
    doctor.register(Check("intake: what was handed in has a receipt, and nothing else has", receipts_of_handed_in))
    doctor.register(
        Check("intake: an application waits exactly while a request for supplements is open", open_requests)
    )
    doctor.register(Check("intake: a round has as many receipts as numbers", numbers))
    doctor.register(Check("intake: a frozen pool has the root of its receipts", roots))
    doctor.register(Check("intake: receipts and snapshots hash to what they say", hashes, slow=True))
    doctor.register(Check("intake: contents are there unless their destruction is recorded", destroyed_contents))


def receipts_of_handed_in() -> Iterator[Broken]:
    """Applications whose state and receipt do not agree."""
    without = Q(state__in=HANDED_IN, receipt__isnull=True)
    unearned = ~Q(state__in=HANDED_IN) & Q(receipt__isnull=False)
    for row in Application.objects.filter(without | unearned).only("state").order_by("pk").iterator(AT_ONCE):
        due = "a receipt" if row.state in HANDED_IN else "none"
        yield Broken(f"application {row.pk}, {row.state}", due, "none" if due == "a receipt" else "a receipt")


def open_requests() -> Iterator[Broken]:
    """Applications that wait for nothing, or do not wait although something was asked."""
    rows = Application.objects.annotate(
        open=Count("supplements", filter=Q(supplements__state=SupplementState.ASKED))
    ).filter(Q(state=State.SUPPLEMENTING, open=0) | (~Q(state=State.SUPPLEMENTING) & Q(open__gt=0)))
    for row in rows.only("state").order_by("pk").iterator(AT_ONCE):
        due = 1 if row.state == State.SUPPLEMENTING else 0
        yield Broken(f"application {row.pk}, {row.state}, open requests", str(due), str(1 - due))


def numbers() -> Iterator[Broken]:
    """Rounds in which numbers were drawn that no receipt bears, or the other way round."""
    handed_in = Application.objects.filter(receipt__isnull=False).order_by()
    counted = {
        (row["edition"], row["programme"], row["round_code"]): row["count"]
        for row in handed_in.values("edition", "programme", "round_code").annotate(count=Count("pk"))
    }
    for pool in Pool.objects.order_by("edition_id", "programme", "round_code"):
        found = counted.pop((pool.edition_id, pool.programme, pool.round_code), 0)
        if found != pool.issued:
            yield Broken(f"round {pool.programme} {pool.round_code}, receipts", str(pool.issued), str(found))
    for (_edition, programme, code), count in sorted(counted.items(), key=str):
        yield Broken(f"round {programme} {code}, receipts", "0", str(count))


def roots() -> Iterator[Broken]:
    """Frozen pools whose places are out of order, or have another root."""
    for pool in Pool.objects.filter(frozen_at__isnull=False).order_by("frozen_at", "pk"):
        places = pool.places.order_by("result_no").values_list("result_no", "receipt__commitment")
        listed = list(places.iterator(AT_ONCE))
        commitments = [commitment for _number, commitment in listed]
        where = f"pool {pool.programme} {pool.round_code}"
        if [number for number, _commitment in listed] != list(range(1, len(listed) + 1)):
            yield Broken(f"{where}, result numbers", f"1 to {len(listed)}", "others")
        if commitments != sorted(commitments):
            yield Broken(f"{where}, order", "ascending commitments", "another")
        if (found := text_root(commitments)) != pool.root:
            yield Broken(f"{where}, root", pool.root, found)


def hashes() -> Iterator[Broken]:
    """Snapshots with another digest, receipts with another commitment, and receipts of another snapshot."""
    for snapshot in Snapshot.objects.filter(destroyed_at=None).order_by("pk").iterator(AT_ONCE):
        if (found := tagged_hash(TAG, snapshot.document)) != snapshot.digest:
            yield Broken(f"snapshot {snapshot.pk}", snapshot.digest, found)
    rows = Receipt.objects.filter(destroyed_at=None).annotate(digest=F("snapshot__digest")).order_by("pk")
    for receipt in rows.iterator(AT_ONCE):
        if (found := commitment_of_text(receipt.salt, receipt.payload)) != receipt.commitment:
            yield Broken(f"receipt {receipt.receipt_no}", receipt.commitment, found)
        if (said := json.loads(receipt.payload)["snapshot"]) != receipt.digest:
            yield Broken(f"receipt {receipt.receipt_no}, snapshot", receipt.digest, said)


def destroyed_contents() -> Iterator[Broken]:
    """Applications whose contents are gone without a word, in part only, or are there although they were destroyed."""
    with connection.cursor() as cursor:
        cursor.execute(_DESTROYED)
        told = {UUID(key) for (key,) in cursor.fetchall()}
    left = Snapshot.objects.filter(application=OuterRef("pk"), destroyed_at=None)
    gone = Snapshot.objects.filter(application=OuterRef("pk"), destroyed_at__isnull=False)
    rows = Application.objects.annotate(left=Exists(left), gone=Exists(gone)).filter(
        Q(pk__in=told) | Q(destroyed_at__isnull=False) | Q(gone=True) | Q(receipt__destroyed_at__isnull=False)
    )
    for row in rows.select_related("receipt").order_by("pk").iterator(AT_ONCE):
        where, said = f"application {row.pk}, contents", row.pk in told
        whole = row.destroyed_at is not None and row.receipt.destroyed_at is not None and not row.left
        if not said:
            yield Broken(where, "there, for no destruction is recorded", "gone")
        elif not whole:
            yield Broken(where, "destroyed, as is recorded", "there, at least in part")
