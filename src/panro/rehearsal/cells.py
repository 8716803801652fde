"""What one cell of an application file says, as the value of a fact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from panro.korea.numbers import NumberError, parse_business_number
from panro.rehearsal.files import LineError
from panro.rules.eligibility import keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from panro.rules.facts import FactValue

_YES: Final = frozenset({"yes", "y", "true", "1", "예", "네", "o"})
_NO: Final = frozenset({"no", "n", "false", "0", "아니오", "아니요", "x"})
_MOST_WON: Final = 2**53 - 1
_ORIGIN_LENGTH: Final = 2
_MAKERS: Final = ("small", "medium", "large")


def read_date(text: str, column: str) -> date:
    """Read a day such as 2021-04-09."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise LineError(
            f"{column}: {text!r}은(는) 날짜가 아닙니다. 2021-04-09처럼 적어 주세요.",
            f"{column}: {text!r} is not a date; write it like 2021-04-09",
        ) from None


def read_flag(text: str, column: str) -> bool:
    """Read yes or no."""
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise LineError(f"{column}: {text!r} 대신 yes나 no를 적어 주세요.", f"{column}: found {text!r}; write yes or no")


def read_whole(text: str, column: str) -> int:
    """Read a whole number; thousands may be parted by commas."""
    plain = text.replace(",", "")
    if not (plain.isascii() and plain.isdecimal()) or int(plain) > _MOST_WON:
        raise LineError(
            f"{column}: {text!r}은(는) 0 이상의 정수가 아닙니다.", f"{column}: {text!r} is not a whole number from 0"
        )
    return int(plain)


def read_decimal(text: str, column: str) -> str:
    """Read a decimal from 0 and write it without exponent."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0:
        raise LineError(
            f"{column}: {text!r}은(는) 0 이상의 수가 아닙니다. 3.5처럼 적어 주세요.",
            f"{column}: {text!r} is not a number from 0; write it like 3.5",
        )
    return format(number, "f")


def read_choice(*allowed: str) -> Callable[[str, str], str]:
    """Give the reader of one of some words."""

    def read(text: str, column: str) -> str:
        if text not in allowed:
            raise LineError(
                f"{column}: {text!r} 대신 {', '.join(allowed)} 가운데 하나를 적어 주세요.",
                f"{column}: found {text!r}; write one of {', '.join(allowed)}",
            )
        return text

    return read


def read_text(text: str, column: str) -> str:
    """Take a text as it is: what looks like a formula stays text."""
    del column
    return text


def read_business_number(text: str, column: str) -> str:
    """Read a business registration number."""
    try:
        return parse_business_number(text)
    except NumberError as error:
        raise LineError(f"{column}: {error.text.ko}", f"{column}: {error.text.en}") from None


def read_list(text: str) -> list[str]:
    """Split a list joined with semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _dates(text: str, column: str) -> FactValue:
    listed = sorted((read_date(part, column) for part in read_list(text)), reverse=True)
    return [day.isoformat() for day in listed]


def _products(text: str, column: str) -> FactValue:
    rows: list[FactValue] = []
    for number, part in enumerate(read_list(text), 1):
        name, *rest = (piece.strip() for piece in part.split("|"))
        origin, maker = (*rest, "", "")[:2]
        fits = len(rest) <= len(("origin", "maker")) and name
        if not fits or (origin and not _is_country(origin)) or (maker and maker not in _MAKERS):
            raise LineError(
                f"{column}: {part!r}을(를 읽을 수 없습니다. '이름|KR|small'처럼 적어 주세요.",
                f"{column}: {part!r} cannot be read; write 'name|KR|small', with makers {', '.join(_MAKERS)}",
            )
        rows.append({"code": f"P{number}", "name": name, "origin": origin or None, "maker": maker or None})
    return rows


def _is_country(text: str) -> bool:
    return len(text) == _ORIGIN_LENGTH and text.isascii() and text.isupper()


def _sanctions(text: str, column: str) -> FactValue:
    rows: list[FactValue] = []
    for part in read_list(text):
        span, _, reason = part.partition("|")
        first, _, last = span.partition("~")
        ends = read_date(last.strip(), column).isoformat() if last.strip() else None
        rows.append({"from": read_date(first.strip(), column).isoformat(), "to": ends, "reason": reason.strip() or "-"})
    return rows


def _awards(text: str, column: str) -> FactValue:
    rows: list[FactValue] = []
    for part in read_list(text):
        pieces = part.split("/")
        if len(pieces) != len(("edition", "programme", "round")):
            raise LineError(
                f"{column}: {part!r}을(를) '2020/3-1/R1'처럼 적어 주세요.", f"{column}: write {part!r} like 2020/3-1/R1"
            )
        rows.append({"edition": pieces[0], "programme": pieces[1], "round": pieces[2]})
    return rows


def _members(text: str, column: str) -> FactValue:
    kinds = read_choice("private", "private_retail_platform", "public_body", "local_government")
    return [kinds(part, column) for part in read_list(text)]


# Columns that are one fact each: the fact's key and how the cell is read.
SIMPLE: Final[Mapping[str, tuple[str, Callable[[str, str], FactValue]]]] = {
    "region": (keys.REGION, read_text),
    "organisation": (keys.ORGANISATION, read_choice("private", "public_body", "local_government")),
    "average_sales": (keys.AVERAGE_SALES, read_whole),
    "employees": (keys.EMPLOYEES, read_decimal),
    "dishonoured": (keys.DISHONOURED, read_flag),
    "credit_default": (keys.CREDIT_DEFAULT, read_flag),
    "unfair_practice": (keys.UNFAIR_PRACTICE, _dates),
    "sanctions": (keys.SANCTIONS, _sanctions),
    "products": (keys.PRODUCTS, _products),
    "market_listing": (keys.MARKET_LISTING, read_choice("listed", "planned", "none")),
    "overseas_account": (keys.OVERSEAS_ACCOUNT, read_choice("own", "able", "none")),
    "consortium": (keys.CONSORTIUM, _members),
    "awards": (keys.AWARDS, _awards),
    "own_share": (keys.OWN_SHARE, read_whole),
    "channel_url": (keys.CHANNEL_URL, read_text),
    "wants_online": (keys.WANTS_ONLINE, read_flag),
    "short_of_staff_or_money": (keys.SHORT_OF_STAFF_OR_MONEY, read_flag),
    "cannot_run_mall": (keys.CANNOT_RUN_MALL, read_flag),
    "listed": (keys.LISTED, read_flag),
    "designated": (keys.DESIGNATED, read_flag),
    "first_time_online": (keys.FIRST_TIME_ONLINE, read_flag),
    "ministry_participant": (keys.MINISTRY_PARTICIPANT, read_flag),
    "innovative": (keys.INNOVATIVE, read_flag),
    "cooperative_member": (keys.COOPERATIVE, read_flag),
    "budget_total": (keys.BUDGET_TOTAL, read_whole),
    "nominated": (keys.NOMINATED, read_flag),
}
# Lists for which "none" says that there is nothing, while an empty cell says that nothing is known.
LISTS: Final = frozenset({"unfair_practice", "sanctions", "awards", "products", "consortium"})
# What an officer has seen evidence of, or looked up, before the line was written.
SEEN: Final = frozenset(
    {
        "listed",
        "designated",
        "first_time_online",
        "ministry_participant",
        "innovative",
        "cooperative_member",
        "nominated",
    }
)
