"""What files are handed in for, and within which limits: a seam that upper rooms fill in ``AppConfig.ready``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from panro.files.content import Kind
    from panro.files.models import StoredFile


class UnknownPurposeError(LookupError):
    """No room takes files for this."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What may be handed in.

    Attributes:
        code: a word, such as ``application_document``.
        kinds: what is accepted, by content.
        max_bytes: of one file.
        max_files: of one account for this purpose, destroyed ones not counted, arriving ones counted.
        settled: called when a file was examined, in the transaction that says so; with the file and the moment.
    """

    code: str
    kinds: frozenset[Kind]
    max_bytes: int
    max_files: int
    settled: Callable[[StoredFile, datetime], None] | None = None


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """Declare a purpose; declaring it again replaces it."""
    _purposes[purpose.code] = purpose


def purpose(code: str) -> Purpose:
    """Return a purpose.

    Raises:
        UnknownPurposeError: names the code.
    """
    try:
        return _purposes[code]
    except KeyError:
        raise UnknownPurposeError(f"nobody takes files for {code!r}") from None
