"""Where salts come from: the operating system, or a seed in a rehearsal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

SALT_BYTES: Final = 32
_TAG: Final = "panro-rehearsal-salt-1"


class Salts(Protocol):
    """A source of salts; the parts say what the salt is for, and no two uses share them."""

    def salt(self, *parts: str | int) -> str:
        """Give a salt of 64 hexadecimal digits."""
        ...


class SystemSalts:
    """Salts nobody can guess, for real rounds."""

    def salt(self, *parts: str | int) -> str:
        """Give a fresh salt; the parts do not matter."""
        del parts
        return os.urandom(SALT_BYTES).hex()


@dataclass(frozen=True, slots=True)
class SeededSalts:
    """Salts that are the same for the same seed and parts: for rehearsals and tests only."""

    seed: str

    def salt(self, *parts: str | int) -> str:
        """Give the salt of this seed for these parts (their written-out tuple tells all parts apart)."""
        return sha256(f"{_TAG} {(self.seed, parts)!r}".encode()).hexdigest()
