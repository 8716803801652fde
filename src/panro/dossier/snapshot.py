"""The snapshot of an application: what was handed in, as canonical JSON, so that its receipt can commit to it.

The acts of the intake and the rehearsal in memory write the same document, character for character.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Final

from panro.proof.canonical import composed, encode_text
from panro.proof.hashing import tagged_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from panro.proof.canonical import Json
    from panro.rules.facts import Fact, FactValue

TAG: Final = "panro-snapshot-1"
_PLAIN: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False)


def snapshot_text(
    *,
    version: str,
    programme: str,
    round_code: str,
    track: str,
    answers: Mapping[str, Json],
    products: Sequence[Mapping[str, Json]],
    papers: Sequence[Mapping[str, str | None]],
    facts: Iterable[Fact],
    write: Callable[[Fact], str] | None = None,
) -> str:
    """Return the canonical JSON of a snapshot; its texts must be Unicode NFC.

    Facts make up most of it and are many, so they are written by a shorter way than `encode_text` with the same
    outcome; their values were checked where they entered.

    Args:
        version: digest of the notice.
        programme: its code.
        round_code: code of the round.
        track: code of the track, empty without one.
        answers: by code of the question.
        products: those chosen.
        papers: ``{"code", "issued_on", "number", "sha256"}`` each.
        facts: those that the notice reads, in any order.
        write: gives the text of a fact, where somebody remembers it; `fact_text` otherwise.

    Raises:
        CanonicalError: something has no canonical form.
    """
    told = ",".join(map(write or fact_text, sorted(facts, key=_key)))
    said = encode_text(answers) if answers else "{}"
    goods = encode_text(products) if products else "[]"
    sheets = ",".join(map(_paper_text, papers))
    return composed(
        {
            "answers": said,
            "facts": f"[{told}]",
            "papers": f"[{sheets}]",
            "products": goods,
            "programme": encode_basestring(programme),
            "round": encode_basestring(round_code),
            "track": encode_basestring(track),
            "version": encode_basestring(version),
        }
    )


def snapshot_digest(text: str) -> str:
    """Return the digest of a snapshot: 64 hexadecimal digits, as its receipt names it."""
    return tagged_hash(TAG, text)


class FactTexts:
    """Remembers the texts of facts, each fact being asked for more than once: in a snapshot, then at its review."""

    def __init__(self) -> None:
        self._texts: dict[int, tuple[Fact, str]] = {}

    def __call__(self, fact: Fact) -> str:
        """Return the canonical JSON of a fact."""
        known = self._texts.get(id(fact))
        if known is None:
            known = self._texts[id(fact)] = (fact, fact_text(fact))
        return known[1]

    def forget(self) -> None:
        """Forget all of them: they are no longer asked for."""
        self._texts.clear()


def _key(fact: Fact) -> str:
    return fact.key


def fact_text(fact: Fact) -> str:
    """Return the canonical JSON of a fact."""
    return (
        f'{{"as_of":"{fact.as_of.isoformat()}","key":"{fact.key}","source":"{fact.source}",'
        f'"value":{_value_text(fact.value)}}}'
    )


def _paper_text(paper: Mapping[str, str | None]) -> str:
    return (
        f'{{"code":{_value_text(paper["code"])},"issued_on":{_value_text(paper["issued_on"])},'
        f'"number":{_value_text(paper["number"])},"sha256":{_value_text(paper["sha256"])}}}'
    )


def _value_text(value: FactValue) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    return _PLAIN.encode(value)
