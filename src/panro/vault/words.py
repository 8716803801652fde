"""Values of facts in words, in the language of the page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from panro.accounts.language import page_language
from panro.korea.industries import IndustryError, classification
from panro.korea.numbers import NumberError, format_business_number
from panro.korea.regions import RegionError, region
from panro.rules.eligibility import keys
from panro.vault.knowledge import about

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.utils.functional import _StrPromise

    from panro.rules.facts import FactValue

    type Label = _StrPromise | str

_DIVISION: Final = 2
_DAY: Final = {"ko": "Y. n. j.", "en": "j F Y"}

CHOICES: Final[Mapping[str, Mapping[str, Label]]] = {
    keys.APPLICANT_TYPE: {
        "merchant": gettext_lazy("Small merchant"),
        "cooperative": gettext_lazy("Cooperative of small merchants"),
        "creator": gettext_lazy("Creator"),
        "trainee": gettext_lazy("Trainee (a person)"),
        "institution": gettext_lazy("Institution or company"),
        "consortium": gettext_lazy("Consortium"),
        "local_government": gettext_lazy("Local government"),
    },
    keys.ORGANISATION: {
        "private": gettext_lazy("Private"),
        "public_body": gettext_lazy("Public body"),
        "local_government": gettext_lazy("Local government"),
    },
    keys.MARKET_LISTING: {
        "listed": pgettext_lazy("market", "Listed"),
        "planned": pgettext_lazy("market", "Planned"),
        "none": pgettext_lazy("market", "Not listed"),
    },
    keys.OVERSEAS_ACCOUNT: {
        "own": gettext_lazy("We have an account"),
        "able": gettext_lazy("We can open one"),
        "none": gettext_lazy("No"),
    },
    keys.CONSORTIUM: {
        "private": gettext_lazy("Private"),
        "private_retail_platform": gettext_lazy("Private retail platform"),
        "public_body": gettext_lazy("Public body"),
        "local_government": gettext_lazy("Local government"),
    },
    "status": {
        "open": pgettext_lazy("business", "In business"),
        "suspended": pgettext_lazy("business", "Suspended"),
        "closed": pgettext_lazy("business", "Closed down"),
    },
}
YES_NO: Final[Mapping[bool, Label]] = {True: gettext_lazy("Yes"), False: gettext_lazy("No")}


def in_words(key: str, value: FactValue, as_of: date) -> str:
    """Return what a fact says, for people; a value of a shape nobody knows any more is shown as it is.

    Args:
        key: one of `panro.rules.eligibility.keys`.
        value: of the key's shape.
        as_of: the day it vouches for; names of places are of that day.
    """
    if value is None:
        return pgettext("value", "None")
    if isinstance(value, bool):
        return _answer(key, value=value)
    say = _WORDS.get(key)
    return say(value, as_of) if say is not None else str(value)


def on_day(text: FactValue) -> str:
    """Return a day that a value holds as ISO text; a dash for none."""
    return date_format(date.fromisoformat(text), _DAY[page_language()]) if isinstance(text, str) else "–"


def _answer(key: str, *, value: bool) -> str:
    if key in {keys.CREDIT_DEFAULT, keys.DISHONOURED}:
        return pgettext("register", "Registered") if value else _("None registered")
    return str(YES_NO[value])


def _choice(key: str) -> Callable[[FactValue, date], str]:
    return lambda value, _as_of: str(CHOICES[key].get(str(value), value))


def _region(value: FactValue, as_of: date) -> str:
    try:
        found = region(str(value), on=as_of)
    except RegionError:
        return str(value)
    return found.name_en if page_language() == "en" else found.name_ko


def _number(value: FactValue, _as_of: date) -> str:
    try:
        return format_business_number(str(value))
    except NumberError:
        return str(value)


def _industry(value: FactValue, _as_of: date) -> str:
    code = str(_part(value, "code"))
    try:
        division = classification().divisions[code.lstrip("ABCDEFGHIJKLMNOPQRSTU")[:_DIVISION]]
    except (KeyError, IndustryError):
        return code
    name = division.name_en if page_language() == "en" else division.name_ko
    return f"{code} ({name})"


def _won(value: FactValue, _as_of: date) -> str:
    return _("%(sum)s won") % {"sum": f"{value:,}" if isinstance(value, int) else value}


def _people(value: FactValue, _as_of: date) -> str:
    number = Decimal(str(value)).normalize()
    return _("%(count)s people") % {"count": f"{number:f}"}


def _percent(value: FactValue, _as_of: date) -> str:
    return f"{Decimal(value) / 100:f}".rstrip("0").rstrip(".") + "%" if isinstance(value, int) and value else "0%"


def _certificate(value: FactValue, _as_of: date) -> str:
    days = _("valid %(first)s to %(last)s") % {
        "first": on_day(_part(value, "valid_from")),
        "last": on_day(_part(value, "valid_to")),
    }
    number = _part(value, "number")
    return f"{number}, {days}" if number else days


def _span(value: FactValue, _as_of: date) -> str:
    return _("%(first)s to %(last)s") % {"first": on_day(_part(value, "from")), "last": on_day(_part(value, "to"))}


def _members(value: FactValue, _as_of: date) -> str:
    return _("%(certified)s of %(members)s members") % {
        "certified": _part(value, "certified"),
        "members": _part(value, "members"),
    }


def _operating(value: FactValue, _as_of: date) -> str:
    said = str(CHOICES["status"].get(str(_part(value, "status")), _part(value, "status")))
    ended = _part(value, "ended_on")
    return f"{said} ({on_day(ended)})" if ended else said


def _tax(value: FactValue, as_of: date) -> str:
    arrears, deferred = _part(value, "arrears"), _part(value, "deferred")
    if not arrears:
        said = _("No arrears")
    elif isinstance(arrears, int) and isinstance(deferred, int) and arrears <= deferred:
        said = _("Put off: %(sum)s") % {"sum": _won(deferred, as_of)}
    else:
        said = _("Arrears: %(sum)s") % {"sum": _won(arrears, as_of)}
    last = _part(value, "valid_to")
    return _("%(said)s (until %(last)s)") % {"said": said, "last": on_day(last)} if last else said


def _days(value: FactValue, _as_of: date) -> str:
    days = [on_day(day) for day in value] if isinstance(value, list) else []
    return ", ".join(days) or _("None registered")


def _sanctions(value: FactValue, as_of: date) -> str:
    rows = value if isinstance(value, list) else []
    return ", ".join(_span(row, as_of) for row in rows) or _("None registered")


def _counted(value: FactValue, _as_of: date) -> str:
    count = len(value) if isinstance(value, list) else 0
    return (
        ngettext("%(count)d entry", "%(count)d entries", count) % {"count": count}
        if count
        else pgettext("value", "None")
    )


def _list(value: FactValue, _as_of: date) -> str:
    rows = value if isinstance(value, list) else []
    return ", ".join(str(CHOICES[keys.CONSORTIUM].get(str(row), row)) for row in rows)


def _detail(value: FactValue, _as_of: date) -> str:
    excluded = _part(value, "excluded")
    return _("Belongs to the excluded part") if excluded else _("Does not belong to the excluded part")


def _part(value: FactValue, name: str) -> FactValue:
    return value.get(name) if isinstance(value, dict) else None


_WORDS: Final[Mapping[str, Callable[[FactValue, date], str]]] = {
    keys.APPLICANT_TYPE: _choice(keys.APPLICANT_TYPE),
    keys.ORGANISATION: _choice(keys.ORGANISATION),
    keys.MARKET_LISTING: _choice(keys.MARKET_LISTING),
    keys.OVERSEAS_ACCOUNT: _choice(keys.OVERSEAS_ACCOUNT),
    keys.BUSINESS_NUMBER: _number,
    keys.REGION: _region,
    keys.INDUSTRY: _industry,
    keys.INDUSTRY_ANSWER: _detail,
    keys.CONSORTIUM: _list,
    keys.AVERAGE_SALES: _won,
    keys.BUDGET_TOTAL: _won,
    keys.EMPLOYEES: _people,
    keys.OWN_SHARE: _percent,
    keys.SIZE_GRACE: _span,
    keys.CERTIFICATE: _certificate,
    keys.MEMBERS_CERTIFIED: _members,
    keys.OPERATING: _operating,
    keys.NATIONAL_TAX: _tax,
    keys.LOCAL_TAX: _tax,
    keys.UNFAIR_PRACTICE: _days,
    keys.SANCTIONS: _sanctions,
    keys.AWARDS: _counted,
    keys.PRODUCTS: _counted,
    keys.DOCUMENTS: _counted,
}


def question(key: str) -> str:
    """Return how a fact is asked: its name."""
    return str(about(key).name)
