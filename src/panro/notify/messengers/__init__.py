"""What carries messages out of the house: one small contract, and a real client for each way out."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID


class Result(enum.Enum):
    """What came of handing a message over."""

    ACCEPTED = enum.auto()
    REFUSED = enum.auto()
    """It will never be taken as it is."""
    LATER = enum.auto()
    """It certainly was not taken; another attempt may help."""
    UNKNOWN = enum.auto()
    """It may have been taken: the answer never came, or made no sense."""


class Standing(enum.Enum):
    """Where a message stands with the provider."""

    ACCEPTED = enum.auto()
    DELIVERED = enum.auto()
    FAILED = enum.auto()
    ABSENT = enum.auto()
    """The provider answered, and never had it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message as it leaves."""

    id: UUID
    address: str
    subject: str
    text: str
    claimed: datetime
    alimtalk: Mapping[str, object] = field(default_factory=dict)
    provider_message: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one message; the ids are those of the provider."""

    result: Result
    reason: str = ""
    group: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider says of one message."""

    standing: Standing
    reason: str = ""
    group: str = ""
    message: str = ""


class Messenger(Protocol):
    """A way out of the house. Nothing is raised: whatever happens on the way is an outcome."""

    batch: int
    """How many messages are handed over in one call."""

    def send(self, parcels: Sequence[Parcel]) -> dict[UUID, Outcome]:
        """Hand messages over; one outcome for each."""
        ...

    def ask(self, parcels: Sequence[Parcel]) -> dict[UUID, Answer]:
        """Ask where messages stand; those about which nothing can be learned now are left out."""
        ...
