"""Merkle trees and inclusion paths as in RFC 9162, sections 2.1.1 and 2.1.3."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """Give the hash of one leaf."""
    return sha256(_LEAF + leaf).digest()


def merkle_root(leaves: Iterable[bytes]) -> str:
    """Give M(leaves) as 64 hexadecimal digits; of nothing it is SHA-256 of nothing."""
    level = [sha256(_LEAF + leaf).digest() for leaf in leaves]
    if not level:
        return sha256(b"").hexdigest()
    while len(level) > 1:
        level = _parents(level)
    return level[0].hex()


def text_root(lines: Iterable[str]) -> str:
    """Give M over texts, each as its UTF-8 bytes."""
    return merkle_root(map(str.encode, lines))


class MerkleTree:
    """A tree kept whole, from which any number of inclusion paths can be read."""

    __slots__ = ("_levels",)

    def __init__(self, leaves: Iterable[bytes]) -> None:
        level = [sha256(_LEAF + leaf).digest() for leaf in leaves]
        self._levels = [level]
        while len(level) > 1:
            level = _parents(level)
            self._levels.append(level)

    def __len__(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> str:
        """M(leaves) as 64 hexadecimal digits."""
        top = self._levels[-1]
        return top[0].hex() if top else sha256(b"").hexdigest()

    def path(self, index: int) -> tuple[str, ...]:
        """Give the inclusion path of the leaf at ``index`` (from 0), nearest sibling first.

        Raises:
            IndexError: if there is no such leaf.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"the tree has {len(self)} leaves; there is no leaf {index}")
        siblings = []
        for level in self._levels[:-1]:
            sibling = index ^ 1
            if sibling < len(level):
                siblings.append(level[sibling].hex())
            index >>= 1
        return tuple(siblings)


def path_root(leaf: bytes, index: int, count: int, path: Sequence[str]) -> str | None:
    """Give the root that an inclusion path leads to, or None if the path does not fit the place (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < count:
        return None
    place, last = index, count - 1
    node = leaf_hash(leaf)
    for step in path:
        if last == 0:
            return None
        sibling = bytes.fromhex(step)
        if place & 1 or place == last:
            node = sha256(_NODE + sibling + node).digest()
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            node = sha256(_NODE + node + sibling).digest()
        place >>= 1
        last >>= 1
    return node.hex() if last == 0 else None


def verify_path(leaf: bytes, index: int, count: int, path: Sequence[str], root: str) -> bool:
    """Tell whether the leaf stands at ``index`` of the ``count`` leaves under ``root``."""
    return path_root(leaf, index, count, path) == root


def _parents(level: list[bytes]) -> list[bytes]:
    """Pair neighbours; one left over rises unchanged, which gives the largest power of two to the left."""
    pairs = iter(level)
    above = [sha256(_NODE + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
    if len(level) % 2:
        above.append(level[-1])
    return above
