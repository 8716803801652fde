"""Hashes, Merkle trees and commitments (section 1)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LENGTH_BYTES = 8
LEAF = b"\x00"
NODE = b"\x01"
PREPARED = 256
_LENGTHS = [length.to_bytes(LENGTH_BYTES, "big") for length in range(PREPARED)]


def framed(part: str) -> bytes:
    """Return a part as H takes it in: its length in bytes and its UTF-8 bytes."""
    data = part.encode()
    size = len(data)
    return (_LENGTHS[size] if size < PREPARED else size.to_bytes(LENGTH_BYTES, "big")) + data


def h(tag: str, *parts: str) -> str:
    """Return H(tag, part, …): SHA-256 over length and bytes of the tag and every part, as 64 hex digits."""
    return sha256(framed(tag) + b"".join(map(framed, parts))).hexdigest()


class Hasher:
    """H with a tag and first parts that are the same for many: they are framed once."""

    def __init__(self, tag: str, *parts: str) -> None:
        """Take what every hash begins with."""
        self._beginning = framed(tag) + b"".join(map(framed, parts))

    def __call__(self, part: str) -> str:
        """Return H of the beginning and one part more, as 64 hex digits."""
        return sha256(self._beginning + framed(part)).hexdigest()

    def of_framed(self, parts: Iterable[bytes]) -> list[bytes]:
        """Return H of the beginning and one part that is framed already, for each of many, as 32 bytes."""
        beginning, digest = self._beginning, sha256
        return [digest(beginning + part).digest() for part in parts]


_COMMITMENT = framed("panro-commitment-1")


def commitment(salt: str, canonical_json: str) -> str:
    """Return C(salt, value) for a value that is already written as canonical JSON."""
    return sha256(_COMMITMENT + framed(salt) + framed(canonical_json)).hexdigest()


def merkle_root(leaves: Iterable[bytes]) -> str:
    """Return M(leaves), the tree hash of RFC 9162 section 2.1.1, as 64 hex digits.

    Pairing neighbours level by level, with a last one left over moving up unchanged, gives the same tree as
    splitting at the largest power of two smaller than the number of leaves.
    """
    digest = sha256
    level = [digest(LEAF + leaf).digest() for leaf in leaves]
    if not level:
        return digest(b"").hexdigest()
    while len(level) > 1:
        left_over = level[-1:] if len(level) % 2 else []
        neighbours = iter(level)
        level = [digest(NODE + left + right).digest() for left, right in zip(neighbours, neighbours, strict=False)]
        level += left_over
    return level[0].hex()


def merkle_root_of_texts(texts: Iterable[str]) -> str:
    """Return M over texts, each as its UTF-8 bytes."""
    return merkle_root(text.encode() for text in texts)


def root_by_path(leaf: bytes, index: int, count: int, path: Sequence[str]) -> str | None:
    """Return the root that an inclusion path leads to (RFC 9162 section 2.1.3.2), or None if it has a wrong length.

    Args:
        leaf: The entry itself.
        index: Its place among the `count` leaves, from 0; smaller than `count`.
        count: Number of leaves.
        path: The siblings' hashes as 64 hex digits each, nearest first.
    """
    node, last, digest = index, count - 1, sha256(LEAF + leaf).digest()
    for sibling in path:
        if last == 0:
            return None
        other = bytes.fromhex(sibling)
        if node % 2 or node == last:
            digest = sha256(NODE + other + digest).digest()
            while node % 2 == 0 and node != 0:
                node, last = node // 2, last // 2
        else:
            digest = sha256(NODE + digest + other).digest()
        node, last = node // 2, last // 2
    return digest.hex() if last == 0 else None
