"""Bytes on a telephone, numbers, and the quiet hours: boundaries on both sides."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.notify import quiet
from panro.notify.telephone import Form, NotATelephoneError, TooLongError, byte_length, form_of, number, showable


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("a", 1), ("가", 2), ("뷁", 2), ("판로 1", 6), ("□", 2), ("🎉", 2), ("\u1100\u1161", 2)],
)
def test_a_carrier_counts_two_bytes_for_a_syllable_and_one_for_a_latin_letter(text: str, length: int) -> None:
    assert byte_length(text) == length


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=60), st.integers(0, 60))
def test_the_length_of_hangul_and_ascii_is_known_without_a_code_page(hangul: str, latin: int) -> None:
    assert byte_length(hangul + "x" * latin) == 2 * len(hangul) + latin


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("가" * 45, Form.SMS),
        ("가" * 45 + "a", Form.LMS),
        ("a" * 90, Form.SMS),
        ("a" * 91, Form.LMS),
        ("가" * 1000, Form.LMS),
    ],
)
def test_ninety_bytes_are_a_short_message_and_one_more_is_a_long_one(text: str, form: Form) -> None:
    assert form_of(text) is form


def test_two_thousand_and_one_bytes_are_refused_and_never_cut() -> None:
    with pytest.raises(TooLongError, match="2001 bytes"):
        form_of("가" * 1000 + "a")


def test_what_no_telephone_shows_becomes_a_visible_box() -> None:
    assert showable("축하🎉합니다 é") == "축하□합니다 □"


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("010-1234-5678", "01012345678"),
        ("+82 10-1234-5678", "01012345678"),
        ("+82-(0)10-1234-5678", "01012345678"),
        ("02 123 4567", "021234567"),
        ("０１０１２３４５６７８", "01012345678"),
    ],
)
def test_numbers_are_stored_as_digits(written: str, digits: str) -> None:
    assert number(written) == digits


@pytest.mark.parametrize("written", ["", "1234", "1012345678", "+1 202 555 0101", "010-1234-5678x", "010123456789"])
def test_a_number_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(NotATelephoneError):
        number(written)


def korea(hour: int, minute: int = 0, second: int = 0, day: int = 9) -> datetime:
    return datetime(2021, 4, day, hour, minute, second, tzinfo=quiet.KOREA)


@pytest.mark.parametrize(
    ("moment", "earliest"),
    [
        (korea(20, 59, 59), korea(20, 59, 59)),
        (korea(21), korea(8, day=10)),
        (korea(23, 59, 59), korea(8, day=10)),
        (korea(0, day=10), korea(8, day=10)),
        (korea(7, 59, 59), korea(8)),
        (korea(8), korea(8)),
        (korea(12), korea(12)),
    ],
)
def test_advertising_waits_from_nine_in_the_evening_to_eight_in_the_morning(
    moment: datetime, earliest: datetime
) -> None:
    assert quiet.earliest(moment.astimezone(UTC)) == earliest
    assert quiet.is_quiet(moment) is (moment != earliest)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - Hypothesis adds the zone
def test_the_earliest_moment_is_never_quiet_never_before_and_within_eleven_hours(moment: datetime) -> None:
    found = quiet.earliest(moment)
    assert not quiet.is_quiet(found)
    assert timedelta(0) <= found - moment <= timedelta(hours=11)


@pytest.mark.parametrize(
    ("since", "moment", "counts"),
    [
        (korea(12), korea(12), True),
        (korea(12), korea(11, 59), False),
        (korea(12), datetime(2023, 4, 8, 23, 59, tzinfo=quiet.KOREA), True),
        (korea(12), datetime(2023, 4, 9, 0, 0, tzinfo=quiet.KOREA), False),
        (datetime(2024, 2, 29, tzinfo=quiet.KOREA), datetime(2026, 2, 27, 23, tzinfo=quiet.KOREA), True),
        (datetime(2024, 2, 29, tzinfo=quiet.KOREA), datetime(2026, 2, 28, tzinfo=quiet.KOREA), False),
        (None, korea(12), False),
    ],
)
def test_consent_counts_for_two_years(since: datetime | None, moment: datetime, *, counts: bool) -> None:
    assert quiet.consents(since, moment) is counts
