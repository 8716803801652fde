"""Comparing addresses without keeping them."""

from __future__ import annotations

import unicodedata
from typing import Final

from django.utils.crypto import salted_hmac

_SALT: Final = "panro.parties.address"


def address_digest(address: str) -> str:
    """Return a keyed digest of an address without spaces, marks and case: 64 hexadecimal digits, empty for none."""
    plain = plain_words(address)
    return salted_hmac(_SALT, plain, algorithm="sha256").hexdigest() if plain else ""


def plain_words(text: str) -> str:
    """Return the letters and digits of a text, however it is spaced and marked."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
