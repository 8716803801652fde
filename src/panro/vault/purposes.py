"""What can be consented to: data, in the words that a person reads before saying yes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from panro.proof.canonical import encode_text
from panro.vault.tables import Both, Code, Row, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class UnknownPurposeError(LookupError):
    """Nothing of this code can be consented to."""


class Purpose(Row):
    """One consent, asked apart: what data, what for, how long, and what a refusal means (PIPA, art. 15-17, 22)."""

    code: Code
    required: bool
    name: Both
    items: Both
    use: Both
    keep: Both
    without: Both

    def terms(self, items: Sequence[str]) -> str:
        """Return what is consented to as canonical text: its hash is kept with the consent."""
        said = {part: {"ko": text.ko, "en": text.en} for part, text in self._parts().items()}
        return encode_text({"purpose": self.code, "items": list(items), "words": said})

    def _parts(self) -> dict[str, Both]:
        return {"name": self.name, "items": self.items, "use": self.use, "keep": self.keep, "without": self.without}


class _Table(Row):
    purposes: tuple[Purpose, ...]


@cache
def purposes() -> Mapping[str, Purpose]:
    """Return everything that can be consented to, by code, in the order of the pages."""
    return {purpose.code: purpose for purpose in read_rows(_Table, "consents.toml").purposes}


def purpose(code: str) -> Purpose:
    """Return what can be consented to.

    Raises:
        UnknownPurposeError: names the code.
    """
    try:
        return purposes()[code]
    except KeyError:
        raise UnknownPurposeError(f"nothing called {code!r} can be consented to") from None
