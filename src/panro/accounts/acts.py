"""What happens to accounts, told to the rooms above: the record writes it down, in the same transaction.

Accounts lie below the record, so they cannot write into it themselves; the record registers here when it is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happened to an account.

    Attributes:
        what: past tense, as one word (``consent_given``).
        user: whose account.
        at: when.
        details: may be personal; the record commits to it and keeps it apart.
    """

    what: str
    user: UUID
    at: datetime
    details: Mapping[str, str] = field(default_factory=dict)


_listeners: list[Callable[[Act], None]] = []


def register(listener: Callable[[Act], None]) -> None:
    """Be told of every act; registering the same listener again changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(act: Act) -> None:
    """Tell every listener, in the caller's transaction; an error of a listener undoes the act."""
    for listener in _listeners:
        listener(act)
