"""H, the tagged hash of everything that is recomputed, and C, the salted commitment (selection-spec, 1)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from panro.proof.canonical import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from panro.proof.canonical import Json

ZERO_HASH: Final = "0" * 64
COMMITMENT_TAG: Final = "panro-commitment-1"
_COUNT_BYTES: Final = 8
_FRAMES: Final = tuple(count.to_bytes(_COUNT_BYTES) for count in range(256))
_DIGITS: Final = frozenset("0123456789abcdef")


def _frame(count: int) -> bytes:
    return _FRAMES[count] if count < len(_FRAMES) else count.to_bytes(_COUNT_BYTES)


def framed(part: str | int) -> bytes:
    """Give a part as H reads it: its length as an 8-byte big-endian number, then its UTF-8 bytes."""
    raw = str(part).encode()
    return _frame(len(raw)) + raw


def tagged_hash(tag: str, *parts: str | int) -> str:
    """Give ``H(tag, part, ...)`` in 64 lower-case hexadecimal digits; numbers count as their decimal text."""
    pieces = []
    for part in (tag, *parts):
        raw = part.encode() if isinstance(part, str) else b"%d" % part
        pieces.append(_FRAMES[len(raw)] if len(raw) < len(_FRAMES) else _frame(len(raw)))
        pieces.append(raw)
    return sha256(b"".join(pieces)).hexdigest()


def hash_with(tag: str, *parts: str | int) -> Callable[[str], str]:
    """Give the function ``last -> H(tag, *parts, last)``; the shared beginning is hashed only once."""
    begun = sha256(b"".join(map(framed, (tag, *parts))))
    copy = begun.copy

    def finish(last: str) -> str:
        raw = last.encode()
        state = copy()
        state.update(_frame(len(raw)) + raw)
        return state.hexdigest()

    return finish


def digests_with(lasts: Iterable[str], tag: str, *parts: str | int) -> list[bytes]:
    """Give the digest of ``H(tag, *parts, last)`` for every last: ``hash_with`` for very many, not in hexadecimal."""
    copy = sha256(b"".join(map(framed, (tag, *parts)))).copy
    found = []
    for raw in map(str.encode, lasts):
        state = copy()
        state.update(_frame(len(raw)) + raw)
        found.append(state.digest())
    return found


def commitment(salt: str, value: Json) -> str:
    """Give ``C(salt, value)`` for a salt of 64 hexadecimal digits.

    Raises:
        CanonicalError: if the value has no canonical JSON.
        ValueError: if the salt is not 64 lower-case hexadecimal digits.
    """
    return commitment_of_text(salt, encode(value).decode())


def commitment_of_text(salt: str, canonical: str) -> str:
    """Give ``C`` for a value whose canonical JSON text is known already."""
    if not is_hash(salt):
        raise ValueError(f"the salt {salt!r} is not 64 lower-case hexadecimal digits")
    return tagged_hash(COMMITMENT_TAG, salt, canonical)


def is_hash(text: str) -> bool:
    """Tell whether text is 64 lower-case hexadecimal digits."""
    return len(text) == len(ZERO_HASH) and _DIGITS.issuperset(text)
