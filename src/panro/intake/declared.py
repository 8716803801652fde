"""Papers that are given by a word on the page: consents and declarations that were ticked in the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from panro.intake.models import Application
    from panro.proof.canonical import Json


def papers_declared(application: Application) -> list[dict[str, Json]]:
    """Return the declared documents as papers, by code; the hash is that of the words that were agreed to."""
    return [
        {"code": code, "issued_on": given["on"], "number": "", "sha256": given["terms"]}
        for code, given in sorted(application.declared.items())
    ]
