"""The read API: published facts as JSON, for programs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.http import urlencode

from panro.editions.queries import public_versions
from panro.insight import reading
from panro.insight.api import asked, shapes
from panro.insight.api.door import JSON, ProblemError, answer, given, open_to_all
from panro.insight.api.openapi import document
from panro.selection.queries import lines as lines_of
from panro.selection.queries import published_round
from panro.ui.addresses import absolute
from panro.ui.pager import BadCursorError, paginate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, HttpResponseBase

    from panro.editions.models import EditionVersion
    from panro.selection.models import PublishedRound
    from panro.ui.pager import Page

_CODE: Final = re.compile(r"[0-9A-Za-z]+(-[0-9A-Za-z]+)*")
NO_LINKS: Final = shapes.Links()


def programmes(request: HttpRequest) -> HttpResponseBase:
    """All programmes of a year."""
    version = _version(asked.read(request, asked.OfYear).edition)
    rows = reading.programme_rows(version)
    items = [reading.programme_shape(row, version.edition.code) for row in rows]
    return answer(request, shapes.Programmes(items=items, links=NO_LINKS), changed=version.published_at)


def programme(request: HttpRequest, edition: str, programme: str) -> HttpResponseBase:
    """One programme."""
    asked.read(request, asked.Nothing)
    version = _version(edition)
    row = next((row for row in reading.programme_rows(version) if row.code == programme), None)
    if row is None:
        raise _no_such("programme", programme)
    return answer(request, reading.programme_shape(row, version.edition.code), changed=version.published_at)


def rounds(request: HttpRequest) -> HttpResponseBase:
    """All rounds of a year, or of one programme."""
    query = asked.read(request, asked.OfProgramme)
    version = _version(query.edition)
    rows = reading.round_rows(version, query.programme or "")
    items = [reading.round_shape(row, version.edition.code) for row in rows]
    return answer(request, shapes.Rounds(items=items, links=NO_LINKS), changed=version.published_at)


def results(request: HttpRequest) -> HttpResponseBase:
    """A page of published rounds."""
    query = asked.read(request, asked.ResultsAsked)
    rows = reading.published(query.edition or "", query.programme or "")
    page = _page(rows, ("-published_at", "-id"), query)
    items = [reading.result_shape(row) for row in page.rows]
    return answer(request, shapes.Results(items=items, links=_links(request, page)), changed=reading.last_publication())


def result(request: HttpRequest, edition: str, programme: str, round: str) -> HttpResponseBase:  # noqa: A002 - the word of the address
    """One published round."""
    asked.read(request, asked.Nothing)
    found = _published(edition, programme, round)
    return answer(request, reading.result_shape(found), changed=found.published_at)


def lines(request: HttpRequest, edition: str, programme: str, round: str) -> HttpResponseBase:  # noqa: A002 - the word of the address
    """A page of the lines of a round."""
    query = asked.read(request, asked.LinesAsked)
    found = _published(edition, programme, round)
    page = _page(lines_of(found, query.outcome or ""), ("result_no",), query)
    items = [reading.line_shape(row) for row in page.rows]
    return answer(request, shapes.Lines(items=items, links=_links(request, page)), changed=found.published_at)


def notices(request: HttpRequest) -> HttpResponseBase:
    """The calls of a year."""
    version = _version(asked.read(request, asked.OfYear).edition)
    items = reading.notices(version)
    return answer(request, shapes.Notices(items=items, links=NO_LINKS), changed=version.published_at)


@open_to_all
def description(request: HttpRequest) -> HttpResponseBase:
    """The description of the API (OpenAPI 3.1)."""
    return given(request, json.dumps(document(), ensure_ascii=False).encode(), JSON)


@open_to_all
def unknown(_request: HttpRequest, rest: str) -> HttpResponseBase:
    """Every other address below the API."""
    del rest
    where = reverse("insight:api_description")
    raise ProblemError(404, f"There is no such address. What there is, {where} says.")


def _version(edition: str | None) -> EditionVersion:
    for version in public_versions():
        if edition in (None, version.edition.code):
            return version
    raise _no_such("year", edition or "")


def _published(edition: str, programme: str, code: str) -> PublishedRound:
    known = all(_CODE.fullmatch(text) for text in (edition, programme, code))
    found = published_round(programme, code, edition=edition) if known else None
    if found is None:
        raise _no_such("published round", f"{edition}/{programme}/{code}")
    return found


def _no_such(what: str, name: str) -> ProblemError:
    return ProblemError(404, f"There is no {what} {name!r}." if name else f"There is no {what} yet.")


def _page[Row: Model](rows: QuerySet[Row], order: Sequence[str], query: asked.Paged) -> Page[Row]:
    try:
        return paginate(rows, order=order, cursor=query.page, size=query.size)
    except BadCursorError:
        wrong = shapes.Wrong(name="page", reason="this list has no such page")
        raise ProblemError(400, "Take `page` from the links of another page.", [wrong]) from None


def _links[Row: Model](request: HttpRequest, page: Page[Row]) -> shapes.Links:
    return shapes.Links(next=_link(request, page.next), previous=_link(request, page.previous))


def _link(request: HttpRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    kept = {key: str(value) for key, value in request.GET.items() if key != "page"}
    return absolute(f"{request.path}?{urlencode({**kept, 'page': cursor})}")
