"""What cannot be done, in words for the person who tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class VaultError(ValueError):
    """Something cannot be done with a paper, a fact or a consent; ``words`` tell the person why and how to mend it.

    ``field`` names the field of a form that it concerns, if any.
    """

    def __init__(self, words: _StrPromise | str, *, field: str | None = None) -> None:
        super().__init__(str(words))
        self.words = words
        self.field = field

    def __str__(self) -> str:
        return str(self.words)


class PaperInUseError(VaultError):
    """A paper may not be removed, because a submitted application rests on it."""


class NotAnOfficerError(VaultError):
    """Only an officer may do this."""
