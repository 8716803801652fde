"""Secrets in links: whoever holds one may act; only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

_BYTES: Final = 32


def new_token() -> str:
    """Return an unguessable secret of 256 bits, fit for an address."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> str:
    """Return what is kept of a secret: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
