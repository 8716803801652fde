"""The office's front page, and what waits for a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from panro.staff import access, actions, queries
from panro.staff.acts import act
from panro.staff.forms import ReasonForm
from panro.staff.guard import office, officer
from panro.staff.models import Approval
from panro.staff.states import ApprovalState

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@office()
def home(request: HttpRequest) -> HttpResponse:
    """What one's roles are, and what waits."""
    user = officer(request)
    held = sorted(role.label for role in access.roles(user))
    return render(request, "staff/home.html", {"roles": held, "waiting": queries.waiting_for(user)})


@office()
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, and what was decided last."""
    context = {"waiting": queries.open_approvals(), "decided": queries.decided_approvals()}
    return render(request, "staff/approvals.html", context)


@office()
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: HttpRequest, approval: UUID) -> HttpResponse:
    """One act: what exactly would be done, and the two answers; a POST refuses it with a reason."""
    user = officer(request)
    found = get_object_or_404(Approval.objects.select_related("proposed_by", "decided_by"), pk=approval)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _answered(
            request, lambda: actions.refuse(found.pk, reason=form.cleaned_data["reason"], by=user, now=timezone.now())
        )
    own = found.proposed_by_id == user.pk
    context = {
        "approval": found,
        "form": form,
        "own": own,
        "may_decide": found.state == ApprovalState.OPEN and not own and access.has(user, *act(found.act).approve),
        "may_withdraw": found.state == ApprovalState.OPEN and own,
    }
    return render(request, "staff/approval.html", context)


@office()
@require_POST
def approve(request: HttpRequest, approval: UUID) -> HttpResponse:
    """Do what was proposed."""
    found = get_object_or_404(Approval, pk=approval)
    return _answered(request, lambda: actions.approve(found.pk, by=officer(request), now=timezone.now()))


@office()
@require_POST
def withdraw(request: HttpRequest, approval: UUID) -> HttpResponse:
    """Take one's own proposal back."""
    found = get_object_or_404(Approval, pk=approval)
    return _answered(request, lambda: actions.withdraw(found.pk, by=officer(request), now=timezone.now()))


def _answered(request: HttpRequest, answer: Callable[[], Approval]) -> HttpResponse:
    try:
        decided = answer()
    except actions.NotTwoPersonsError:
        messages.error(request, _("You proposed this yourself. Another person has to decide."))
    except actions.DecidedError:
        messages.error(request, _("Somebody has decided this already."))
    else:
        said = {
            ApprovalState.APPROVED: (messages.success, _("Approved and done.")),
            ApprovalState.REFUSED: (messages.success, _("Refused. The person who proposed it is told why.")),
            ApprovalState.WITHDRAWN: (messages.success, _("Withdrawn.")),
            ApprovalState.FAILED: (messages.error, _("This could not be done any more: %s") % decided.reason),
        }
        tell, words = said[ApprovalState(decided.state)]
        tell(request, words)
    return redirect("staff:approvals")
