"""Home, the list of programmes, and a page for each: for everybody, without an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import Http404
from django.shortcuts import render

from panro.editions import queries
from panro.editions.calendars import months_of, occasions_of
from panro.editions.clock import pretended_day, today
from panro.editions.models import Unit
from panro.editions.rounds import ACCEPTING, Intake, RoundState, days_left, intake_on, state_on
from panro.editions.showing import ProgrammeShown
from panro.editions.words import APPLICANTS
from panro.editions.years import required_year, year_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from panro.editions.models import ProgrammeRow, RoundRow
    from panro.editions.years import Year
    from panro.rules.edition.model import Pillar

SHOWN_ROUNDS: Final = 6
LONGEST_WORDS: Final = 60


@dataclass(frozen=True, slots=True)
class RowShown:
    """A programme in a list."""

    row: ProgrammeRow
    intake: Intake
    rounds: int


@dataclass(frozen=True, slots=True)
class RoundShown:
    """A round in a list."""

    row: RoundRow
    state: RoundState
    left: int


@dataclass(frozen=True, slots=True)
class PillarShown:
    """A pillar with its programmes."""

    pillar: Pillar
    rows: list[RowShown]


def home(request: HttpRequest) -> HttpResponse:
    """What this is, what to do first, what closes soon."""
    year = year_of(request)
    if year is None:
        return render(request, "editions/nothing_yet.html")
    day = today()
    rows = queries.programmes(year.version, queries.Filters(), day)
    rounds = [round_ for row in rows for round_ in queries.rounds_of(row)]
    shown = [_row_shown(row, day) for row in rows]
    first = _first_rounds(rounds, day)
    context = {
        "year": year,
        "day": day,
        "pretended": pretended_day(),
        "pillars": _by_pillar(year, shown),
        "rounds": first,
        "are_open": bool(first) and first[0].state in ACCEPTING,
        "is_over": day > year.edition.head.window.closes,
        "count": len(rows),
        "open_count": sum(one.intake.state in ACCEPTING for one in shown),
        "months": months_of(occasions_of(year.edition, rounds), day),
    }
    return render(request, "editions/home.html", context)


def programmes(request: HttpRequest) -> HttpResponse:
    """All programmes, narrowed down by pillar, unit, applicant, words, and whether they are open."""
    year = year_of(request)
    if year is None:
        return render(request, "editions/nothing_yet.html")
    day = today()
    filters = _filters(request, year)
    rows = [_row_shown(row, day) for row in queries.programmes(year.version, filters, day)]
    types = {applicant.type for programme in year.edition.programmes for applicant in programme.applicants}
    units = {programme.unit for programme in year.edition.programmes}
    context = {
        "year": year,
        "day": day,
        "pretended": pretended_day(),
        "filters": filters,
        "pillars": _by_pillar(year, rows),
        "found": len(rows),
        "units": [unit for unit in Unit if unit.value in units],
        "applicants": [(code, label) for code, label in APPLICANTS.items() if code in types],
    }
    return render(request, "editions/programmes.html", context)


def programme(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about one programme."""
    year = required_year(request)
    day = today()
    try:
        found = year.edition.programme(code)
    except KeyError:
        raise Http404 from None
    shown = ProgrammeShown(year.edition, found, day)
    versions = queries.history(year.version)
    context = {
        "year": year,
        "day": day,
        "pretended": pretended_day(),
        "shown": shown,
        "programme": found,
        "notes": shown.notes,
        "intake": intake_on(found.rounds, day),
        "versions": versions if len(versions) > 1 else [],
    }
    return render(request, "editions/programme.html", context)


def _filters(request: HttpRequest, year: Year) -> queries.Filters:
    """What the address narrows to; a value that does not exist narrows nothing, so that old links still work."""
    wanted = request.GET
    pillars = {pillar.code for pillar in year.edition.head.pillars}
    return queries.Filters(
        pillar=wanted.get("pillar", "") if wanted.get("pillar") in pillars else "",
        unit=wanted.get("unit", "") if wanted.get("unit") in Unit.values else "",
        applicant=wanted.get("applicant", "") if wanted.get("applicant") in APPLICANTS else "",
        open_now=wanted.get("open") == "1",
        words=wanted.get("q", "").replace("\0", "").strip()[:LONGEST_WORDS],
    )


def _by_pillar(year: Year, rows: Sequence[RowShown]) -> list[PillarShown]:
    return [
        PillarShown(pillar, found)
        for pillar in year.edition.head.pillars
        if (found := [row for row in rows if row.row.pillar == pillar.code])
    ]


def _row_shown(row: ProgrammeRow, day: date) -> RowShown:
    rounds = queries.rounds_of(row)
    return RowShown(row, intake_on(rounds, day), len(rounds))


def _first_rounds(rounds: Sequence[RoundRow], day: date) -> list[RoundShown]:
    """The rounds that accept applications, by closing day; where there are none, the next to open."""
    shown = [RoundShown(row, state_on(row, day), days_left(row, day)) for row in rounds]
    accepting = sorted((one for one in shown if one.state in ACCEPTING), key=lambda one: one.left)
    coming = sorted((one for one in shown if one.state == RoundState.UPCOMING), key=lambda one: one.row.opens)
    return (accepting or coming)[:SHOWN_ROUNDS]
