"""What a person gives about a business, an organisation or itself, read into the form that is stored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NotRequired, TypedDict

from panro.korea.industries import KSIC_10, IndustryError, parse_industry_code
from panro.korea.numbers import (
    MailOrderExemption,
    NumberError,
    parse_business_number,
    parse_corporate_number,
    parse_mail_order_report,
)
from panro.korea.regions import regions_on
from panro.korea.text import ExplainedError, Text, compatibility_form, nfc
from panro.parties.models.parties import NAME_LENGTH, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

EARLIEST_BIRTH: Final = 1900
_SPACES = re.compile(r"\s+")
_PHONE_SIGNS = re.compile(r"[\s().\-]")


class BusinessGiven(TypedDict):
    """What is given of a business; numbers as a person writes them."""

    name: str
    business_number: str
    representative: str
    opened_on: date
    region: str
    form: NotRequired[str]
    corporate_number: NotRequired[str]
    address: NotRequired[str]
    phone: NotRequired[str]
    mail_order_number: NotRequired[str]
    mail_order_exemption: NotRequired[str]
    industry: NotRequired[str]


class OrganisationGiven(TypedDict):
    """What is given of an organisation."""

    name: str
    form: str
    representative: str
    region: str
    business_number: NotRequired[str]
    address: NotRequired[str]
    phone: NotRequired[str]


class PersonGiven(TypedDict, total=False):
    """What is given of a person without a business; all of it may be left out."""

    name: str
    birth_year: int | None
    region: str
    phone: str


class GivenError(ExplainedError):
    """A field cannot be stored; ``field`` names it."""

    def __init__(self, field: str, text: Text) -> None:
        super().__init__(text)
        self.field = field


def line(text: str) -> str:
    """Return one line in normal form C, without spaces at its ends or doubled within."""
    return _SPACES.sub(" ", nfc(text)).strip()


def telephone(text: str) -> str:
    """Return the digits of a Korean telephone number; empty stays empty.

    Raises:
        GivenError: it is none.
    """
    digits = _PHONE_SIGNS.sub("", compatibility_form(text))
    digits = f"0{digits.removeprefix('+82').removeprefix('0')}" if digits.startswith("+82") else digits
    if digits and not re.fullmatch(PHONE, digits):
        raise GivenError(
            "phone",
            Text(
                ko="전화번호를 02-123-4567이나 010-1234-5678처럼 적어 주세요.",
                en="Write the telephone number like 02-123-4567 or 010-1234-5678.",
            ),
        )
    return digits


def read_business(given: BusinessGiven, *, today: date) -> dict[str, object]:
    """Return the columns of a business.

    Raises:
        GivenError: names the first field that cannot be stored.
    """
    number = _number("business_number", lambda: parse_business_number(given["business_number"]))
    corporate = given.get("corporate_number", "").strip()
    report = (given.get("mail_order_number", ""), given.get("mail_order_exemption", ""))
    industry = given.get("industry", "").strip()
    if given["opened_on"] > today:
        raise GivenError(
            "opened_on",
            Text(ko="개업일은 오늘보다 늦을 수 없습니다.", en="The opening day cannot lie after today."),
        )
    return {
        "business_number": number,
        "corporate_number": _number("corporate_number", lambda: parse_corporate_number(corporate).digits)
        if corporate
        else "",
        "form": given.get("form", "sole"),
        "representative": _needed("representative", given["representative"]),
        "opened_on": given["opened_on"],
        "address": line(given.get("address", "")),
        "region": _region(given["region"], today),
        "phone": telephone(given.get("phone", "")),
        **_mail_order(*report),
        "industry": _industry(industry),
        "industry_revision": KSIC_10 if industry else "",
    }


def read_organisation(given: OrganisationGiven, *, today: date) -> dict[str, object]:
    """Return the columns of an organisation.

    Raises:
        GivenError: names the first field that cannot be stored.
    """
    number = given.get("business_number", "").strip()
    return {
        "form": given["form"],
        "business_number": _number("business_number", lambda: parse_business_number(number)) if number else "",
        "representative": _needed("representative", given["representative"]),
        "region": _region(given["region"], today),
        "address": line(given.get("address", "")),
        "phone": telephone(given.get("phone", "")),
    }


def read_person(given: PersonGiven, *, today: date) -> dict[str, object]:
    """Return the columns of a person.

    Raises:
        GivenError: names the first field that cannot be stored.
    """
    year = given.get("birth_year")
    if year is not None and not EARLIEST_BIRTH <= year <= today.year:
        raise GivenError(
            "birth_year",
            Text(
                ko=f"태어난 해를 1900과 {today.year} 사이로 적어 주세요.", en=f"Give a year from 1900 to {today.year}."
            ),
        )
    region = given.get("region", "")
    return {
        "birth_year": year,
        "region": _region(region, today) if region else "",
        "phone": telephone(given.get("phone", "")),
    }


def read_name(given: Mapping[str, object]) -> str:
    """Return the name of a party.

    Raises:
        GivenError: there is none, or it is too long.
    """
    return _needed("name", str(given.get("name", "")))


def _needed(field: str, text: str) -> str:
    written = line(text)
    longest = NAME_LENGTH if field == "name" else 100
    if not written or len(written) > longest:
        raise GivenError(
            field,
            Text(ko=f"1자에서 {longest}자까지 적어 주세요.", en=f"Write between 1 and {longest} characters."),
        )
    return written


def _number(field: str, read: Callable[[], str]) -> str:
    try:
        return read()
    except NumberError as wrong:
        raise GivenError(field, wrong.text) from None


def _region(code: str, today: date) -> str:
    if code not in {region.code for region in regions_on(today)}:
        raise GivenError("region", Text(ko="시·도를 목록에서 골라 주세요.", en="Choose the province from the list."))
    return code


def _industry(text: str) -> str:
    if not text:
        return ""
    try:
        return parse_industry_code(text)
    except IndustryError as wrong:
        raise GivenError("industry", wrong.text) from None


def _mail_order(number: str, exemption: str) -> dict[str, object]:
    """Read the mail-order report; both may be left empty, which means that nothing was said yet."""
    if not number.strip() and not exemption:
        return {"mail_order_number": "", "mail_order_exemption": ""}
    try:
        reason = MailOrderExemption(exemption) if exemption else None
        report = parse_mail_order_report(number, reason)
    except NumberError as wrong:
        raise GivenError("mail_order_number", wrong.text) from None
    except ValueError:
        raise GivenError(
            "mail_order_exemption", Text(ko="사유를 목록에서 골라 주세요.", en="Choose the reason from the list.")
        ) from None
    return {"mail_order_number": report.number or "", "mail_order_exemption": exemption}
