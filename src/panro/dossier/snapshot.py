"""The snapshot of an application: what was handed in, as canonical JSON, so that its receipt can commit to it.

The acts of the intake and the rehearsal in memory write the same document, character for character.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Final, cast

from panro.proof.canonical import CanonicalError, encode_text, is_clean_text
from panro.proof.hashing import tagged_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
    papers: Sequence[Mapping[str, Json]],
    facts: Iterable[Fact],
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

    Raises:
        CanonicalError: something has no canonical form.
    """
    told = ",".join(_fact_text(fact) for fact in sorted(facts, key=_key))
    text = (
        f'{{"answers":{encode_text(answers)},"facts":[{told}],"papers":{_PLAIN.encode(papers)},'
        f'"products":{encode_text(products)},"programme":{encode_text(programme)},"round":{encode_text(round_code)},'
        f'"track":{encode_text(track)},"version":"{version}"}}'
    )
    if not is_clean_text(text):
        raise CanonicalError("a snapshot holds text that is not Unicode NFC; normalise it where it enters")
    return text


def snapshot_digest(text: str) -> str:
    """Return the digest of a snapshot: 64 hexadecimal digits, as its receipt names it."""
    return tagged_hash(TAG, text)


def _key(fact: Fact) -> str:
    return fact.key


def _fact_text(fact: Fact) -> str:
    return (
        f'{{"as_of":"{fact.as_of.isoformat()}","key":"{fact.key}","source":"{fact.source}",'
        f'"value":{_value_text(fact.value)}}}'
    )


def _value_text(value: FactValue) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    if isinstance(value, str):
        return cast("str", encode_basestring(value))
    if isinstance(value, int):
        return str(value)
    return _PLAIN.encode(value)
