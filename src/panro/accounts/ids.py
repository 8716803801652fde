"""Identifiers: UUID version 7 (RFC 9562), made in Python so that a row knows its name before it is stored.

They sort by the time they were made. The 12 bits after the version hold the fraction of the millisecond
(RFC 9562, section 6.2, method 3), so ids of one process keep their order within a millisecond as well.
"""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_NANOSECONDS_PER_MILLISECOND = 1_000_000
_TIMESTAMP_BITS = 48
_FRACTION_BITS = 12
_RANDOM_BITS = 62
_VERSION = 7
_VARIANT = 0b10


def uuid7(nanoseconds: int, random: int) -> UUID:
    """The version 7 UUID of a moment.

    Args:
        nanoseconds: since 1970-01-01T00:00:00Z; the timestamp field holds milliseconds until the year 10889.
        random: 62 unpredictable bits.

    Raises:
        ValueError: an argument does not fit its field.
    """
    milliseconds, rest = divmod(nanoseconds, _NANOSECONDS_PER_MILLISECOND)
    if not 0 <= milliseconds < 1 << _TIMESTAMP_BITS:
        raise ValueError(f"nanoseconds={nanoseconds}: outside what 48 bits of milliseconds hold")
    if not 0 <= random < 1 << _RANDOM_BITS:
        raise ValueError("random: expected 62 bits")
    fraction = (rest << _FRACTION_BITS) // _NANOSECONDS_PER_MILLISECOND
    value = milliseconds << 80 | _VERSION << 76 | fraction << 64 | _VARIANT << 62 | random
    return UUID(int=value)


def new_id() -> UUID:
    """An id for something that comes into being now."""
    return uuid7(time.time_ns(), secrets.randbits(_RANDOM_BITS))


def as_uuid(text: object) -> UUID | None:
    """Read an id that came from outside; None for what is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
