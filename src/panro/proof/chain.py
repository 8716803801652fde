"""The chain of seals over the agency's record, and the proof that three entries stand in it (selection-spec, 9)."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from panro.proof.canonical import encode
from panro.proof.hashing import ZERO_HASH, tagged_hash
from panro.proof.merkle import MerkleTree, merkle_root

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from panro.proof.canonical import Json

SEAL_TAG: Final = "panro-seal-1"


class ChainError(ValueError):
    """The record cannot be sealed or shown as asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the record: its canonical JSON, kept as the bytes that are sealed."""

    canonical: bytes

    @classmethod
    def of(cls, content: Mapping[str, Json]) -> Self:
        """Make an entry of a JSON object."""
        return cls(encode(content))

    @classmethod
    def of_round(cls, act: str, *, at: datetime, count: int, root: str, round_id: str) -> Self:
        """Make one of a round's three entries (``pool_frozen``, ``evaluation_sealed``, ``round_published``)."""
        return cls.of({"act": act, "at": utc_text(at), "count": count, "root": root, "round": round_id})


@dataclass(frozen=True, slots=True)
class Seal:
    """One batch of the record, chained to the one before; its ``head`` is what is published daily."""

    number: int
    previous: str
    root: str
    count: int
    head: str

    def to_json(self) -> dict[str, Json]:
        """Give the seal as it stands in ``proof.json``."""
        return {
            "number": self.number,
            "previous": self.previous,
            "root": self.root,
            "count": self.count,
            "head": self.head,
        }


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry with the way to it: its place in its seal and the inclusion path."""

    entry: Entry
    index: int
    path: tuple[str, ...]
    seal: int

    def to_json(self) -> dict[str, Json]:
        """Give the entry as it stands in ``proof.json``."""
        return {
            "entry": json.loads(self.entry.canonical),
            "index": self.index,
            "path": self.path,
            "seal": self.seal,
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """The three entries of a round and the consecutive seals that lead from the first to the last."""

    entries: tuple[SealedEntry, ...]
    seals: tuple[Seal, ...]

    @property
    def head(self) -> str:
        """The head that the reader compares with the published one."""
        return self.seals[-1].head

    def to_json(self) -> dict[str, Json]:
        """Give the content of ``proof.json``."""
        return {
            "entries": [entry.to_json() for entry in self.entries],
            "seals": [seal.to_json() for seal in self.seals],
        }


def utc_text(at: datetime) -> str:
    """Write an aware time as ``YYYY-MM-DDTHH:MM:SSZ``; fractions of a second are dropped.

    Raises:
        ValueError: if the time is not in UTC.
    """
    offset = at.utcoffset()
    if offset is None or offset:
        raise ValueError(f"{at!r} is not an aware UTC time; convert it with astimezone(UTC)")
    return at.isoformat()[:19] + "Z"


def seal_batch(entries: Sequence[Entry], previous: Seal | None) -> Seal:
    """Seal a batch of entries after the seal before it (None for the very first)."""
    number = previous.number + 1 if previous else 1
    before = previous.head if previous else ZERO_HASH
    root = merkle_root(entry.canonical for entry in entries)
    head = tagged_hash(SEAL_TAG, number, before, root, len(entries))
    return Seal(number, before, root, len(entries), head)


def make_proof(entries: Sequence[SealedEntry], seals: Sequence[Seal]) -> Proof:
    """Join three sealed entries with the seals from the first entry's on.

    Raises:
        ChainError: if there are not three entries in three different, ascending seals, or seals are missing.
    """
    numbers = [entry.seal for entry in entries]
    if len(numbers) != 3 or sorted(set(numbers)) != numbers:  # noqa: PLR2004 # a round has three entries
        raise ChainError(f"a proof needs three entries in three ascending seals, not in seals {numbers}")
    wanted = tuple(seal for seal in seals if seal.number >= numbers[0])
    if [seal.number for seal in wanted] != list(range(numbers[0], numbers[0] + len(wanted))):
        raise ChainError("the seals of a proof must follow one another without a gap")
    if not wanted or wanted[-1].number < numbers[-1]:
        raise ChainError(f"seal {numbers[-1]} of the last entry is missing")
    return Proof(tuple(entries), wanted)


@dataclass(slots=True)
class Chain:
    """A record kept in memory: entries are appended, sealed in batches and shown (for rehearsals and tests)."""

    entries: list[Entry] = field(default_factory=list)
    seals: list[Seal] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    sealed: int = 0

    def append(self, entry: Entry) -> int:
        """Add an entry to the open batch and give its position in the record (from 0)."""
        self.entries.append(entry)
        return len(self.entries) - 1

    def seal(self) -> Seal:
        """Seal everything that was appended since the last seal (an empty batch is sealed too)."""
        seal = seal_batch(self.entries[self.sealed :], self.seals[-1] if self.seals else None)
        self.starts.append(self.sealed)
        self.sealed = len(self.entries)
        self.seals.append(seal)
        return seal

    def locate(self, position: int) -> SealedEntry:
        """Show one entry with its inclusion path.

        Raises:
            ChainError: if it is not sealed yet.
        """
        if not 0 <= position < self.sealed:
            raise ChainError(f"entry {position} is not sealed; {self.sealed} entries are")
        which = bisect_right(self.starts, position) - 1
        start = self.starts[which]
        batch = self.entries[start : start + self.seals[which].count]
        tree = MerkleTree(entry.canonical for entry in batch)
        index = position - start
        return SealedEntry(self.entries[position], index, tree.path(index), self.seals[which].number)

    def proof(self, positions: Sequence[int], *, through: int | None = None) -> Proof:
        """Prove a round's three entries, with the seals through number ``through`` (default: the last entry's)."""
        located = [self.locate(position) for position in positions]
        last = located[-1].seal if through is None else through
        return make_proof(located, self.seals[:last])
