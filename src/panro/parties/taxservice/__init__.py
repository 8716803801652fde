"""What the program asks of the National Tax Service, whoever answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from panro.parties.states import TaxStatus

LARGEST_CALL: Final = 100
"""Numbers in one call, at most (interface of data.go.kr)."""


class ServiceError(Exception):
    """The service gave no answer; ``reason`` is for an officer and holds no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLaterError(ServiceError):
    """It is down, slow or talks nonsense: ask again after a while."""


class QuotaSpentError(ServiceError):
    """The calls of the day are used up: ask again on the next day."""


class MendFirstError(ServiceError):
    """The key is refused: somebody must mend the set-up before asking helps."""


class RefusedError(ServiceError):
    """The service does not take this question."""


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """What is known of a number: ``ended_on`` for a closed business; ``tax_type`` and its text as the service has them.

    ``raw_hash`` is the hash of the answer as it came, so that it can be held against the service's own log.
    """

    number: str
    status: TaxStatus
    ended_on: date | None
    tax_type: str
    tax_type_text: str
    raw_hash: str


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a number, its representative and its opening day belong together."""

    number: str
    representative: str
    opened_on: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a question."""

    matched: bool
    raw_hash: str


class TaxService(Protocol):
    """The service. At most :data:`LARGEST_CALL` numbers or questions in a call; what was not answered is left out."""

    def status(self, numbers: Sequence[str]) -> Mapping[str, StatusAnswer]:
        """Return what is known of numbers, by number.

        Raises:
            ServiceError: no answer at all; the kind says when to ask again.
        """
        ...

    def validate(self, questions: Sequence[Question]) -> Mapping[Question, Verdict]:
        """Return whether what is asked is true, by question.

        Raises:
            ServiceError: no answer at all; the kind says when to ask again.
        """
        ...
