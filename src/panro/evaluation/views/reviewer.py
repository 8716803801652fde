"""A reviewer's pages: what is mine, one application beside its rubric, my word for a round, the invitation."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from panro.accounts.models import User
from panro.evaluation import actions, queries
from panro.evaluation.actions.people import Particulars, waiting_invitation
from panro.evaluation.errors import EvaluationError, IncompleteSheetError
from panro.evaluation.forms import ConflictForm, ParticularsForm
from panro.evaluation.guard import reviewing
from panro.evaluation.models.sheets import COMMENT_LENGTH
from panro.evaluation.pledge import TEXT_HASH, has_declared
from panro.evaluation.showing import sheet_of, shown_list
from panro.record import access_log
from panro.rules.selection.errors import SelectionError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from panro.evaluation.models import Reviewer
    from panro.evaluation.showing import SheetShown


@reviewing
def mine(request: HttpRequest, reviewer: Reviewer) -> HttpResponse:
    """What is mine to judge, by round and stage, with how much is done."""
    stages = [
        (shown, list(sheets)) for shown, sheets in groupby(shown_list(queries.mine(reviewer)), lambda one: one.stage)
    ]
    return render(request, "evaluation/mine.html", {"reviewer": reviewer, "stages": stages})


@reviewing
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, reviewer: Reviewer, edition: str, programme: str, code: str) -> HttpResponse:
    """My word for a round, given before the first application is opened."""
    round_id = f"{edition}/{programme}/{code}"
    if not any(one.run.evaluation.round_id == round_id for one in queries.mine(reviewer)):
        raise Http404
    if request.method == "POST":
        actions.declare(reviewer, round_id, TEXT_HASH, now=timezone.now())
        return redirect("evaluation:mine")
    context = {"round_id": round_id, "done": has_declared(reviewer, round_id)}
    return render(request, "evaluation/declare.html", context)


@reviewing
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, reviewer: Reviewer, assignment: UUID) -> HttpResponse:
    """One application beside its rubric. A POST saves what was typed, or hands it in."""
    shown = sheet_of(reviewer, assignment)
    if shown is None:
        raise Http404
    if not has_declared(reviewer, shown.round_id):
        return redirect("evaluation:declare", *shown.round_id.split("/"))
    if request.method == "POST":
        return _save(request, reviewer, shown)
    if not shown.blind:
        _note(request, reviewer, shown)
    return _page(request, shown)


@reviewing
@require_http_methods(["POST"])
def conflict(request: HttpRequest, reviewer: Reviewer, assignment: UUID) -> HttpResponse:
    """I must not judge this one: somebody else takes over."""
    shown = sheet_of(reviewer, assignment)
    if shown is None:
        raise Http404
    form = ConflictForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, conflict_form=form, status=422)
    try:
        actions.declare_conflict(
            reviewer,
            shown.application,
            form.reason(),
            note=form.cleaned_data["note"],
            by=str(reviewer.user_id),
            now=timezone.now(),
        )
    except (EvaluationError, SelectionError):
        form.add_error(None, _("Nobody is left to take over. Please write to the agency, and leave this sheet empty."))
        return _page(request, shown, conflict_form=form, status=409)
    messages.success(request, _("Thank you. Somebody else judges this application now."))
    return redirect("evaluation:mine")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Become a reviewer, or decline."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    now = timezone.now()
    found = waiting_invitation(token, now)
    form = ParticularsForm(request.POST if request.method == "POST" and "accept" in request.POST else None)
    if found is not None and found.email == user.email and request.method == "POST":
        if "decline" in request.POST:
            actions.decline(token, by=user, now=now)
            messages.success(request, _("You have declined. Thank you for your answer."))
            return redirect("home")
        if form.is_valid():
            said = form.cleaned_data
            number = said["employer_number"]
            told = Particulars(
                said["employer"], number[0] if number else "", said["businesses"], said["contracts"], said["address"]
            )
            actions.accept(token, told, by=user, now=now)
            messages.success(request, _("Welcome. What you are asked to judge appears here."))
            return redirect("evaluation:mine")
    context = {"invitation": found, "form": form, "is_mine": found is not None and found.email == user.email}
    return render(request, "evaluation/invitation.html", context, status=404 if found is None else 200)


def _save(request: HttpRequest, reviewer: Reviewer, shown: SheetShown) -> HttpResponse:
    points = {line.code: request.POST.get(f"points_{line.code}", "").strip() for line in shown.lines}
    comment = request.POST.get("comment", "")[:COMMENT_LENGTH]
    typed, now = shown.typed(points, comment), timezone.now()
    wants_json = request.headers.get("Accept") == "application/json"
    try:
        if "hand_in" in request.POST:
            latest = _whole(request.POST.get("latest", ""))
            actions.hand_in(shown.assignment, points, comment, latest=latest, by=reviewer, now=now)
            messages.success(request, _("Handed in. You may change it until the stage is closed."))
            return redirect("evaluation:mine" if shown.following is None else "evaluation:sheet", *shown.next_args)
        revision = _whole(request.POST.get("revision", ""))
        draft = actions.save_draft(shown.assignment, points, comment, revision=revision, by=reviewer, now=now)
    except IncompleteSheetError as wrong:
        return _page(request, typed, faults=wrong.faults, status=422)
    except EvaluationError as wrong:
        said = str(wrong)
        return (
            JsonResponse({"error": said}, status=409) if wants_json else _page(request, typed, error=said, status=409)
        )
    if wants_json:
        return JsonResponse({"revision": draft.revision, "said": _("Saved.")})
    messages.success(request, _("Saved. It counts once you hand it in."))
    return redirect("evaluation:sheet", shown.assignment)


def _page(
    request: HttpRequest,
    shown: SheetShown,
    *,
    faults: dict[str, str] | None = None,
    error: str = "",
    conflict_form: ConflictForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "shown": shown.faulty(faults or {}),
        "faults": faults,
        "error": error,
        "conflict_form": conflict_form or ConflictForm(),
    }
    return render(request, "evaluation/sheet.html", context, status=status)


def _note(request: HttpRequest, reviewer: Reviewer, shown: SheetShown) -> None:
    now = timezone.now()
    access_log.note(
        actor=str(reviewer.user_id),
        party=f"party:{shown.party}",
        what="application_judged",
        why=_("Evaluation of %(round)s") % {"round": shown.round_id},
        at=now,
        now=now,
        source=request.META.get("REMOTE_ADDR", ""),
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0  # noqa: PLR2004 - beyond any count
