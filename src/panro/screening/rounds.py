"""The rounds whose cases lie at the desk: their rules in force, and the days on which each moment is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max

from panro.editions.models import EditionVersion, VersionState
from panro.intake.calls import Call, call_under
from panro.intake.models import Supplement
from panro.intake.states import SupplementState
from panro.rules.findings import Moment
from panro.ui.clock import day_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from panro.screening.models import Case, Review


@dataclass(frozen=True, slots=True)
class Days:
    """On which day rules are asked, and up to which days papers and registers count."""

    on: date
    papers_until: date
    registers_on: date


def calls_of(reviews: Iterable[Review]) -> dict[UUID, Call]:
    """Return the rounds of reviews under the notice in force, by review. One query."""
    wanted = {review.pk: review for review in reviews}
    versions = EditionVersion.objects.filter(
        edition__in={review.edition_id for review in wanted.values()}, state=VersionState.PUBLISHED
    )
    digests = dict(versions.values_list("edition_id", "digest"))
    return {
        key: call_under(digests[review.edition_id], review.programme, review.round_code)
        for key, review in wanted.items()
    }


def review_on(call: Call) -> date:
    """Return the day from which what is not known lets an application lapse: the first after the supplements."""
    return min(call.round_.supplement_until + timedelta(days=1), call.round_.results_on)


def first_day(call: Call, moment: Moment, received_on: date) -> date:
    """Return the day from which the rules of a moment can be asked."""
    return received_on if moment is Moment.APPLICATION else call.round_.closes


def answered_on(cases: Collection[UUID]) -> dict[UUID, date]:
    """Return the day on which each applicant answered last, of those who were asked. One query."""
    rows = Supplement.objects.filter(application__in=cases, state=SupplementState.ANSWERED, clock_started__isnull=False)
    last = rows.order_by().values("application").annotate(last=Max("clock_started"))
    return {key: day_of(moment) for key, moment in last.values_list("application", "last")}


def days_for(case: Case, call: Call, moment: Moment, *, on: date | None, today: date, answered: date | None) -> Days:
    """Return the days for a case: what was brought with supplements counts at every moment.

    At application registers count for the day of the receipt, as of the closing date for that day; before the
    evaluation for the day of the review, which is the one given, else the first after the supplements or today.
    """
    papers = max(case.received_on, answered or case.received_on)
    match moment:
        case Moment.APPLICATION:
            return Days(case.received_on, papers, case.received_on)
        case Moment.CLOSING:
            return Days(call.round_.closes, papers, call.round_.closes)
        case _:
            day = on or min(today, review_on(call))
            return Days(day, max(papers, day), day)
