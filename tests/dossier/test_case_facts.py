"""The payload of a case's facts: canonical JSON that reads back, whatever the facts."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.test_audit import CASE
from panro.dossier.case_facts import CaseFacts, MomentFacts, facts_text, read_facts_payload
from panro.dossier.snapshot import FactTexts
from panro.proof.canonical import CanonicalError, encode_text
from panro.rules.facts import Fact
from panro.rules.findings import Moment

if TYPE_CHECKING:
    from panro.rules.facts import FactValue

DAY = date(2021, 3, 20)


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def test_the_payload_keeps_each_fact_once_and_reads_back() -> None:
    payload = json.loads(facts_text(CASE))
    assert payload["moments"] == [
        {"moment": "application", "on": "2021-03-20", "facts": [0, 4]},
        {"moment": "closing", "on": "2021-04-16", "facts": [1, 2, 3, 4]},
    ]
    assert [row["key"] for row in payload["facts"]] == [
        "certificate",
        "certificate",
        "listed",
        "operating",
        "region",
    ]
    assert read_facts_payload(payload) == CASE
    assert encode_text(payload) == facts_text(CASE)


def test_a_case_without_moments_reads_back() -> None:
    case = CaseFacts("creator", None, (), withdrawn=True)
    assert read_facts_payload(json.loads(facts_text(case))) == case


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text("가각 a'\"\\\u00e9", max_size=4).map(nfc),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=5,
)
MOMENTS = st.tuples(
    st.dictionaries(st.sampled_from(["certificate", "listed", "region"]), st.tuples(VALUES, st.booleans())),
    st.sampled_from(list(Moment)),
)


@given(st.lists(MOMENTS, max_size=3), st.sampled_from([None, "malls"]), st.booleans())
def test_any_payload_is_canonical_json_and_reads_back(
    known: list[tuple[dict[str, tuple[FactValue, bool]], Moment]], track: str | None, withdrawn: object
) -> None:
    moments = tuple(
        MomentFacts(
            moment,
            DAY,
            {key: Fact(key, value, DAY, "nts" if asked else "applicant") for key, (value, asked) in told.items()},
        )
        for told, moment in known
    )
    case = CaseFacts("merchant", track, moments, withdrawn is True)
    text = facts_text(case, FactTexts())
    assert text == facts_text(case) == encode_text(json.loads(text))
    assert read_facts_payload(json.loads(text)) == case


def test_facts_with_text_in_another_form_have_no_payload() -> None:
    spoiled = MomentFacts(Moment.APPLICATION, DAY, {"region": Fact("region", "\u1112\u1161\u11ab", DAY, "applicant")})
    with pytest.raises(CanonicalError):
        facts_text(CaseFacts("merchant", None, (spoiled,)))
