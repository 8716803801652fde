"""What an application waits for: points that an officer asked about, and papers that its applicant promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from panro.accounts.language import say
from panro.intake.following import name_of
from panro.intake.models import Supplement
from panro.intake.states import SupplementState

if TYPE_CHECKING:
    from datetime import date

    from panro.intake.calls import Call
    from panro.intake.models import Application


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that is waited for, in words."""

    text: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open request; ``left`` counts the days until it is due, negative once that has passed."""

    promised: bool
    due: date
    left: int
    points: list[Point]


def open_requests(application: Application) -> list[Supplement]:
    """Return the requests that wait for the applicant: an officer's before what was promised. Two queries."""
    found = Supplement.objects.filter(application=application, state=SupplementState.ASKED)
    return list(found.order_by("promised", "clock_stopped", "pk").prefetch_related("items__paper"))


def waiting_for(application: Application, call: Call, on: date) -> list[Waiting]:
    """Return what an application waits for on a day. Two queries."""
    names = {one.code: say(one.name.text) for one in call.programme.documents}
    return [
        Waiting(
            one.promised,
            one.due,
            (one.due - on).days,
            [
                Point(
                    (names.get(item.code) or say(name_of(item.code))) if one.promised else item.why,
                    item.answered_at is not None,
                )
                for item in one.items.all()
            ],
        )
        for one in open_requests(application)
    ]
