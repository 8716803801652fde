"""Numbers printed on Korean business papers: reading, writing and checking them."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import ClassVar

from pydantic import ConfigDict

from panro.korea.tables import FORBID_UNKNOWN, Confidence, packaged_text, read_table, table_error
from panro.korea.text import ExplainedError, Text, compatibility_form, with_particle

BUSINESS_NUMBER_LENGTH = 10
CORPORATE_NUMBER_LENGTH = 13
DOCUMENT_NUMBER_LENGTH = 16
CERTIFICATE_NUMBER_MAXIMUM = 40

_BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−ー.]+")
_MAIL_ORDER = re.compile(r"제?(\d{4})-([가-힣]+)-(\d{4,6})호?")
_CERTIFICATE = re.compile(r"\d+(?:-\d+)*")


class NumberError(ExplainedError):
    """A number cannot be read: says what is wrong and how to write it."""


class BusinessKind(StrEnum):
    """Who bears a business registration number, by its middle two digits."""

    INDIVIDUAL_TAXABLE = "individual_taxable"
    INDIVIDUAL_EXEMPT = "individual_exempt"
    UNINCORPORATED_BODY = "unincorporated_body"
    CORPORATION = "corporation"
    CORPORATION_BRANCH = "corporation_branch"
    NON_PROFIT = "non_profit"
    GOVERNMENT = "government"
    FOREIGN_CORPORATION = "foreign_corporation"
    RELIGIOUS_BODY = "religious_body"


@dataclass(frozen=True, slots=True)
class BusinessKindRow:
    """One range of middle digits, both ends inclusive."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    first: str
    last: str
    kind: BusinessKind
    name_ko: str
    name_en: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class _KindLayout:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    kind: tuple[BusinessKindRow, ...]


@cache
def business_kinds() -> dict[str, BusinessKindRow]:
    """Return the row for each assigned pair of middle digits.

    Raises:
        TableError: two rows claim the same digits.
    """
    name = "business_number_kinds.toml"
    rows: dict[str, BusinessKindRow] = {}
    for row in read_table(_KindLayout, packaged_text(name), name).kind:
        for pair in (f"{number:02d}" for number in range(int(row.first), int(row.last) + 1)):
            if pair in rows:
                raise table_error(name, f"kind {pair}", "두 줄에 겹쳐 있습니다.", "two rows claim these digits")
            rows[pair] = row
    return rows


def _digits_only(text: str) -> str:
    return _SEPARATORS.sub("", compatibility_form(text))


def _require_digits(text: str, length: int, *, name: Text, example: str) -> str:
    """Return the plain digits, or raise an error that says how many are missing or which sign is wrong."""
    digits = _digits_only(text)
    if not (digits.isascii() and digits.isdigit()):
        raise NumberError(
            Text(
                ko=f"{with_particle(name.ko, '은/는')} 숫자와 붙임표(-)만 쓸 수 있습니다. {example}처럼 적어 주세요.",
                en=f"{name.en} takes only digits and hyphens; write it like {example}",
            )
        )
    if len(digits) != length:
        raise NumberError(
            Text(
                ko=f"{with_particle(name.ko, '은/는')} 숫자 {length}자리인데 {len(digits)}자리를 받았습니다. "
                f"앞자리의 0이 빠지지 않았는지 보고 {example}처럼 적어 주세요.",
                en=f"{name.en} has {length} digits, found {len(digits)}; "
                f"check for lost leading zeros and write it like {example}",
            )
        )
    return digits


def _business_check_digit(nine_digits: str) -> int:
    total = sum(int(digit) * weight for digit, weight in zip(nine_digits, _BUSINESS_WEIGHTS, strict=True))
    total += int(nine_digits[8]) * 5 // 10
    return -total % 10


def parse_business_number(text: str) -> str:
    """Return the ten plain digits of a business registration number (사업자등록번호).

    Spaces, hyphens and full-width digits are understood. The check digit is that of the National Tax
    Service. All zeros would pass it and are refused.

    Raises:
        NumberError: not ten digits, all zeros, or a wrong check digit.
    """
    name = Text(ko="사업자등록번호", en="a business registration number")
    digits = _require_digits(text, BUSINESS_NUMBER_LENGTH, name=name, example="124-81-00998")
    if int(digits) == 0:
        raise NumberError(
            Text(
                ko="사업자등록번호가 모두 0입니다. 사업자등록증에 적힌 번호를 적어 주세요.",
                en="this business registration number is all zeros; "
                "give the one printed on the registration certificate",
            )
        )
    if _business_check_digit(digits[:9]) != int(digits[9]):
        raise NumberError(
            Text(
                ko=f"사업자등록번호 {_grouped_business_number(digits)}의 검증 숫자가 맞지 않습니다. "
                "한 자리가 잘못되었을 수 있으니 사업자등록증과 견주어 주세요.",
                en=f"the check digit of {_grouped_business_number(digits)} is wrong; a digit may be mistyped, "
                "compare it with the registration certificate",
            )
        )
    return digits


def is_valid_business_number(text: str) -> bool:
    """Return whether the text is a business registration number, as `parse_business_number`."""
    try:
        parse_business_number(text)
    except NumberError:
        return False
    return True


def format_business_number(text: str) -> str:
    """Return the number as it is printed, XXX-YY-ZZZZZ.

    Raises:
        NumberError: as `parse_business_number`.
    """
    return _grouped_business_number(parse_business_number(text))


