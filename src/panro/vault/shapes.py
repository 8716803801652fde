"""The shape of every fact's value: what does not have it never gets in, so no rule stumbles over it later.

The shapes are those of `panro.rules.eligibility.keys`. Dates are ISO texts, money whole won, decimals texts.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypedDict, cast

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, with_config

from panro.proof.canonical import CanonicalError, encode_text, normalise
from panro.rules.edition.parts import ApplicantType
from panro.rules.eligibility import keys
from panro.vault.knowledge import UnknownFactError

if TYPE_CHECKING:
    from panro.rules.facts import FactValue


class BadValueError(ValueError):
    """A value does not have the shape of its key; says the key, the place and what is expected."""


def _is_day(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("a date such as 2021-03-31 is expected")
    return text


def _is_decimal(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("a decimal number is expected") from None
    if not number.is_finite() or number < 0:
        raise ValueError("a decimal number from 0 is expected")
    return text


type Day = Annotated[str, AfterValidator(_is_day)]
type Number = Annotated[str, AfterValidator(_is_decimal)]
type Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
type Word = Annotated[str, StringConstraints(min_length=1, max_length=300)]
type Province = Annotated[str, StringConstraints(pattern=r"^\d{2}$")]
type BusinessNumber = Annotated[str, StringConstraints(pattern=r"^\d{10}$")]
type Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
type IndustryCode = Annotated[str, StringConstraints(pattern=r"^[A-U]?\d{2,5}$")]
type Share = Annotated[int, Field(ge=0, le=10_000)]

_STRICT: Final = ConfigDict(extra="forbid", strict=True)


@with_config(_STRICT)
class _Industry(TypedDict):
    code: IndustryCode
    revision: Literal[9, 10, 11]


@with_config(_STRICT)
class _IndustryAnswer(TypedDict):
    row: Word
    excluded: bool


@with_config(_STRICT)
class _Certificate(TypedDict):
    number: Word | None
    valid_from: Day
    valid_to: Day


@with_config(_STRICT)
class _Members(TypedDict):
    members: Count
    certified: Count


@with_config(_STRICT)
class _Operating(TypedDict):
    status: Literal["open", "suspended", "closed"]
    ended_on: Day | None


@with_config(_STRICT)
class _Tax(TypedDict):
    arrears: Count
    deferred: Count
    valid_to: Day | None


@with_config(_STRICT)
class _Product(TypedDict):
    code: Word
    name: Word
    origin: Country | None
    maker: Literal["small", "medium", "large"] | None


@with_config(_STRICT)
class _Award(TypedDict):
    edition: Word
    programme: Word
    round: Word | None


@with_config(_STRICT)
class _Document(TypedDict):
    code: Word
    issued_on: Day | None


# "from" is no name in Python, so these two are made by a call, and take their strictness after it.
_Span = TypedDict("_Span", {"from": Day, "to": Day})
_Sanction = TypedDict("_Sanction", {"from": Day | None, "to": Day | None, "reason": Word | None})
_Span.__pydantic_config__ = _STRICT  # type: ignore[attr-defined] # read by pydantic, unknown to TypedDict
_Sanction.__pydantic_config__ = _STRICT  # type: ignore[attr-defined] # same

type _Member = Literal["private", "private_retail_platform", "public_body", "local_government"]

_SHAPES: Final[dict[str, TypeAdapter[object]]] = {
    key: TypeAdapter(shape, config=None if isinstance(shape, type) and issubclass(shape, dict) else _STRICT)
    for key, shape in cast(
        "dict[str, type[object]]",
        {
            keys.APPLICANT_TYPE: ApplicantType,
            keys.ORGANISATION: Literal["private", "public_body", "local_government"],
            keys.BUSINESS_NUMBER: BusinessNumber,
            keys.REGION: Province,
            keys.INDUSTRY: _Industry,
            keys.INDUSTRY_ANSWER: _IndustryAnswer,
            keys.AVERAGE_SALES: Count,
            keys.EMPLOYEES: Number,
            keys.SIZE_GRACE: _Span | None,
            keys.CERTIFICATE: _Certificate | None,
            keys.MEMBERS_CERTIFIED: _Members,
            keys.OPERATING: _Operating | None,
            keys.DISHONOURED: bool,
            keys.NATIONAL_TAX: _Tax,
            keys.LOCAL_TAX: _Tax,
            keys.CREDIT_DEFAULT: bool,
            keys.UNFAIR_PRACTICE: list[Day],
            keys.SANCTIONS: list[_Sanction],
            keys.PRODUCTS: list[_Product],
            keys.MARKET_LISTING: Literal["listed", "planned", "none"],
            keys.OVERSEAS_ACCOUNT: Literal["own", "able", "none"],
            keys.CONSORTIUM: list[_Member],
            keys.AWARDS: list[_Award],
            keys.DOCUMENTS: list[_Document],
            keys.OWN_SHARE: Share,
            keys.CHANNEL_URL: Word,
            keys.BUDGET_TOTAL: Count,
            **dict.fromkeys(
                (
                    keys.WANTS_ONLINE,
                    keys.SHORT_OF_STAFF_OR_MONEY,
                    keys.CANNOT_RUN_MALL,
                    keys.LISTED,
                    keys.DESIGNATED,
                    keys.FIRST_TIME_ONLINE,
                    keys.MINISTRY_PARTICIPANT,
                    keys.INNOVATIVE,
                    keys.COOPERATIVE,
                    keys.NOMINATED,
                ),
                bool,
            ),
        },
    ).items()
}


def shaped(key: str, value: FactValue) -> FactValue:
    """Return a value in Unicode normal form, if it has the shape of its key.

    Raises:
        UnknownFactError: no rule reads such a key.
        BadValueError: it has another shape, or cannot be written as canonical JSON.
    """
    shape = _SHAPES.get(key)
    if shape is None:
        raise UnknownFactError(f"no rule reads a fact called {key!r}")
    clean = normalise(value)
    try:
        shape.validate_python(clean)
        encode_text(clean)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join([key, *(str(step) for step in first["loc"])])
        raise BadValueError(f"{where}: {first['msg']}; found {first['input']!r}") from None
    except CanonicalError as wrong:
        raise BadValueError(f"{key}: {wrong}") from None
    return cast("FactValue", clean)


def shaped_keys() -> frozenset[str]:
    """Return the keys whose shape is known; a test compares them with those that rules read."""
    return frozenset(_SHAPES)
