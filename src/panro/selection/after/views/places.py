"""Places after publication: the applicant answers an offer or gives a place back; the office offers down the list."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from panro.intake.models import Application
from panro.parties.access import Right
from panro.parties.views.guard import person
from panro.selection.after import access, offers, queries
from panro.selection.after.errors import AfterError
from panro.selection.after.places import carried_on, groups_of
from panro.selection.models import Offer, OfferLine, OfferState, Outcome, PublishedRound, ResultLine
from panro.selection.names import RoundNames
from panro.staff.access import has
from panro.staff.guard import office, officer
from panro.ui.clock import today
from panro.ui.pager import BadCursorError, paginate

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from panro.korea.text import Text
    from panro.rules.edition.base import TextData

A_PAGE: Final = 100
WHY_LENGTH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One of the waiting list: its line, its receipt here, its offer, and whether it comes next."""

    line: ResultLine
    receipt: str
    offer: Offer | None
    is_next: bool


@dataclass(frozen=True, slots=True)
class RoundShown:
    """A publication in the office's list."""

    published: PublishedRound
    programme: TextData
    round: TextData


@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, application: UUID) -> HttpResponse:
    """What became of one's own place: an offer to answer, or a place to give back."""
    row = get_object_or_404(Application, pk=application)
    acting = access.acting_for(person(request), row, Right.VIEW if request.method == "GET" else Right.SUBMIT)
    found = queries.published_of(row)
    if found is None:
        raise Http404
    published, line = found
    error, why = "", request.POST.get("why", "").strip()[:WHY_LENGTH]
    if request.method == "POST":
        try:
            _answered(request, published, line, why)
        except AfterError as wrong:
            error = str(wrong)
        else:
            return redirect("selection:place", row.pk)
    last, offer = queries.last_event(published, line.result_no), queries.offer_to(published, line.result_no)
    names = RoundNames(published)
    context = {
        "acting": acting,
        "application": row,
        "published": published,
        "programme": names.programme,
        "round": names.round,
        "line": line,
        "offer": offer,
        "is_open": offer is not None and offer.state == OfferState.OFFERED and today() <= offer.due,
        "is_late": offer is not None and offer.state == OfferState.OFFERED and today() > offer.due,
        "holds": queries.holds_place(line, last),
        "may": acting.may(Right.SUBMIT),
        "events": OfferLine.objects.filter(published=published, result_no=line.result_no).order_by("seq"),
        "error": error,
        "why": why,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "selection/after/place.html", context, status=status)


def _answered(request: HttpRequest, published: PublishedRound, line: ResultLine, why: str) -> None:
    """Do what the pressed button says."""
    by, now, day = str(person(request).pk), timezone.now(), today()
    act = request.POST.get("act", "")
    if act == "give_back":
        if request.POST.get("sure") != "yes":
            raise AfterError(_("Please tick that you want to give the place back."))
        offers.give_back(published.pk, line.result_no, by=by, now=now, today=day, why=why)
        messages.success(request, _("The place is given back."))
        return
    offer = queries.offer_to(published, line.result_no)
    if offer is None or act not in {"accept", "refuse"}:
        raise AfterError(_("There is no offer to answer here. Please load the page again."))
    if act == "accept":
        offers.accept(offer.pk, by=by, now=now, today=day)
        messages.success(request, _("You took the place."))
    else:
        offers.refuse(offer.pk, by=by, now=now, today=day)
        messages.success(request, _("You turned the place down."))


@require_GET
@office(*access.READ)
def rounds(request: HttpRequest) -> HttpResponse:
    """The publications whose places the office looks after, the latest first."""
    try:
        page = paginate(
            queries.rounds_with_places(),
            order=("-published_at", "-id"),
            cursor=request.GET.get("page"),
            size=A_PAGE,
        )
    except BadCursorError:
        raise Http404 from None
    shown = []
    for one in page.rows:
        names = RoundNames(one)
        shown.append(RoundShown(one, names.programme.name, names.round.name))
    context = {
        "rounds": shown,
        "previous": f"?page={page.previous}" if page.previous else "",
        "next": f"?page={page.next}" if page.next else "",
    }
    return render(request, "selection/after/office_places.html", context)


@require_http_methods(["GET", "POST"])
@office(*access.READ)
def waiting_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The waiting list of a round in order, who comes next and why; offering is a button here."""
    published = get_object_or_404(PublishedRound.objects.select_related("version").defer("version__document"), pk=pk)
    user = officer(request)
    may = has(user, *access.DECIDE)
    error = ""
    if request.method == "POST":
        if not may:
            raise Http404
        try:
            made = offers.offer_next(published.pk, by=str(user.pk), now=timezone.now(), today=today())
        except AfterError as wrong:
            error = str(wrong)
        else:
            if made is None:
                messages.info(request, _("No place is free that somebody on the list could get."))
            else:
                messages.success(request, _("Offered to result %(number)d.") % {"number": made.result_no})
            return redirect("selection:waiting_list", published.pk)
    groups = groups_of(published)
    waiting = carried_on(published, groups)
    following = waiting.next_offer()
    rows = ResultLine.objects.filter(published=published, outcome=Outcome.WAITING)
    try:
        page = paginate(rows, order=("position",), cursor=request.GET.get("page"), size=A_PAGE)
    except BadCursorError:
        raise Http404 from None
    names = RoundNames(published)
    receipts = queries.receipts_of(page.rows)
    made_offers = {one.result_no: one for one in Offer.objects.filter(published=published)}
    context = {
        "published": published,
        "programme": names.programme,
        "round": names.round,
        "list": [
            Waiting(line, receipts.get(line.receipt, ""), made_offers.get(line.result_no), line.result_no == following)
            for line in page.rows
        ],
        "free": len(waiting.free_places),
        "held": len(waiting.holders),
        "following": following,
        "group": _group(waiting.free_places[0], names) if waiting.free_places else None,
        "fits_group": following is not None
        and bool(waiting.free_places)
        and waiting.free_places[0] in groups.get(following, ()),
        "may": may and published.current,
        "error": error,
        "previous": f"?page={page.previous}" if page.previous else "",
        "next": f"?page={page.next}" if page.next else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "selection/after/waiting_list.html", context, status=status)


def _group(code: str | None, names: RoundNames) -> Text | None:
    """What the group is called for which the first free place is set aside."""
    return None if code is None else names.names.groups.get(code)
