"""What can be consented to: data, in the words that a person reads before saying yes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from panro.korea.text import Text
from panro.proof.canonical import encode_text
from panro.proof.hashing import tagged_hash
from panro.vault.tables import Both, Code, Row, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import _StrPromise

DOMAIN: Final = "panro-consent-1"


class UnknownPurposeError(LookupError):
    """Nothing of this code can be consented to."""


@dataclass(frozen=True, slots=True)
class Change:
    """One part of a consent's words that is no longer what was agreed to."""

    label: _StrPromise
    before: Text
    now: Text


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

    def digest(self, items: Sequence[str] = ()) -> str:
        """Return the hash of what is consented to; by default of the items that are asked for today."""
        return tagged_hash(DOMAIN, self.terms(list(items) or [self.items.ko]))

    def changes_since(self, terms: str) -> list[Change]:
        """Return in what today's words differ from those that were agreed to, part by part, as the page shows them."""
        said: Mapping[str, Mapping[str, str]] = json.loads(terms)["words"]
        today = self._parts()
        return [
            Change(
                label, Text(said[part]["ko"], said[part]["en"]) if part in said else Text("–", "–"), today[part].text
            )
            for part, label in PARTS.items()
            if said.get(part) != {"ko": today[part].ko, "en": today[part].en}
        ]

    def _parts(self) -> dict[str, Both]:
        return {"name": self.name, "items": self.items, "use": self.use, "keep": self.keep, "without": self.without}


PARTS: Final[Mapping[str, _StrPromise]] = {
    "name": _("What it is called"),
    "items": _("Which data"),
    "use": _("What for"),
    "keep": _("How long"),
    "without": _("What a refusal means"),
}
"""The parts of a consent's words, in the order of the page."""


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
