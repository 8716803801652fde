import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.proof.canonical import encode
from panro.proof.hashing import commitment, hash_with, tagged_hash

words = st.text(st.characters(codec="utf-8"), max_size=300)


def test_hash_is_that_of_the_framed_parts() -> None:
    raw = b"\0\0\0\0\0\0\0\x03tag" + b"\0\0\0\0\0\0\0\x06" + "가나".encode() + b"\0\0\0\0\0\0\0\x0212"
    assert tagged_hash("tag", "가나", 12) == hashlib.sha256(raw).hexdigest()


@given(words, st.lists(words, max_size=3), words)
def test_the_shared_beginning_changes_nothing(tag: str, parts: list[str], last: str) -> None:
    assert hash_with(tag, *parts)(last) == tagged_hash(tag, *parts, last)


def test_parts_do_not_run_together() -> None:
    assert tagged_hash("t", "ab", "c") != tagged_hash("t", "a", "bc")


def test_a_commitment_is_the_tagged_hash_of_salt_and_canonical_json() -> None:
    salt = "0f" * 32
    assert commitment(salt, {"b": 1, "a": "가"}) == tagged_hash(
        "panro-commitment-1", salt, encode({"a": "가", "b": 1}).decode()
    )


@pytest.mark.parametrize("salt", ["", "0" * 63, "0" * 65, "A" * 64, "g" * 64])
def test_a_salt_has_64_lower_case_digits(salt: str) -> None:
    with pytest.raises(ValueError, match="is not 64 lower-case"):
        commitment(salt, 1)
