"""Taking tables out: asking for an export with its reason, watching it being made, getting it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from panro.accounts.lifecycles import WrongStateError
from panro.editions.years import year_of
from panro.files import names, storage
from panro.insight import actions, queries
from panro.insight.access import EXPORT, may_open
from panro.insight.exporting import KEPT
from panro.insight.forms import ExportForm
from panro.insight.sheets import MEDIA_TYPES
from panro.insight.states import GOES_ON, ExportState, Form
from panro.staff.guard import office, officer
from panro.ui.clock import day_of
from panro.ui.pager import BadCursorError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from panro.accounts.models import User
    from panro.editions.years import Year
    from panro.insight.models import ExportJob


@office(*EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """Ask for an export, and list those there are."""
    user = officer(request)
    year = year_of(request)
    form = None if year is None else ExportForm(year.edition, request.POST if request.method == "POST" else None)
    if year is not None and form is not None and form.is_bound:
        job = _asked(year, form, user)
        if job is not None:
            return redirect("insight:export", job=job.pk)
    try:
        page = queries.exports(user, cursor=request.GET.get("page"))
    except BadCursorError as wrong:
        raise Http404 from wrong
    context = {
        "year": year,
        "form": form,
        "page": page,
        "days": KEPT.days,
        "previous": page.previous and f"?page={page.previous}",
        "next": page.next and f"?page={page.next}",
    }
    return render(request, "insight/exports.html", context)


@office(*EXPORT)
@require_safe
def export(request: HttpRequest, job: UUID) -> HttpResponse:
    """One export: how far it is, or where to get it."""
    found = _mine(request, job)
    context = {"job": found, "goes_on": found.state in GOES_ON, "days": KEPT.days}
    return render(request, "insight/export.html", context)


@office(*EXPORT)
@require_safe
def progress(request: HttpRequest, job: UUID) -> JsonResponse:
    """How far an export is, for the page that waits for it."""
    found = _mine(request, job)
    told = {"state": found.state, "goes_on": found.state in GOES_ON, "done": found.done, "total": found.total or 0}
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


@office(*EXPORT)
@require_POST
def again(request: HttpRequest, job: UUID) -> HttpResponse:
    """Have a failed export made once more."""
    found = _mine(request, job)
    with suppress(WrongStateError):  # a second click; the page says what goes on
        actions.ask_again(found.pk, by=officer(request), now=timezone.now())
    return redirect("insight:export", job=found.pk)


@office(*EXPORT)
@require_safe
def download(request: HttpRequest, job: UUID) -> HttpResponseBase:
    """Hand an export out; every time is recorded."""
    found = _mine(request, job)
    if found.state != ExportState.DONE or found.made_at is None:
        raise Http404
    try:
        stream = storage.files_storage().open(found.key)
    except OSError:
        raise Http404 from None
    if request.method == "GET":
        source = request.META.get("REMOTE_ADDR", "")
        actions.note_opening(found, by=officer(request), source=source, now=timezone.now())
    response = FileResponse(stream, content_type=MEDIA_TYPES[Form(found.form)])
    name = f"{found.get_dataset_display()} {day_of(found.made_at):%Y-%m-%d}.{found.form}"
    response["Content-Disposition"] = names.disposition(name)
    response["Content-Length"] = str(found.length)
    response["Cache-Control"] = "private, no-store"
    return response


def _asked(year: Year, form: ExportForm, user: User) -> ExportJob | None:
    """The export that was asked for; None with the errors in the form."""
    is_valid = form.is_valid()
    without_reason = set(form.errors) == {"reason"} and form.has_error("reason", "required")
    if not is_valid and not without_reason:
        return None
    said = form.cleaned_data
    programme, round_code = form.place
    wanted = actions.Wanted(
        dataset=said["dataset"],
        form=said["form"],
        language="en" if (get_language() or "").startswith("en") else "ko",
        edition=year.version.edition,
        programme=programme,
        round_code=round_code,
        state=said["state"],
    )
    try:
        return actions.ask_for(wanted, said.get("reason", ""), by=user, now=timezone.now())
    except actions.NoReasonError:  # recorded; the form says it as well
        return None


def _mine(request: HttpRequest, job: UUID) -> ExportJob:
    """An export that the visitor may see.

    Raises:
        Http404: there is none.
        PermissionDenied: it is somebody else's.
    """
    found = queries.export(job)
    if found is None:
        raise Http404
    if not may_open(officer(request), found):
        raise PermissionDenied
    return found
