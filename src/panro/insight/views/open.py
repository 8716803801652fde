"""Open data: a page that lists it, tables to download, and the notices as a feed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _

from panro.editions.queries import history
from panro.editions.words import column, in_page_language, is_english
from panro.editions.years import year_of
from panro.insight import opendata, reading
from panro.insight.api.door import JSON, ProblemError, as_known, given, open_to_all
from panro.insight.api.openapi import document, item_fields
from panro.insight.api.operations import BASE, OPERATIONS
from panro.selection.queries import lines, published_round
from panro.ui.addresses import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest, HttpResponseBase

    from panro.editions.models import EditionVersion
    from panro.editions.years import Year
    from panro.insight.api.operations import Operation
    from panro.insight.api.shapes import Shape
    from panro.selection.models import PublishedRound

CSV: Final = "text/csv; charset=utf-8"
RSS: Final = "application/rss+xml; charset=utf-8"
_TYPES: Final = {"csv": CSV, "json": JSON}
SHOWN_ROUNDS: Final = 100
FED: Final = 100


@dataclass(frozen=True, slots=True)
class DatasetShown:
    """A table of the page."""

    title: str
    text: str
    addresses: list[tuple[str, str]]
    columns: list[str]


@dataclass(frozen=True, slots=True)
class _News:
    """Something that was announced; ``name`` is the same whenever the feed is read."""

    title: str
    link: str
    text: str
    name: str
    at: datetime | None


def page(request: HttpRequest) -> HttpResponse:
    """What there is, under which licence."""
    year = year_of(request)
    rounds = list(reading.published()[:SHOWN_ROUNDS])
    context = {
        "year": year,
        "licence": in_page_language(opendata.LICENCE),
        "licence_address": opendata.LICENCE_ADDRESS,
        "datasets": _datasets(),
        "line_columns": opendata.columns(opendata.SHAPES["lines"]),
        "rounds": [(row, _line_addresses(row)) for row in rounds],
        "notices": reverse("insight:notices"),
        "rss": reverse("insight:rss"),
        "calendar": reverse("editions:calendar_feed"),
    }
    return render(request, "insight/open.html", context)


def api_page(request: HttpRequest) -> HttpResponse:
    """The read API explained."""
    described: dict[str, dict[str, dict[str, list[dict[str, object]]]]] = document()["paths"]  # type: ignore[assignment] # made so
    operations: list[tuple[Operation, list[dict[str, object]]]] = [
        (one, described[one.path]["get"]["parameters"]) for one in OPERATIONS
    ]
    context = {
        "operations": [
            (f"{BASE}{one.path}", one.summary, parameters, item_fields(one)) for one, parameters in operations
        ],
        "example": absolute(f"{BASE}/programmes"),
        "description": reverse("insight:api_description"),
    }
    return render(request, "insight/api.html", context)


@open_to_all
def table(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """A whole table: programmes, rounds or results."""
    if name == "results":
        rows: list[Shape] = [reading.result_shape(row) for row in reading.published()]
        return _whole(request, name, form, rows, changed=reading.last_publication())
    year = _year(request)
    version = year.version
    if name == "programmes":
        rows = [reading.programme_shape(row, year.code) for row in reading.programme_rows(version)]
    else:
        rows = [reading.round_shape(row, year.code) for row in reading.round_rows(version)]
    return _whole(request, f"{name}-{year.code}", form, rows, changed=version.published_at, kind=name)


@open_to_all
def round_lines(request: HttpRequest, edition: str, programme: str, code: str, form: str) -> HttpResponseBase:
    """All lines of a published round."""
    found = published_round(programme, code, edition=edition) if (edition + programme + code).isprintable() else None
    if found is None:
        raise ProblemError(404, "There is no such published round.")
    pieces = _pieces("lines", form, _lines(found))
    response = StreamingHttpResponse(pieces, content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="panro-{edition}-{programme}-{code}.{form}"'
    return as_known(request, response, etag=f"{found.root}-{form}", changed=found.published_at)


@open_to_all
def notices(request: HttpRequest) -> HttpResponseBase:
    """The calls of a year as the notice API of SMEs 24 gives them; ``strDt`` and ``endDt`` bound the day of issue."""
    year = year_of(request)
    try:
        first, last = (_day(request.GET.get(name, "")) for name in ("strDt", "endDt"))
    except ValueError:
        return JsonResponse({"resultCd": "99", "resultMsg": "strDt, endDt: YYYYMMDD", "data": []}, status=400)
    rows = [] if year is None else reading.notices(year.version)
    kept = [
        row.model_dump(mode="json")
        for row in rows
        if (first is None or row.creatDt >= first) and (last is None or row.creatDt <= last)
    ]
    told: dict[str, object] = {"resultCd": "0", "resultMsg": "", "data": kept}
    changed = None if year is None else year.version.published_at
    return given(request, json.dumps(told, ensure_ascii=False).encode(), JSON, changed=changed)


@open_to_all
def rss(request: HttpRequest) -> HttpResponseBase:
    """What was announced, the latest first: calls of rounds, and amendments of the year's notice."""
    year = _year(request)
    feed = Rss201rev2Feed(
        title=_("Panro: notices of %(year)s") % {"year": in_page_language(year.edition.head.name)},
        link=absolute(reverse("editions:programmes")),
        description=in_page_language(year.edition.head.summary),
        language="en" if is_english() else "ko",
        feed_url=absolute(request.path),
    )
    for item in _news(year)[:FED]:
        feed.add_item(
            title=item.title,
            link=item.link,
            description=item.text,
            unique_id=item.name,
            unique_id_is_permalink=False,
            pubdate=item.at,
        )
    body = feed.writeString("utf-8").encode()
    return given(request, body, RSS, changed=year.version.published_at)


