"""Objections: the applicant files its own and reads what came of it; the office decides them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from panro.intake.models import Application
from panro.parties.access import Right
from panro.parties.views.guard import person
from panro.selection.after import access, objections, queries
from panro.selection.after.errors import AfterError
from panro.selection.after.forms import DecisionForm, ObjectionForm
from panro.selection.models import Objection, ObjectionState, ResultLine, StageLine
from panro.selection.names import RoundNames
from panro.staff.access import has
from panro.staff.guard import office, officer
from panro.ui.clock import today
from panro.ui.pager import BadCursorError, paginate
from panro.vault.kinds import name_of
from panro.vault.queries import papers

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from panro.accounts.models import User

A_PAGE: Final = 50
SEEN: Final = "objection_opened"


@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, application: UUID) -> HttpResponse:
    """File an objection to one's own result, or read what came of it."""
    row = get_object_or_404(Application, pk=application)
    user = person(request)
    acting = access.acting_for(user, row, Right.VIEW if request.method == "GET" else Right.SUBMIT)
    found = queries.published_of(row)
    if found is None:
        raise Http404
    published, line = found
    names, day = RoundNames(published), today()
    form = ObjectionForm(request.POST if request.method == "POST" else None, papers=papers(acting.party, on=day))
    if request.method == "POST" and _done(request, row, form, user):
        return redirect("selection:objection", row.pk)
    filed = Objection.objects.filter(application=row).order_by("-filed_at", "-pk").first()
    until = names.round.objections_until
    stands = filed is not None and filed.state != ObjectionState.WITHDRAWN
    context = {
        "acting": acting,
        "application": row,
        "programme": names.programme,
        "round": names.round,
        "line": line,
        "sentence": names.explain(line),
        "filed": filed,
        "named": [] if filed is None else [name_of(one.paper.kind) for one in filed.papers.select_related("paper")],
        "until": until,
        "is_over": day > until,
        "may_file": not stands
        and day <= until
        and line.outcome not in objections.CLOSED_OUTCOMES
        and acting.may(Right.SUBMIT),
        "may_take_back": filed is not None and filed.state == ObjectionState.FILED and acting.may(Right.SUBMIT),
        "stands": stands,
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, "selection/after/objection.html", context, status=status)


def _done(request: HttpRequest, row: Application, form: ObjectionForm, user: User) -> bool:
    """Do what was sent; False if something is wrong with it, which the form then says."""
    now, day = timezone.now(), today()
    if request.POST.get("act") == "take_back":
        form.full_clean()
        mine = Objection.objects.filter(application=row, state=ObjectionState.FILED).first()
        try:
            if mine is not None:
                objections.take_back(mine.pk, by=user, now=now)
                messages.success(request, _("The objection is taken back."))
        except AfterError as wrong:
            messages.error(request, str(wrong))
        return True
    if not form.is_valid():
        return False
    try:
        objections.file_objection(
            row.pk,
            form.cleaned_data["text"],
            papers=[UUID(one) for one in form.cleaned_data.get("papers") or ()],
            by=user,
            now=now,
            today=day,
        )
    except AfterError as wrong:
        form.add_error(None, str(wrong))
        return False
    messages.success(request, _("Your objection has arrived. You get a message when it is decided."))
    return True


@require_GET
@office(*access.READ)
def queue(request: HttpRequest) -> HttpResponse:
    """Objections, the oldest first; those that wait for the office unless another state is asked for."""
    state = request.GET.get("state", ObjectionState.FILED)
    state = state if state in ObjectionState.values else ObjectionState.FILED
    rows = (
        Objection.objects.filter(state=state)
        .select_related("application__party", "application__receipt", "published__version")
        .defer("published__version__document", "published__version__changes", "published__rules", "published__draw")
    )
    try:
        page = paginate(rows, order=("filed_at", "id"), cursor=request.GET.get("page"), size=A_PAGE)
    except BadCursorError:
        raise Http404 from None
    context = {
        "objections": [(one, RoundNames(one.published)) for one in page.rows],
        "states": ObjectionState.choices,
        "state": state,
        "previous": f"?{urlencode({'state': state, 'page': page.previous})}" if page.previous else "",
        "next": f"?{urlencode({'state': state, 'page': page.next})}" if page.next else "",
    }
    return render(request, "selection/after/office_objections.html", context)


@require_http_methods(["GET", "POST"])
@office(*access.READ)
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One objection beside the result it objects to, and the decision."""
    row = get_object_or_404(
        Objection.objects.select_related(
            "application__party", "application__receipt", "published__version", "filed_by", "decided_by", "judged"
        ).defer("published__version__document", "published__version__changes"),
        pk=pk,
    )
    user = officer(request)
    may = has(user, *access.DECIDE) and row.state == ObjectionState.FILED
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not has(user, *access.DECIDE):
            raise Http404
        if form.is_valid() and _decided(row, form, user):
            messages.success(request, _("Decided. The applicant gets a message."))
            return redirect("selection:one_objection", row.pk)
    else:
        access.note_seen(request, row.application, SEEN, access.WHY_OBJECTION, now=timezone.now())
    names = RoundNames(row.published)
    line = ResultLine.objects.get(published=row.published, result_no=row.result_no)
    context = {
        "objection": row,
        "programme": names.programme,
        "round": names.round,
        "line": line,
        "sentence": names.explain(line),
        "stages": [
            (stage.name, found)
            for stage in names.programme.stages
            for found in StageLine.objects.filter(published=row.published, result_no=row.result_no)
            if found.stage == stage.code
        ],
        "named": [name_of(paper.paper.kind) for paper in row.papers.select_related("paper")],
        "may": may,
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, "selection/after/office_objection.html", context, status=status)


def _decided(row: Objection, form: DecisionForm, user: User) -> bool:
    given, now = form.cleaned_data, timezone.now()
    try:
        if given["act"] == "dismiss":
            objections.dismiss(row.pk, given["reason"], by=user, now=now)
        elif given["act"] == "refer":
            objections.refer(row.pk, given["reason"], by=user, now=now)
        else:
            objections.correct(
                row.pk,
                given["reason"],
                requirement=given["requirement"] or "eligible",
                why=given["why"],
                clause=given["clause"],
                by=user,
                now=now,
            )
    except AfterError as wrong:
        form.add_error(None, str(wrong))
        return False
    return True
