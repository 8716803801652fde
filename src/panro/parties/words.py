"""Words of data in the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language

from panro.parties.states import OwnReason

if TYPE_CHECKING:
    from panro.korea.text import Text


def say(text: Text) -> str:
    """Return a text in the language of the page."""
    return text.in_(get_language() or "ko")


def reason(text: str) -> str:
    """Return the reason of a decision: the program's own in words, an officer's as it was written."""
    return str(OwnReason(text).label) if text in set(OwnReason) else text
