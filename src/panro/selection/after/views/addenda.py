"""The addendum of a round in the office: what is upheld, whose sheets are awaited, and the proposal to publish."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from panro.evaluation.errors import EvaluationError
from panro.evaluation.models import Appeal, Assignment
from panro.rules.selection.errors import SelectionError
from panro.selection.after import access, addenda
from panro.selection.after.errors import AfterError
from panro.selection.models import Objection, RoundCourse
from panro.staff.access import has
from panro.staff.actions import AlreadyProposedError, ReasonMissingError
from panro.staff.guard import office, officer
from panro.ui.clock import today

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from panro.accounts.models import User

WHY_LENGTH = 500


@require_http_methods(["GET", "POST"])
@office(*access.READ)
def addendum(request: HttpRequest, edition: str, programme: str, round_: str) -> HttpResponse:
    """Where the addendum of a round stands, with the next step as a button."""
    course = get_object_or_404(RoundCourse, round_id=f"{edition}/{programme}/{round_}")
    user, error = officer(request), ""
    if request.method == "POST":
        if not has(user, *access.DECIDE):
            raise Http404
        error = _act(request, course, user)
        if not error:
            return redirect("selection:addendum", edition, programme, round_)
    rows = Objection.objects.filter(
        published__edition=edition, published__programme=programme, published__round=round_
    ).select_related("application__party", "application__receipt", "judged")
    appeal = Appeal.objects.filter(evaluation=course.evaluation_id).order_by("-number").first()
    seats = (
        []
        if appeal is None
        else Assignment.objects.filter(appeal=appeal, left_at=None)
        .select_related("run", "reviewer__user", "participant")
        .order_by("run__position", "participant__result_no", "slot")
    )
    context = {
        "course": course,
        "objections": rows.order_by("result_no", "filed_at"),
        "appeal": appeal,
        "seats": seats,
        "may": has(user, *access.DECIDE),
        "error": error,
        "why": request.POST.get("why", "")[:WHY_LENGTH],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "selection/after/addendum.html", context, status=status)


def _act(request: HttpRequest, course: RoundCourse, user: User) -> str:
    """Take the step that was asked for; returns what stands in its way, empty if nothing does."""
    now, act = timezone.now(), request.POST.get("act")
    try:
        if act == "propose":
            addenda.propose(course.pk, request.POST.get("why", "")[:WHY_LENGTH], by=user, now=now)
            messages.success(request, _("Proposed. A second person has to confirm it."))
            return ""
        if act == "begin":
            standing = addenda.begin(course.pk, by=user, now=now, today=today())
        else:
            standing = addenda.carry_on(course.pk, by=user, now=now)
    except ReasonMissingError:
        return _("Please say why, in one line.")
    except AlreadyProposedError:
        return _("This round waits for a second person already.")
    except (AfterError, EvaluationError) as wrong:
        return str(wrong)
    except SelectionError:
        return _("The rules cannot seat another panel for one of these applications. Please add reviewers.")
    if standing.is_ready:
        messages.success(request, _("Everything is in. The addendum can be proposed now."))
    else:
        said = _("%(count)d sheets of stage %(stage)s are awaited from the new panels.")
        messages.info(request, said % {"count": standing.missing, "stage": standing.stage})
    return ""
