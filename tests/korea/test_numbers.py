"""Numbers of Korean business papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.korea.numbers import (
    BusinessKind,
    MailOrderExemption,
    MailOrderReport,
    NumberError,
    business_kind,
    business_kinds,
    format_business_number,
    is_valid_business_number,
    make_business_number,
    parse_business_number,
    parse_certificate_number,
    parse_corporate_number,
    parse_government24_number,
    parse_mail_order_report,
)

nine_digits = st.text("0123456789", min_size=9, max_size=9).filter(lambda digits: int(digits) > 0)


@pytest.mark.parametrize(
    "number",
    ["124-81-00998", "220-81-62517", "120-81-47521", "101-81-09147", "104-81-36565", "123-45-67891"],
)
def test_known_business_numbers_pass(number: str) -> None:
    assert format_business_number(number) == number
    assert parse_business_number(number) == number.replace("-", "")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("123-45-67890", "check digit"),
        ("000-00-00000", "all zeros"),
        ("123-45-6789", "found 9"),
        ("123-45-678901", "found 11"),
        ("", "only digits"),
        ("1234S67891", "only digits"),
        ("١٢٣٤٥٦٧٨٩١", "only digits"),
    ],
)
def test_wrong_business_numbers_say_why(text: str, part: str) -> None:
    with pytest.raises(NumberError, match=part) as caught:
        parse_business_number(text)
    assert caught.value.text.ko != caught.value.text.en
    assert is_valid_business_number(text) is False


@pytest.mark.parametrize("text", [" 1248100998 ", "124 81 00998", "124–81–00998", "１２４－８１－００９９８"])
def test_ways_of_writing_are_understood(text: str) -> None:
    assert parse_business_number(text) == "1248100998"


@given(nine_digits)
def test_exactly_one_check_digit_fits(nine: str) -> None:
    fitting = [digit for digit in "0123456789" if is_valid_business_number(nine + digit)]
    assert fitting == [make_business_number(nine)[9]]


@given(nine_digits, st.integers(0, 9), st.integers(1, 9))
def test_every_change_of_one_digit_is_caught(nine: str, place: int, shift: int) -> None:
    # Weights 1, 3 and 7 are coprime to 10, and d -> 5d + floor(d / 2) permutes the digits modulo 10.
    number = make_business_number(nine)
    changed = str((int(number[place]) + shift) % 10)
    assert is_valid_business_number(number[:place] + changed + number[place + 1 :]) is False


@given(nine_digits, st.integers(0, 6))
def test_swapped_neighbours_slip_through_only_if_they_differ_by_five(nine: str, place: int) -> None:
    # The weights of neighbours among the first eight differ by an even number that is no multiple of 5.
    number = make_business_number(nine)
    left, right = number[place], number[place + 1]
    swapped = number[:place] + right + left + number[place + 2 :]
    assert is_valid_business_number(swapped) == (abs(int(left) - int(right)) in {0, 5})


def test_nine_zeros_make_no_number() -> None:
    with pytest.raises(NumberError, match="all zeros"):
        make_business_number("000000000")


def test_every_pair_of_middle_digits_but_00_has_one_kind() -> None:
    assert sorted(business_kinds()) == [f"{number:02d}" for number in range(1, 100)]


@pytest.mark.parametrize(
    ("middle", "kind"),
    [
        ("01", BusinessKind.INDIVIDUAL_TAXABLE),
        ("79", BusinessKind.INDIVIDUAL_TAXABLE),
        ("80", BusinessKind.UNINCORPORATED_BODY),
        ("81", BusinessKind.CORPORATION),
        ("82", BusinessKind.NON_PROFIT),
        ("83", BusinessKind.GOVERNMENT),
        ("84", BusinessKind.FOREIGN_CORPORATION),
        ("85", BusinessKind.CORPORATION_BRANCH),
        ("86", BusinessKind.CORPORATION),
        ("88", BusinessKind.CORPORATION),
        ("89", BusinessKind.RELIGIOUS_BODY),
        ("90", BusinessKind.INDIVIDUAL_EXEMPT),
        ("99", BusinessKind.INDIVIDUAL_EXEMPT),
    ],
)
def test_kind_by_middle_digits(middle: str, kind: BusinessKind) -> None:
    row = business_kind(make_business_number(f"123{middle}6789"))
    assert row is not None
    assert row.kind is kind


def test_unassigned_middle_digits_have_no_kind() -> None:
    assert business_kind(make_business_number("123006789")) is None


@pytest.mark.parametrize("number", ["130111-0006246", "110111-1707178"])
def test_known_corporate_numbers_pass_without_warning(number: str) -> None:
    parsed = parse_corporate_number(number)
    assert str(parsed) == number
    assert parsed.warning is None


def test_wrong_corporate_check_digit_warns_and_does_not_refuse() -> None:
    parsed = parse_corporate_number("130111-0006247")
    assert parsed.digits == "1301110006247"
    assert parsed.warning is not None
    assert "2025-01-31" in parsed.warning.en


@pytest.mark.parametrize("text", ["130111-000624", "130111-00062466", "13011A-0006246"])
def test_wrong_corporate_form_is_refused(text: str) -> None:
    with pytest.raises(NumberError, match="130111-0006246"):
        parse_corporate_number(text)


@pytest.mark.parametrize(
    "text",
    ["제2021-서울강남-01234호", "2021-서울강남-01234", " 제 2021-서울강남-01234 호 ", "2021 - 서울강남 - 01234"],
)
def test_mail_order_numbers_are_kept_in_one_form(text: str) -> None:
    assert parse_mail_order_report(text) == MailOrderReport("2021-서울강남-01234", None)


@pytest.mark.parametrize("serial", ["123", "1234567"])
def test_mail_order_serial_has_four_to_six_digits(serial: str) -> None:
    assert parse_mail_order_report("2021-서울강남-1234").number == "2021-서울강남-1234"
    assert parse_mail_order_report("2021-서울강남-123456").number == "2021-서울강남-123456"
    with pytest.raises(NumberError, match="another form"):
        parse_mail_order_report(f"2021-서울강남-{serial}")


def test_mail_order_number_may_be_missing_with_a_reason_only() -> None:
    reason = MailOrderExemption.SIMPLIFIED_TAXPAYER
    assert parse_mail_order_report(None, reason) == MailOrderReport(None, reason)
    assert parse_mail_order_report("  ", reason) == MailOrderReport(None, reason)
    with pytest.raises(NumberError, match="missing"):
        parse_mail_order_report(None)
    with pytest.raises(NumberError, match="keep one"):
        parse_mail_order_report("2021-서울강남-01234", reason)


def test_certificate_number_is_free_text_of_digits_and_hyphens() -> None:
    assert parse_certificate_number("제0010-2021-123456호") == "0010-2021-123456"
    assert parse_certificate_number("7") == "7"
    assert parse_certificate_number("1" * 40) == "1" * 40
    for text in ("1" * 41, "", "--", "0010-2021-12A", "-1"):
        with pytest.raises(NumberError, match="as printed"):
            parse_certificate_number(text)


def test_government24_number_is_grouped_in_fours() -> None:
    assert parse_government24_number("1234567890123456") == "1234-5678-9012-3456"
    assert parse_government24_number("1234-5678-9012-3456") == "1234-5678-9012-3456"
    with pytest.raises(NumberError, match="found 15"):
        parse_government24_number("1234-5678-9012-345")
