"""Whether what the database cannot hold by itself still holds: a seam in which each room registers its checks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from panro.record.queries import Broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Broken", "Check", "Finding", "checks", "examine", "register"]

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant, in words (``record: every seal follows the one before``), and how to find where it is broken.

    ``find`` yields every broken place and changes nothing. A slow one reads more than rows, such as every stored byte.
    """

    name: str
    find: Callable[[], Iterator[Broken]]
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: the first broken places, and whether there are more."""

    check: Check
    broken: list[Broken]
    more: bool


_checks: dict[str, Check] = {}


def register(check: Check) -> None:
    """Add a check in ``AppConfig.ready``; registering the same name again replaces it."""
    _checks[check.name] = check


def checks(*, slow: bool = False) -> list[Check]:
    """Return the checks in the order of their names, the slow ones only if asked for."""
    return [check for _, check in sorted(_checks.items()) if slow or not check.slow]


def examine(*, slow: bool = False) -> Iterator[Finding]:
    """Run every check, each on one unchanging view of the database, and say what it found."""
    for check in checks(slow=slow):
        broken = _run(check)
        yield Finding(check, broken[:SHOWN], more=len(broken) > SHOWN)


def _run(check: Check) -> list[Broken]:
    nested = connection.in_atomic_block  # a caller that holds a transaction has chosen its view itself
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return list(islice(check.find(), SHOWN + 1))
