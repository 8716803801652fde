import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.proof.canonical import CanonicalError, encode, normalise

plain_text = (
    st.text(max_size=8)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(lambda text: not any(unicodedata.combining(sign) or "\ud800" <= sign <= "\udfff" for sign in text))
)
ascii_text = st.text(st.characters(max_codepoint=127), max_size=4)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | plain_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ascii_text, inner, max_size=4),
)


def test_rfc_8785_samples_without_fractions() -> None:
    # RFC 8785, 3.2.2 and 3.2.3: literals, the string with every kind of escape, and sorted keys.
    sample = {
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f",
        "numbers": [333333333, 4, 2],
        "literals": [None, True, False],
    }
    assert (
        encode(sample)
        == (
            '{"literals":[null,true,false],"numbers":[333333333,4,2],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        ).encode()
    )
    assert encode({"\r": 1, "1": 2, "\u007f": 3, "a": 4, "A": 5}) == b'{"\\r":1,"1":2,"A":5,"a":4,"\x7f":3}'
    assert encode(["\b\t\n\f\r\u0000\u001f"]) == b'["\\b\\t\\n\\f\\r\\u0000\\u001f"]'


@given(values)
def test_reading_gives_the_value_back_and_the_order_of_keys_does_not_matter(value: object) -> None:
    text = encode(value)  # type: ignore[arg-type]
    assert json.loads(text) == value
    assert encode(_reversed(value)) == text  # type: ignore[arg-type]


def _reversed(value: object) -> object:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": [1, 1.0]}, "a[1]: float 1.0 has no canonical form"),
        (2**53, "value: 9007199254740992 is beyond 2^53 - 1"),
        (-(2**53), "value: -9007199254740992 is beyond 2^53 - 1"),
        ({"가": 1}, "value: key '가' is not ASCII"),
        ({1: 1}, "value: key 1 is not ASCII"),
        ({"a": unicodedata.normalize("NFD", "가")}, "a: "),
        ({"a": "\ud800"}, "a: "),
        ({"a": {1, 2}}, "a: set"),
        ("\n\u0303", "'\"\\\\n\u0303\"'"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value: object, words: str) -> None:
    with pytest.raises(CanonicalError) as error:
        encode(value)  # type: ignore[arg-type]
    assert str(error.value)[: len(words)] == words


def test_the_greatest_whole_numbers_stand() -> None:
    assert encode([2**53 - 1, -(2**53) + 1]) == b"[9007199254740991,-9007199254740991]"


def test_normalising_at_the_boundary_makes_text_encodable() -> None:
    decomposed = unicodedata.normalize("NFD", "한빛")
    assert encode(normalise({"name": [decomposed, 1, None]})) == '{"name":["한빛",1,null]}'.encode()


def test_depth_is_bounded() -> None:
    value: object = 0
    for _ in range(80):
        value = [value]
    with pytest.raises(CanonicalError):
        encode(value)  # type: ignore[arg-type]
