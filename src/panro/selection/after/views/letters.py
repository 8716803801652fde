"""Letters: for the applicant its own, for the office all of them; each as a page, as PDF and as HWPX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from panro.parties.access import Right
from panro.parties.views.guard import person
from panro.selection.after import access, queries
from panro.selection.after.hwpx import MIMETYPE, letter_hwpx
from panro.selection.after.printing import letter_pdf
from panro.selection.after.told import document, document_number
from panro.selection.models import ResultLine
from panro.selection.names import RoundNames
from panro.staff.guard import office
from panro.ui.clock import today
from panro.ui.pager import BadCursorError, paginate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from panro.rules.edition.base import TextData
    from panro.selection.models import Letter

A_PAGE: Final = 50
SEEN: Final = "letter_opened"
ROUND_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter in a list: its number, and the programme and round it tells of."""

    letter: Letter
    number: str
    programme: TextData
    round: TextData
    receipt: str


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The letters of everybody one acts for, the newest first."""
    return _list(request, queries.letters_to(person(request)), "selection/after/letters.html")


@require_GET
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One's own letter."""
    found, acting = access.own_letter(person(request), pk, Right.VIEW)
    until = RoundNames(found.published).round.objections_until
    line = ResultLine.objects.get(published=found.published, result_no=found.result_no)
    context = {
        **_context(found),
        "acting": acting,
        "until": until,
        "may_object": today() <= until and acting.may(Right.SUBMIT),
        "is_selected": line.outcome == "selected",
    }
    return render(request, "selection/after/letter.html", context)


@require_GET
def letter_pdf_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One's own letter as a PDF."""
    found, _acting = access.own_letter(person(request), pk, Right.VIEW)
    return _pdf(found)


@require_GET
def letter_hwpx_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One's own letter as HWPX."""
    found, _acting = access.own_letter(person(request), pk, Right.VIEW)
    return _hwpx(found)


@require_GET
@office(*access.READ)
def issued(request: HttpRequest) -> HttpResponse:
    """All letters that were issued, or those of one round."""
    round_id = request.GET.get("round", "").replace("\0", "").strip()[:ROUND_LENGTH]
    return _list(request, queries.letters_issued(round_id), "selection/after/office_letters.html", round_id)


@require_GET
@office(*access.READ)
def office_letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A letter as the office sees it; that somebody saw it is written down."""
    found = _of_anybody(request, pk)
    return render(request, "selection/after/office_letter.html", _context(found))


@require_GET
@office(*access.READ)
def office_letter_pdf(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A letter as a PDF, for the office."""
    return _pdf(_of_anybody(request, pk))


@require_GET
@office(*access.READ)
def office_letter_hwpx(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A letter as HWPX, for the office."""
    return _hwpx(_of_anybody(request, pk))


def _of_anybody(request: HttpRequest, pk: UUID) -> Letter:
    found = queries.letter(pk)
    if found is None:
        raise Http404
    access.note_seen(request, found.application, SEEN, access.WHY_LETTER, now=timezone.now())
    return found


def _list(request: HttpRequest, rows: QuerySet[Letter], template: str, round_id: str = "") -> HttpResponse:
    try:
        page = paginate(rows, order=("-issued_at", "-id"), cursor=request.GET.get("page"), size=A_PAGE)
    except BadCursorError:
        raise Http404 from None
    kept = {"round": round_id} if round_id else {}
    context = {
        "round_id": round_id,
        "letters": _shown(page.rows),
        "previous": f"?{urlencode({**kept, 'page': page.previous})}" if page.previous else "",
        "next": f"?{urlencode({**kept, 'page': page.next})}" if page.next else "",
    }
    return render(request, template, context)


def _shown(letters: Sequence[Letter]) -> list[LetterShown]:
    names: dict[object, RoundNames] = {}
    shown = []
    for one in letters:
        known = names.setdefault(one.published_id, RoundNames(one.published))
        shown.append(
            LetterShown(
                one,
                document_number(one, one.published.edition),
                known.programme.name,
                known.round.name,
                one.application.receipt.receipt_no,
            )
        )
    return shown


def _context(found: Letter) -> dict[str, object]:
    edition = found.published.edition
    later = getattr(found, "replaced_by", None)
    return {
        "letter": found,
        "told": document(found),
        "published": found.published,
        "later": later,
        "later_number": "" if later is None else document_number(later, edition),
        "earlier": found.replaces,
        "earlier_number": "" if found.replaces is None else document_number(found.replaces, edition),
    }


def _pdf(found: Letter) -> HttpResponse:
    return _file(letter_pdf(document(found)), "application/pdf", f"letter-{found.published.edition}-{found.number}.pdf")


def _hwpx(found: Letter) -> HttpResponse:
    return _file(letter_hwpx(document(found)), MIMETYPE, f"letter-{found.published.edition}-{found.number}.hwpx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
