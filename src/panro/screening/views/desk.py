"""The queue, and deciding many cases after a look at what would happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from panro.accounts.ids import as_uuid
from panro.screening import actions, queries
from panro.screening.access import DECIDE, READ, may_decide
from panro.screening.forms import QueueForm
from panro.staff.guard import office, officer
from panro.ui.clock import today
from panro.ui.pager import BadCursorError, neighbours

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from panro.screening.actions import Verdict

MOST: Final = 1_000
"""So many cases are decided at once at most."""


@office(*READ)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """One page of the cases that fit."""
    user = officer(request)
    form = QueueForm(queries.rounds(), _filters(request))
    try:
        page = queries.queue(form.narrowed(user), cursor=request.GET.get("page"))
    except BadCursorError as wrong:
        raise Http404 from wrong
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "may_decide": may_decide(user),
        **neighbours(page, request.GET),
        "query": kept.urlencode(),
        "most": MOST,
    }
    return render(request, "screening/queue.html", context)


@office(*DECIDE)
@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """What would happen to the chosen cases; nothing is written."""
    user = officer(request)
    if request.POST.get("all"):
        narrowed = QueueForm(queries.rounds(), _posted_filters(request)).narrowed(user)
        found = list(queries.cases(narrowed).order_by("received", "pk")[:MOST])
    else:
        found = list(queries.cases(queries.Narrowed()).filter(pk__in=_ids(request)).order_by("received", "pk"))
    if not found:
        messages.error(request, _("Please choose at least one case."))
        return redirect("screening:queue")
    verdicts = actions.as_the_rules_say(found)
    outcome = actions.decide(verdicts, by=user, now=timezone.now(), today=today(), dry_run=True)
    decided = {one.case for one in outcome.decided}
    context = {"outcome": outcome, "chosen": [_written(one) for one in verdicts if one.case in decided]}
    return render(request, "screening/batch.html", context)


@office(*DECIDE)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Decide exactly what the dry run showed; what has changed since is left out and named."""
    verdicts = [_read(text, request.POST.get("note", "")) for text in request.POST.getlist("verdict")[:MOST]]
    outcome = actions.decide(verdicts, by=officer(request), now=timezone.now(), today=today())
    count = len(outcome.decided)
    if count:
        messages.success(request, ngettext("%d case is decided.", "%d cases are decided.", count) % count)
    if outcome.refused:
        return render(request, "screening/batch.html", {"outcome": outcome, "done": True})
    return redirect("screening:queue")


def _filters(request: HttpRequest) -> QueryDict:
    """The filters of the address; the queue begins with what is not decided."""
    given = request.GET.copy()
    given.setdefault("state", "open")
    return given


def _posted_filters(request: HttpRequest) -> QueryDict:
    given = QueryDict(request.POST.get("query", ""), mutable=True)
    given.setdefault("state", "open")
    return given


def _ids(request: HttpRequest) -> list[UUID]:
    found = [as_uuid(text) for text in request.POST.getlist("case")[:MOST]]
    if None in found:
        raise Http404
    return [one for one in found if one is not None]


def _written(verdict: Verdict) -> str:
    return f"{verdict.case}:{verdict.revision}:{verdict.requirement}"


def _read(text: str, note: str) -> Verdict:
    case, _first, rest = text.partition(":")
    revision, _second, requirement = rest.partition(":")
    try:
        return actions.Verdict(UUID(case), int(revision), requirement, note=note)
    except ValueError:
        raise Http404 from None