def _grouped_business_number(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def make_business_number(nine_digits: str) -> str:
    """Return the ten digits that begin with these nine; for synthetic populations.

    Raises:
        NumberError: not nine digits, or all zeros.
    """
    name = Text(ko="사업자등록번호의 앞부분", en="the first part of a business registration number")
    digits = _require_digits(nine_digits, BUSINESS_NUMBER_LENGTH - 1, name=name, example="124-81-0099")
    return parse_business_number(f"{digits}{_business_check_digit(digits)}")


def business_kind(text: str) -> BusinessKindRow | None:
    """Return what the middle two digits say of the bearer, or None where they are not assigned (00).

    A hint to show, not a ground to refuse: the ranges come from secondary listings.

    Raises:
        NumberError: as `parse_business_number`.
    """
    return business_kinds().get(parse_business_number(text)[3:5])


@dataclass(frozen=True, slots=True)
class CorporateNumber:
    """A corporate registration number: thirteen plain digits, and a warning where its check digit is off."""

    digits: str
    warning: Text | None

    def __str__(self) -> str:
        return f"{self.digits[:6]}-{self.digits[6:]}"


def parse_corporate_number(text: str) -> CorporateNumber:
    """Return a corporate registration number (법인등록번호).

    A wrong check digit is a warning, never a refusal: since the registry's new system of 2025-01-31 fresh
    numbers are reported to carry none (not confirmed in a source), so refusing would bar real companies.
    The check digit itself is that of the Supreme Court's rule on corporate registration numbers.

    Raises:
        NumberError: not thirteen digits.
    """
    name = Text(ko="법인등록번호", en="a corporate registration number")
    digits = _require_digits(text, CORPORATE_NUMBER_LENGTH, name=name, example="130111-0006246")
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(digits[:12]))
    if -total % 10 == int(digits[12]):
        return CorporateNumber(digits, None)
    return CorporateNumber(
        digits,
        Text(
            ko="법인등록번호의 오류검색번호가 맞지 않습니다. 2025년 1월 31일 이후에 받은 번호라면 괜찮을 수 있으니 "
            "등기사항증명서와 견주어 주세요.",
            en="the check digit of the corporate registration number does not fit; numbers given since 2025-01-31 "
            "may carry none, so compare it with the register extract",
        ),
    )


class MailOrderExemption(StrEnum):
    """Why a seller has no mail-order report number; a claim to be recorded, not one this room can test."""

    SIMPLIFIED_TAXPAYER = "simplified_taxpayer"
    FEW_DEALS = "few_deals"
    NOT_YET_SELLING = "not_yet_selling"


@dataclass(frozen=True, slots=True)
class MailOrderReport:
    """A mail-order report (통신판매업 신고): either its number, or the reason why there is none."""

    number: str | None
    exemption: MailOrderExemption | None


def parse_mail_order_report(text: str | None, exemption: MailOrderExemption | None = None) -> MailOrderReport:
    """Return a mail-order report from its number or from the reason why there is none.

    The number is kept as `2021-서울강남-01234`: year, office, and a serial of four to six digits.

    Raises:
        NumberError: neither or both are given, or the number does not have that form.
    """
    written = "" if text is None else re.sub(r"\s+", "", compatibility_form(text))
    if not written and exemption is None:
        raise NumberError(
            Text(
                ko="통신판매업 신고번호가 없습니다. 번호를 적거나 신고하지 않은 까닭을 골라 주세요.",
                en="the mail-order report number is missing; give it, or choose why there is none",
            )
        )
    if not written:
        return MailOrderReport(None, exemption)
    if exemption is not None:
        raise NumberError(
            Text(
                ko="통신판매업 신고번호와 신고 면제 사유가 함께 있습니다. 하나만 남겨 주세요.",
                en="both a mail-order report number and a reason for having none are given; keep one",
            )
        )
    found = _MAIL_ORDER.fullmatch(written)
    if found is None:
        raise NumberError(
            Text(
                ko=f"통신판매업 신고번호 “{text}”의 모양이 다릅니다. 2021-서울강남-01234처럼 적어 주세요.",
                en=f'the mail-order report number "{text}" has another form; write it like 2021-서울강남-01234',
            )
        )
    return MailOrderReport("-".join(found.groups()), None)


def parse_certificate_number(text: str) -> str:
    """Return the issue number of a small-merchant certificate: digits and hyphens, 제 and 호 taken off.

    The issuer publishes no format, so nothing beyond that is checked.

    Raises:
        NumberError: other signs, no digit, or more than 40 signs.
    """
    written = re.sub(r"\s+", "", compatibility_form(text)).removeprefix("제").removesuffix("호")
    if len(written) > CERTIFICATE_NUMBER_MAXIMUM or _CERTIFICATE.fullmatch(written) is None:
        raise NumberError(
            Text(
                ko="확인서 발급번호는 숫자와 붙임표(-)로 40자까지 쓸 수 있습니다. 확인서에 적힌 대로 적어 주세요.",
                en="the issue number of a certificate takes digits and hyphens, at most 40 signs; "
                "write it as printed on the certificate",
            )
        )
    return written


def parse_government24_number(text: str) -> str:
    """Return a Government24 document check number (문서확인번호) as NNNN-NNNN-NNNN-NNNN.

    Raises:
        NumberError: not sixteen digits.
    """
    name = Text(ko="정부24 문서확인번호", en="a Government24 document check number")
    digits = _require_digits(text, DOCUMENT_NUMBER_LENGTH, name=name, example="1234-5678-9012-3456")
    return "-".join(digits[place : place + 4] for place in range(0, DOCUMENT_NUMBER_LENGTH, 4))
