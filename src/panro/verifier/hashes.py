"""Hashes, Merkle trees and commitments (section 1)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LENGTH_BYTES = 8
LEAF = b"\x00"
NODE = b"\x01"
DIGEST_BYTES = 32
PAIR_BYTES = 2 * DIGEST_BYTES
_LENGTHS = [length.to_bytes(LENGTH_BYTES, "big") for length in range(256)]


def h(tag: str, *parts: str) -> str:
    """Return H(tag, part, …): SHA-256 over length and bytes of the tag and every part, as 64 hex digits."""
    texts = [tag.encode(), *map(str.encode, parts)]
    try:
        message = b"".join([_LENGTHS[len(data)] + data for data in texts])
    except IndexError:  # a part too long for the prepared lengths
        message = b"".join([len(data).to_bytes(LENGTH_BYTES, "big") + data for data in texts])
    return sha256(message).hexdigest()


def commitment(salt: str, canonical_json: str) -> str:
    """Return C(salt, value) for a value that is already written as canonical JSON."""
    return h("panro-commitment-1", salt, canonical_json)


def merkle_root(leaves: Iterable[bytes]) -> str:
    """Return M(leaves), the tree hash of RFC 9162 section 2.1.1, as 64 hex digits.

    Pairing neighbours level by level, with a last one left over moving up unchanged, gives the same tree as
    splitting at the largest power of two smaller than the number of leaves.
    """
    level = b"".join([sha256(LEAF + leaf).digest() for leaf in leaves])
    if not level:
        return sha256(b"").hexdigest()
    while len(level) > DIGEST_BYTES:
        paired = len(level) // PAIR_BYTES * PAIR_BYTES
        pairs = [sha256(NODE + level[at : at + PAIR_BYTES]).digest() for at in range(0, paired, PAIR_BYTES)]
        level = b"".join(pairs) + level[paired:]
    return level.hex()


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
