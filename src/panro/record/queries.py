"""Reading the record: proofs of rounds, the head of a day, and whether the chain still holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from panro.proof.canonical import Json, encode_text
from panro.proof.chain import Entry as ChainEntry
from panro.proof.chain import SealedEntry as ChainSealedEntry
from panro.proof.chain import make_proof, seal_batch, utc_text
from panro.proof.hashing import commitment
from panro.proof.merkle import MerkleTree
from panro.record.actions import as_chain_seal
from panro.record.models import Entry, Payload, Seal, SealedEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from panro.proof.chain import Proof
    from panro.proof.chain import Seal as ChainSeal


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the record no longer agrees with itself."""

    where: str
    expected: str
    found: str


def head_before(moment: datetime) -> Seal | None:
    """Return the last seal made before a moment: its head is what stood published then."""
    return Seal.objects.filter(sealed__lt=moment).order_by("-number").first()


def proof_of(numbers: Sequence[int]) -> Proof:
    """Prove three entries, given by number, with all seals since the first of them.

    Raises:
        ChainError: they are not sealed in three different, ascending seals.
    """
    places = {place.entry_id: place for place in SealedEntry.objects.filter(entry__in=numbers).select_related("entry")}
    located = [_located(places[number]) for number in numbers if number in places]
    first = min((place.seal for place in located), default=1)
    seals = [as_chain_seal(seal) for seal in Seal.objects.filter(number__gte=first).order_by("number")]
    return make_proof(located, seals)


def _located(place: SealedEntry) -> ChainSealedEntry:
    batch = Entry.objects.filter(place__seal=place.seal_id).order_by("place__index")
    tree = MerkleTree(document.encode() for document in batch.values_list("document", flat=True))
    entry = ChainEntry(place.entry.document.encode())
    return ChainSealedEntry(entry, place.index, tuple(tree.path(place.index)), place.seal_id)


def broken_places() -> Iterator[Broken]:
    """Recompute every seal and every commitment, and yield what does not agree; in order of the chain.

    Finds what a database superuser changed after sealing. The last head must still be compared with a published one:
    a chain rewritten from end to end agrees with itself.
    """
    documents = (
        SealedEntry.objects.order_by("seal_id", "index")
        .values_list("seal_id", "entry__document")
        .iterator(chunk_size=10_000)
    )
    batches = _batches(documents)
    batch = next(batches, None)
    previous: ChainSeal | None = None
    for stored in Seal.objects.order_by("number").iterator():
        entries: list[ChainEntry] = []
        if batch is not None and batch[0] == stored.number:
            entries = [ChainEntry(document.encode()) for document in batch[1]]
            batch = next(batches, None)
        due = seal_batch(entries, previous)
        held = as_chain_seal(stored)
        for name in ("number", "previous", "root", "count", "head"):
            if getattr(due, name) != getattr(held, name):
                yield Broken(f"seal {stored.number}, {name}", str(getattr(due, name)), str(getattr(held, name)))
                break
        previous = held
    yield from _broken_documents()
    yield from _broken_payloads()


def _batches(rows: Iterator[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    for number, group in groupby(rows, key=lambda row: row[0]):
        yield number, [document for _, document in group]


def _broken_documents() -> Iterator[Broken]:
    """The columns that pages read must say what the sealed document says (a round's entry says less)."""
    for entry in Entry.objects.order_by("number").iterator(chunk_size=10_000):
        said = _document(entry)
        held = {
            "act": entry.act,
            "actor": entry.actor,
            "at": utc_text(entry.occurred),
            "commitment": entry.commitment,
            "recorded": utc_text(entry.recorded),
            "subject": entry.subject,
        }
        for name, value in held.items():
            if (name in said or name == "commitment") and said.get(name) != value:
                yield Broken(f"entry {entry.number}, {name}", str(said.get(name)), str(value))


def _document(entry: Entry) -> dict[str, Json]:
    read: dict[str, Json] = json.loads(entry.document)
    return read


def _broken_payloads() -> Iterator[Broken]:
    for payload in Payload.objects.select_related("entry").order_by("entry_id").iterator(chunk_size=10_000):
        found = commitment(payload.salt, json.loads(payload.body))
        if found != payload.entry.commitment or encode_text(json.loads(payload.body)) != payload.body:
            yield Broken(f"payload of entry {payload.entry_id}", str(payload.entry.commitment), found)
