"""The office's pages of an evaluation: reviewers, and the panels of a round from roster to seal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from panro.accounts.lifecycles import WrongStateError
from panro.evaluation import actions, forms, queries
from panro.evaluation.errors import EvaluationError
from panro.evaluation.menu import DONE_BY, SEEN_BY
from panro.evaluation.models import Reviewer, StageRun
from panro.evaluation.states import ReviewerState, RunState
from panro.evaluation.views.stage_acts import ACTS
from panro.evaluation.words import programme_name, stage_name, stage_of
from panro.rules.selection.errors import SelectionError
from panro.staff import access
from panro.staff.guard import office, officer

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from panro.accounts.models import User

PRESENTATION: Final = "presentation"
VISIT: Final = "site_visit"


@office(*SEEN_BY)
@require_http_methods(["GET", "HEAD", "POST"])
def reviewers(request: HttpRequest) -> HttpResponse:
    """Everybody who judges, and who was asked to; a POST invites."""
    user = officer(request)
    may_act = access.has(user, *DONE_BY)
    form = forms.InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        _require(user)
        if form.is_valid():
            said = form.cleaned_data
            try:
                actions.invite(said["email"], said["name"], form.fields_given(), by=user, now=timezone.now())
            except EvaluationError as wrong:
                form.add_error("email", str(wrong))
            else:
                messages.success(request, _("The invitation is on its way."))
                return redirect("evaluation:reviewers")
    context = {
        "reviewers": queries.reviewers(),
        "invitations": queries.open_invitations(),
        "form": form,
        "may_act": may_act,
    }
    return render(request, "evaluation/office/reviewers.html", context, status=422 if form.errors else 200)


@office(*DONE_BY)
@require_http_methods(["POST"])
def reviewer_state(request: HttpRequest, reviewer: UUID) -> HttpResponse:
    """Let a reviewer rest, come back or leave."""
    if not Reviewer.objects.filter(pk=reviewer).exists() or request.POST.get("state") not in ReviewerState.values:
        raise Http404
    try:
        actions.set_state(reviewer, ReviewerState(request.POST["state"]), by=officer(request), now=timezone.now())
    except EvaluationError as wrong:
        messages.error(request, str(wrong))
    except WrongStateError:
        messages.error(request, _("Somebody has changed this reviewer's state already."))
    return redirect("evaluation:reviewers")


@office(*SEEN_BY)
def panels(request: HttpRequest) -> HttpResponse:
    """All rounds being judged."""
    rounds = [(one, programme_name(one), list(one.runs.all())) for one in queries.evaluations()]
    return render(request, "evaluation/office/panels.html", {"rounds": rounds})


@office(*SEEN_BY)
@require_http_methods(["GET", "HEAD", "POST"])
def round_(request: HttpRequest, edition: str, programme: str, code: str) -> HttpResponse:
    """A round's stages; a POST seals the evaluation."""
    user = officer(request)
    found = queries.evaluation_of(f"{edition}/{programme}/{code}")
    if found is None:
        raise Http404
    if request.method == "POST":
        _require(user)
        try:
            actions.seal(found.pk, by=str(user.pk), now=timezone.now())
        except (EvaluationError, SelectionError) as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, _("Sealed. No score of this round changes any more."))
        return redirect("evaluation:round", edition, programme, code)
    runs = list(found.runs.all())
    for run in runs:
        run.evaluation = found
    stages = [(run, stage_name(run), queries.missing_sheets(run)) for run in runs]
    context = {
        "evaluation": found,
        "name": programme_name(found),
        "stages": stages,
        "may_act": access.has(user, *DONE_BY),
        "can_seal": found.sealed_at is None and all(run.state in {RunState.CLOSED, RunState.DRAFT} for run in runs),
    }
    return render(request, "evaluation/office/round.html", context)


@office(*SEEN_BY)
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, edition: str, programme: str, code: str, stage: str) -> HttpResponse:
    """One stage: roster, assignment, progress, replacements, diagnostics, minutes; a POST does one of its acts."""
    user = officer(request)
    run = (
        StageRun.objects.filter(evaluation__round_id=f"{edition}/{programme}/{code}", stage=stage)
        .select_related("evaluation__version")
        .first()
    )
    if run is None:
        raise Http404
    error = ""
    if request.method == "POST":
        _require(user)
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            said = act(request, run, user)
        except (EvaluationError, SelectionError) as wrong:
            error = str(wrong)
        else:
            messages.success(request, said)
            return redirect("evaluation:stage", edition, programme, code, stage)
    return render(request, "evaluation/office/stage.html", _context(run, user, error), status=422 if error else 200)


def _context(run: StageRun, user: User, error: str) -> dict[str, object]:
    count = queries.participant_count(run)
    is_draft = run.state == RunState.DRAFT
    on_it = queries.roster(run) if is_draft else set()
    people = [one for one in queries.reviewers() if one.state == ReviewerState.ACTIVE] if is_draft else []
    notice = stage_of(run)
    kind = "" if notice is None else notice.kind
    return {
        "run": run,
        "evaluation": run.evaluation,
        "name": programme_name(run.evaluation),
        "stage_name": stage_name(run),
        "error": error,
        "may_act": access.has(user, *DONE_BY),
        "count": count,
        "participants": ngettext("%(count)s application", "%(count)s applications", count) % {"count": count},
        "people": [(one, one.pk in on_it) for one in people],
        "event": run.evaluation.rules["assignment_event"],
        "progress": [] if is_draft else queries.progress(run),
        "seats": {} if is_draft else queries.who_sits(run),
        "late": [] if is_draft else queries.late_conflicts(run),
        "replacements": queries.replacements(run),
        "diagnostics": None if is_draft else queries.diagnostics(run),
        "minutes": queries.minutes(run),
        "kind": kind,
        "timetable": queries.timetable(run) if kind == PRESENTATION else [],
        "visits": queries.visits(run) if kind == VISIT else [],
        "presentation_form": forms.PresentationForm(auto_id="presentation_%s"),
        "visit_form": forms.VisitForm(auto_id="visit_%s"),
        "minute_form": forms.MinuteForm(),
        "open_form": forms.OpenForm(),
        "value_form": forms.ValueForm(initial={"value": run.evaluation.assignment_value}),
    }


def _require(user: User) -> None:
    if not access.has(user, *DONE_BY):
        raise PermissionDenied
