"""Words of data in the language of the page."""

from __future__ import annotations

from panro.parties.states import OwnReason


def reason(text: str) -> str:
    """Return the reason of a decision: the program's own in words, an officer's as it was written."""
    return str(OwnReason(text).label) if text in set(OwnReason) else text
