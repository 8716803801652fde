"""The register of sanctions, and what officers may not judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from panro.screening import actions, queries
from panro.screening.access import READ, may_decide
from panro.screening.errors import ScreeningError
from panro.screening.forms import ConflictForm, ReopenForm, SanctionForm
from panro.screening.models import Sanction, StaffConflict
from panro.screening.states import ConflictKind
from panro.staff import access
from panro.staff.guard import office, officer
from panro.staff.states import Role
from panro.ui.clock import today
from panro.ui.pager import BadCursorError, neighbours

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@office(*READ)
@require_http_methods(["GET", "HEAD", "POST"])
def sanctions(request: HttpRequest) -> HttpResponse:
    """The register, newest first; a POST enters a sanction."""
    user = officer(request)
    form = SanctionForm(request.POST if request.method == "POST" and may_decide(user) else None)
    if form.is_bound and form.is_valid():
        try:
            actions.impose(actions.SanctionGiven(**form.cleaned_data), by=user, now=timezone.now())
        except ScreeningError as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(request, _("Entered. The rules read it from now on."))
            return redirect("screening:sanctions")
    words = request.GET.get("words", "")
    try:
        page = queries.sanctions(words, cursor=request.GET.get("page"))
    except BadCursorError as wrong:
        raise Http404 from wrong
    context = {
        "page": page,
        "words": words,
        "form": form,
        "may_decide": may_decide(user),
        "may_lift": access.has(user, Role.CHIEF),
        "today": today(),
        **neighbours(page, request.GET),
    }
    return render(request, "screening/sanctions.html", context)


@office(Role.CHIEF)
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, sanction: UUID) -> HttpResponse:
    """Lift a sanction, with a reason."""
    row = Sanction.objects.filter(pk=sanction).first()
    if row is None:
        raise Http404
    form = ReopenForm(request.POST or None)
    form.fields["reason"].label = _("Why is it lifted?")
    if request.method == "POST" and form.is_valid():
        try:
            actions.lift(row.pk, reason=form.cleaned_data["reason"], by=officer(request), now=timezone.now())
        except ScreeningError as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, _("Lifted."))
        return redirect("screening:sanctions")
    return render(request, "screening/lift.html", {"sanction": row, "form": form})


@office(*READ)
@require_http_methods(["GET", "HEAD", "POST"])
def declared(request: HttpRequest) -> HttpResponse:
    """What one may not judge; a POST declares more. A chief sees what colleagues declared."""
    user = officer(request)
    form = ConflictForm(request.POST if request.method == "POST" and may_decide(user) else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        given = actions.ConflictGiven(
            ConflictKind(said["kind"]), said["business_number"], said["address"], said["note"]
        )
        try:
            actions.declare_conflict(given, user=user, by=user, now=timezone.now())
        except ScreeningError as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(request, _("Declared. A colleague judges these cases from now on."))
            return redirect("screening:conflicts")
    is_chief = access.has(user, Role.CHIEF)
    context = {
        "own": queries.conflicts_of(user),
        "others": queries.conflicts_of_others(user) if is_chief else [],
        "form": form,
        "may_decide": may_decide(user),
    }
    return render(request, "screening/conflicts.html", context)


@office(Role.CHIEF)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, conflict: UUID) -> HttpResponse:
    """Say that a colleague's conflict is none any more."""
    row = StaffConflict.objects.select_related("user").filter(pk=conflict).first()
    if row is None:
        raise Http404
    form = ReopenForm(request.POST or None)
    form.fields["reason"].label = _("Why is it none any more?")
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_conflict(row.pk, reason=form.cleaned_data["reason"], by=officer(request), now=timezone.now())
        except ScreeningError as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, _("Ended."))
        return redirect("screening:conflicts")
    return render(request, "screening/end.html", {"conflict": row, "form": form})
