"""What an officer can state of an applicant by choosing, so that nobody types a fact in the shape of its key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from panro.rules.eligibility import keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.utils.functional import _StrPromise

    from panro.rules.facts import FactValue

TAX_VALID: Final = timedelta(days=30)
"""So long a tax clearance holds from its day of issue (국세징수법 시행령 제96조); an officer's look-up counts alike."""


@dataclass(frozen=True, slots=True)
class Statable:
    """One thing to state: its words, the key, and the value for the day that the officer vouches for."""

    label: _StrPromise
    key: str
    value: Callable[[date], FactValue]


def _clear(day: date) -> FactValue:
    return {"arrears": 0, "deferred": 0, "valid_to": (day + TAX_VALID).isoformat()}


def _nothing(_day: date) -> FactValue:
    return []


def _no(_day: date) -> FactValue:
    return False


STATABLE: Final[dict[str, Statable]] = {
    "open": Statable(_("The business is open"), keys.OPERATING, lambda _day: {"status": "open", "ended_on": None}),
    "closed": Statable(
        _("The business has closed on that day"),
        keys.OPERATING,
        lambda day: {"status": "closed", "ended_on": day.isoformat()},
    ),
    "national_tax": Statable(_("No arrears of national tax"), keys.NATIONAL_TAX, _clear),
    "local_tax": Statable(_("No arrears of local tax"), keys.LOCAL_TAX, _clear),
    "credit": Statable(_("No default on debts"), keys.CREDIT_DEFAULT, _no),
    "bills": Statable(_("No dishonoured bills"), keys.DISHONOURED, _no),
    "unfair_practice": Statable(_("No decision on an unfair practice"), keys.UNFAIR_PRACTICE, _nothing),
    "listed": Statable(_("Listed on the market platform"), keys.MARKET_LISTING, lambda _day: "listed"),
    "no_awards": Statable(_("No support received so far"), keys.AWARDS, _nothing),
}
