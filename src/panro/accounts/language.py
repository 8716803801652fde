"""The language of the page, and texts of the data in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from django.utils.translation import get_language

if TYPE_CHECKING:
    from panro.korea.text import Text


def page_language() -> Literal["ko", "en"]:
    """Return the language of the page, of the two there are."""
    return "en" if (get_language() or "").startswith("en") else "ko"


def say(text: Text) -> str:
    """Return a text in the language of the page."""
    return text.in_(page_language())
