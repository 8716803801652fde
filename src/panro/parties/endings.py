"""What ends with a party, and what keeps it from being closed: a seam that rooms above fill in ``AppConfig.ready``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.korea.text import Text


class Ending(Protocol):
    """What one room has of a party that closes."""

    def lock(self, party: UUID) -> None:
        """Lock the room's rows of the party; called before the party itself is locked, as the room's own acts do."""
        ...

    def obstacles(self, party: UUID, *, on: date) -> Iterable[Text]:
        """Say what must be settled before."""
        ...

    def consequences(self, party: UUID, *, on: date) -> Iterable[Text]:
        """Say what ends with it, for whoever closes it."""
        ...

    def end(self, party: UUID, *, by: User, now: datetime, today: date) -> None:
        """End it, in the transaction in which the party closes."""
        ...


_endings: dict[str, Ending] = {}


def register(name: str, ending: Ending) -> None:
    """Add what a room has; registering the same name again replaces it."""
    _endings[name] = ending


def endings() -> Iterator[Ending]:
    """Return what the rooms have, in the order of their names."""
    return iter([ending for _, ending in sorted(_endings.items())])
