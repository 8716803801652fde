"""The published heads, for everybody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from panro.record.heads import SEALS, Heads, page_of_heads, seals_after

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_DIGITS = 18


@login_not_required
@require_safe
def heads(request: HttpRequest) -> HttpResponse:
    """The heads as a page."""
    found = _asked_for(request)
    context = {"heads": found, "next": _next(found, "record:heads"), "paged": "before" in request.GET}
    return render(request, "record/heads.html", context)


@login_not_required
@require_safe
def heads_as_json(request: HttpRequest) -> JsonResponse:
    """The heads for programs: day, seal, head and time of publication, newest first, and where the next page is."""
    found = _asked_for(request)
    rows = [
        {"day": row.day.isoformat(), "head": row.head, "published": row.published.isoformat(), "seal": row.seal_id}
        for row in found.rows
    ]
    return _for_everybody({"heads": rows, "next": _next(found, "record:heads_json") or None})


@login_not_required
@require_safe
def seals_as_json(request: HttpRequest) -> JsonResponse:
    """The seals after ``?after=`` a number, a thousand at most, and where the next page is."""
    after = request.GET.get("after", "0")
    if not after.isascii() or not after.isdecimal() or len(after) > _DIGITS:
        raise Http404
    found = seals_after(int(after))
    rows = [
        {"number": row.number, "previous": row.previous, "root": row.root, "count": row.count, "head": row.head}
        for row in found
    ]
    more = f"{reverse('record:seals_json')}?after={found[-1].number}" if len(found) == SEALS else None
    return _for_everybody({"seals": rows, "next": more})


def _for_everybody(content: dict[str, object]) -> JsonResponse:
    response = JsonResponse(content)
    response["Access-Control-Allow-Origin"] = "*"  # public, and the more copies the better
    return response


def _asked_for(request: HttpRequest) -> Heads:
    before = request.GET.get("before")
    try:
        return page_of_heads(date.fromisoformat(before) if before else None)
    except ValueError:
        raise Http404 from None


def _next(found: Heads, route: str) -> str:
    return f"{reverse(route)}?before={found.next.isoformat()}" if found.next else ""
