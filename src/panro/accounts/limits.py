"""Limits on how often somebody may do something, counted in the database: the same for every process.

The log-in library limits log-in and sign-up by itself (``ACCOUNT_RATE_LIMITS``); other rooms ask here, as before a
look-up that costs money or tells strangers something. A cache cannot count two attempts at once as two, a row can.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Final

from django.db import connection

from panro.accounts.models import LimitWindow

if TYPE_CHECKING:
    from collections.abc import Callable

_COUNT: Final = """
    INSERT INTO accounts_limitwindow AS held (name, starts, ends, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (name, starts) DO UPDATE SET count = held.count + 1
    RETURNING held.count, (
        SELECT earlier.count FROM accounts_limitwindow AS earlier WHERE earlier.name = %s AND earlier.starts = %s
    )
"""


def allow(key: str, per: int, seconds: int, *, clock: Callable[[], float] = time.time) -> bool:
    """Count one attempt and say whether it is within the limit. Call it outside of the transaction that it guards.

    Time is cut into windows of ``seconds``; the count of the window before weighs in by the part of it that a sliding
    window would still see, so a burst around the turn of two windows is not let through twice. Refused attempts count.

    Args:
        key: who does what, such as ``tax-status:<account>``.
        per: attempts allowed, at least 1.
        seconds: in how many seconds, at least 1.
        clock: seconds since the epoch.

    Raises:
        ValueError: a limit below 1.
    """
    if per < 1 or seconds < 1:
        raise ValueError(f"per={per}, seconds={seconds}: at least 1 each")
    now = clock()
    starts = int(now // seconds) * seconds
    name = hashlib.sha256(f"{seconds} {key}".encode()).hexdigest()  # a key may hold an address; the table need not
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [name, starts, starts + 2 * seconds, name, starts - seconds])
        count, before = cursor.fetchone()
    return bool(count + (before or 0) * (1 - (now - starts) / seconds) <= per)


def clear(now: float) -> int:
    """Delete the counts that no longer weigh in; returns how many. ``now``: seconds since the epoch."""
    return LimitWindow.objects.filter(ends__lte=int(now)).delete()[0]