def _news(year: Year) -> list[_News]:
    versions = history(year.version)
    amended = [_amendment(year, version) for version in versions if version.number > 1]
    calls = [
        _News(
            title=f"{row.programme.code} {column(row.programme, 'name')} · {column(row, 'name')}",
            link=absolute(f"{reverse('editions:programme', args=[row.programme.code])}{year.query}"),
            text=_("Applications from %(opens)s to %(closes)s.")
            % {"opens": row.opens.isoformat(), "closes": row.closes.isoformat()},
            name=f"{year.code}/{row.programme.code}/{row.code}",
            at=versions[-1].published_at,
        )
        for row in reading.round_rows(year.version)
    ]
    return amended + calls


def _amendment(year: Year, version: EditionVersion) -> _News:
    reason = version.reason or {}
    return _News(
        title=_("The notice was amended (version %(number)d)") % {"number": version.number},
        link=absolute(f"{reverse('editions:programmes')}{year.query}"),
        text=str(reason.get("en" if is_english() else "ko", "")),
        name=f"{year.code}#v{version.number}",
        at=version.published_at,
    )


def _year(request: HttpRequest) -> Year:
    wanted = request.GET.get("edition")
    if wanted is not None and not wanted.isprintable():
        raise ProblemError(404, "There is no such year.")
    year = year_of(request)
    if year is None:
        raise ProblemError(404, "No year is published yet.")
    return year


def _whole(
    request: HttpRequest, name: str, form: str, rows: list[Shape], *, changed: datetime | None, kind: str = ""
) -> HttpResponseBase:
    body = "".join(_pieces(kind or name, form, rows)).encode()
    response = given(request, body, _TYPES[form], changed=changed)
    response["Content-Disposition"] = f'attachment; filename="panro-{name}.{form}"'
    return response


def _pieces(kind: str, form: str, rows: Iterable[Shape]) -> Iterator[str]:
    return opendata.as_csv(opendata.SHAPES[kind], rows) if form == "csv" else opendata.as_json(rows)


def _lines(found: PublishedRound) -> Iterator[Shape]:
    for row in lines(found).order_by("result_no").iterator(chunk_size=opendata.BATCH):
        yield reading.line_shape(row)


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date() if text else None


def _datasets() -> list[DatasetShown]:
    told = {
        "programmes": (_("Programmes"), _("The year's programmes with quota, way of choosing and who may apply.")),
        "rounds": (_("Rounds"), _("Every intake with its days and places.")),
        "results": (_("Results"), _("Every published round with its counts, and where its dossier is.")),
    }
    return [
        DatasetShown(
            title,
            text,
            [(form.upper(), reverse("insight:table", args=[name, form])) for form in _TYPES],
            opendata.columns(opendata.SHAPES[name]),
        )
        for name, (title, text) in told.items()
    ]


def _line_addresses(row: PublishedRound) -> list[tuple[str, str]]:
    where = [row.edition, row.programme, row.round]
    return [(form.upper(), reverse("insight:round_lines", args=[*where, form])) for form in _TYPES]
