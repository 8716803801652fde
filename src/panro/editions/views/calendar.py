"""The year as a calendar: what opens, closes, is announced and is celebrated, month by month, and as a feed."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

from django.http import HttpResponse
from django.shortcuts import render

from panro.editions import queries
from panro.editions.calendars import feed_text, months_of, occasions_of
from panro.editions.clock import pretended_day, today
from panro.editions.years import required_year, year_of

if TYPE_CHECKING:
    from django.http import HttpRequest

FEED_TYPE: Final = "text/calendar; charset=utf-8"


def months(request: HttpRequest) -> HttpResponse:
    """The months of the year with everything that happens in them."""
    year = year_of(request)
    if year is None:
        return render(request, "editions/nothing_yet.html")
    day = today()
    occasions = occasions_of(year.edition, queries.rounds(year.version))
    context = {
        "year": year,
        "day": day,
        "pretended": pretended_day(),
        "months": months_of(occasions, day),
        "count": len(occasions),
    }
    return render(request, "editions/calendar.html", context)


def feed(request: HttpRequest) -> HttpResponse:
    """The same as an iCalendar file (RFC 5545) to subscribe to."""
    year = required_year(request)
    occasions = occasions_of(year.edition, queries.rounds(year.version))
    stamp = year.version.published_at or datetime.combine(year.version.opens, time(), tzinfo=UTC)
    text = feed_text(occasions, code=year.code, stamp=stamp, address=request.build_absolute_uri)
    response = HttpResponse(text, content_type=FEED_TYPE)
    response["Content-Disposition"] = f'inline; filename="panro-{year.code}.ics"'
    return response
