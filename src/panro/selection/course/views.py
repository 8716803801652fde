"""The office's pages of rounds: all of them, and one with every step, its acts and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from panro.editions.documents import edition_of
from panro.screening.access import DECIDE, READ
from panro.screening.errors import ScreeningError
from panro.selection import course as acts
from panro.selection.course import forms, queries, showing
from panro.selection.course.errors import CourseError
from panro.selection.course.tasks import publish_round
from panro.selection.models import CourseState
from panro.staff import access
from panro.staff import actions as staff
from panro.staff.guard import office, officer
from panro.ui.clock import today
from panro.ui.pager import BadCursorError

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from panro.accounts.models import User
    from panro.selection.models import RoundCourse


@office(*READ)
@require_http_methods(["GET", "HEAD", "POST"])
def courses(request: HttpRequest) -> HttpResponse:
    """All rounds with their states; a POST opens the course of a closed one."""
    user = officer(request)
    may_act = access.has(user, *DECIDE)
    closed = queries.closed_rounds(today()) if may_act else []
    form = forms.OpenForm(closed, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_act:
            raise PermissionDenied
        if form.is_valid():
            chosen = form.rounds[form.cleaned_data["round"]]
            try:
                made = acts.open_course(
                    chosen.version,
                    chosen.programme,
                    chosen.round_code,
                    by=user,
                    now=timezone.now(),
                    today=today(),
                    carried_over=form.cleaned_data["carried_over"],
                )
            except CourseError as wrong:
                form.add_error(None, str(wrong))
            else:
                messages.success(request, _("The course of this round is open."))
                return redirect("selection:course", course=made.pk)
    context = _list_context(request) | {"form": form, "may_act": may_act, "closed": closed}
    return render(request, "selection/course/courses.html", context, status=422 if form.errors else 200)


def _list_context(request: HttpRequest) -> dict[str, object]:
    state, programme = request.GET.get("state", ""), request.GET.get("programme", "")
    try:
        page = queries.courses(state=state, programme=programme, cursor=request.GET.get("page"))
    except BadCursorError as wrong:
        raise Http404 from wrong
    rows = [(one, *showing.names_of(one), showing.BADGES[CourseState(one.state)]) for one in page.rows]
    programmes = sorted({item.code for one in page.rows for item in edition_of(one.version).programmes} | {programme})
    return {
        "rows": rows,
        "previous": _address(request, page.previous),
        "next": _address(request, page.next),
        "filters": forms.ListForm(filter(None, programmes), request.GET),
    }


@dataclass(slots=True)
class _Before:
    """A round before an officer."""

    request: HttpRequest
    user: User
    course: RoundCourse
    forms: showing.Forms


@office(*READ)
@require_http_methods(["GET", "HEAD", "POST"])
def course(request: HttpRequest, course: UUID) -> HttpResponse:
    """A round with its steps; a POST does what its ``act`` names, and keeps what was typed where it is refused."""
    user = officer(request)
    found = queries.course(course)
    if found is None:
        raise Http404
    may_act = access.has(user, *DECIDE)
    act = request.POST.get("act", "")
    before = _Before(request, user, found, showing.forms_of(found, act, request.POST))
    error = ""
    if request.method == "POST":
        if not may_act:
            raise PermissionDenied
        do = ACTS.get(act)
        if do is None:
            raise Http404
        form = before.forms.get(act)
        if form is None or form.is_valid():
            try:
                said = do(before)
            except (CourseError, ScreeningError) as wrong:
                error = str(wrong)
            except staff.AlreadyProposedError:
                error = _("This waits for a second person already.")
            else:
                messages.success(request, said)
                return redirect("selection:course", course=course)
    try:
        context = showing.page_of(
            found, outcome=request.GET.get("outcome", ""), cursor=request.GET.get("page"), may_act=may_act
        )
    except BadCursorError as wrong:
        raise Http404 from wrong
    page = context["page"]
    context |= {
        "forms": before.forms,
        "error": error,
        "previous": _address(request, None if page is None else page.previous),
        "next": _address(request, None if page is None else page.next),
    }
    wrong_form = act in before.forms and bool(before.forms[act].errors)
    return render(request, "selection/course/course.html", dict(context), status=422 if error or wrong_form else 200)


def _address(request: HttpRequest, cursor: str | None) -> str:
    if cursor is None:
        return ""
    query = request.GET.copy()
    query["page"] = cursor
    return f"?{query.urlencode()}"


def _freeze(before: _Before) -> str:
    acts.freeze(before.course.pk, by=before.user, now=timezone.now(), today=today())
    return _("The pool is frozen.")


def _assignment(before: _Before) -> str:
    said = before.forms["assignment"].cleaned_data
    acts.enter_assignment_value(before.course.pk, said["value"], said["source"], by=before.user, now=timezone.now())
    return _("The value is entered.")


def _begin(before: _Before) -> str:
    acts.begin_evaluation(before.course.pk, by=before.user, now=timezone.now())
    return _("The requirement review is settled, and the evaluation has begun.")


def _seal(before: _Before) -> str:
    acts.seal(before.course.pk, by=before.user, now=timezone.now())
    return _("Sealed. No score of this round changes any more.")


def _draw(before: _Before) -> str:
    said = before.forms["draw"].cleaned_data
    acts.draw(before.course.pk, said["value"], said["source"], by=before.user, now=timezone.now())
    return _("The seed is drawn.")


def _run(before: _Before) -> str:
    acts.run(before.course.pk, by=before.user, now=timezone.now())
    return _("The selection is made. Nobody outside sees it before two persons have confirmed it.")


def _what_if(before: _Before) -> str:
    form = before.forms["what_if"]
    changes = form.changes() if isinstance(form, forms.WhatIfForm) else acts.Changes()
    acts.what_if(before.course.pk, changes, by=before.user, now=timezone.now())
    return _("Tried. It stands in the table, and everybody who reads the results sees how often something was tried.")


def _propose(before: _Before) -> str:
    why = before.forms["propose"].cleaned_data["why"]
    acts.propose_confirmation(before.course.pk, why, by=before.user, now=timezone.now())
    return _("Proposed. A chief other than you has to confirm it.")


def _approve(before: _Before) -> str:
    waiting = showing.open_proposal(before.course)
    if waiting is None:
        raise CourseError(_("Nothing waits for a second person."))
    try:
        decided = staff.approve(waiting.pk, by=before.user, now=timezone.now())
    except staff.NotTwoPersonsError:
        raise CourseError(
            _("You proposed this yourself. Another person has to decide. This attempt stands in the record.")
        ) from None
    except staff.DecidedError:
        raise CourseError(_("Somebody has decided this already.")) from None
    if decided.reason:
        raise CourseError(_("This could not be done any more: %s") % decided.reason)
    return _("Confirmed by two persons.")


def _publish(before: _Before) -> str:
    acts.publish(before.course.pk, by=before.user, now=timezone.now())
    return _carry_on(before)


def _carry_on(before: _Before) -> str:
    publish_round.enqueue(str(before.course.pk))
    return _("It is being published. The dossiers are written and verified first.")


def _settle(before: _Before) -> str:
    acts.settle(before.course.pk, by=before.user, now=timezone.now())
    return _("The round is settled.")


ACTS: Final[dict[str, Callable[[_Before], str]]] = {
    "freeze": _freeze,
    "assignment": _assignment,
    "begin": _begin,
    "seal": _seal,
    "what_if": _what_if,
    "draw": _draw,
    "run": _run,
    "propose": _propose,
    "approve": _approve,
    "publish": _publish,
    "carry_on": _carry_on,
    "settle": _settle,
}
