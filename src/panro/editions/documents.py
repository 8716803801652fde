"""The document of a version as the rules know it, parsed once per digest."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from panro.editions.models import EditionVersion
from panro.proof.canonical import encode
from panro.rules.edition.load import edition_from_json, edition_to_json

if TYPE_CHECKING:
    from panro.proof.canonical import Json
    from panro.rules.edition.model import Edition

KEPT: Final = 8
"""Documents kept parsed in each process: the current year, its neighbours, and their last versions."""


class DocumentError(RuntimeError):
    """A stored document is not the one its digest was taken of."""


def digest_of(document: Json) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return sha256(encode(document)).hexdigest()


def document_of(edition: Edition) -> dict[str, Json]:
    """The JSON that is stored: it reads back as an equal edition."""
    return edition_to_json(edition)


def edition_of(version: EditionVersion) -> Edition:
    """The edition of a version; one query the first time a process asks for its digest, none afterwards.

    Raises:
        DocumentError: the stored document was altered behind the program's back.
    """
    return _parsed(version.digest)


@lru_cache(maxsize=KEPT)
def _parsed(digest: str) -> Edition:
    document = EditionVersion.objects.filter(digest=digest).values_list("document", flat=True)[:1].get()
    if digest_of(document) != digest:
        raise DocumentError(f"the document stored under {digest} has another digest; restore it from a backup")
    return edition_from_json(document)
