"""Who works for the agency, in which role; and who looked at whose data."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from panro.record import access_log, naming
from panro.staff import access, actions, queries
from panro.staff.acts import act
from panro.staff.forms import RoleForm, SignOffForm
from panro.staff.guard import office, officer
from panro.staff.months import month_of
from panro.staff.states import Role
from panro.ui.clock import SEOUL

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_MONTHS_SHOWN = 13


@office(Role.CHIEF, Role.AUDITOR, Role.ENGINEER)
@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest) -> HttpResponse:
    """Everybody with a role; a POST proposes to give or end one."""
    user = officer(request)
    may_propose = access.has(user, *act("role_grant").propose)
    form = RoleForm(request.POST if request.method == "POST" and may_propose else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        proposal = actions.Proposal(
            act=said["act"],
            subject=f"role:{said['role']}:{said['email'].lower()}",
            payload={"email": said["email"].lower(), "role": said["role"]},
            why=said["why"],
        )
        try:
            actions.propose(proposal, by=user, now=timezone.now())
        except actions.AlreadyProposedError:
            form.add_error(None, _("This waits for a second person already."))
        else:
            messages.success(request, _("Proposed. Another chief has to approve it."))
            return redirect("staff:approvals")
    context = {"colleagues": queries.colleagues(), "form": form, "may_propose": may_propose}
    return render(request, "staff/roles.html", context)


@office(Role.CHIEF, Role.AUDITOR)
def access_months(request: HttpRequest) -> HttpResponse:
    """The months of the access log, with those signed off."""
    done = {review.month: review for review in queries.reviews()}
    today = timezone.now().astimezone(SEOUL).date()
    months = []
    month = today.replace(day=1)
    for _number in range(_MONTHS_SHOWN):
        months.append((month, done.pop(month, None)))
        month = (month - timedelta(days=1)).replace(day=1)
    rest = sorted(done.items(), reverse=True)
    return render(request, "staff/access_months.html", {"months": [*months, *rest], "running": today.replace(day=1)})


@office(Role.CHIEF, Role.AUDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def access_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Who saw personal data within a month; a POST signs it off."""
    user = officer(request)
    first = _month(year, month)
    form = SignOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_off(first, note=form.cleaned_data["note"], by=user, now=timezone.now())
        except actions.NotOverError:
            form.add_error(None, _("This month is not over yet."))
        except actions.DecidedError:
            messages.error(request, _("Somebody has signed this month off already."))
            return redirect("staff:access")
        else:
            messages.success(request, _("Signed off."))
            return redirect("staff:access")
    review = next((one for one in queries.reviews() if one.month == first), None)
    context = {
        "month": first,
        "watchers": queries.watchers(first),
        "review": review,
        "form": form,
        "is_over": timezone.now() >= month_of(first)[1],
    }
    return render(request, "staff/access_month.html", context)


@office(Role.CHIEF, Role.AUDITOR)
def access_of(request: HttpRequest, actor: str) -> HttpResponse:
    """What one account saw, newest first."""
    try:
        notes = access_log.of_actor(actor, request.GET.get("after"))
    except access_log.BadPositionError as wrong:
        raise Http404 from wrong
    subjects = naming.subjects({row.party for row in notes.rows})
    lines = [(row, subjects[row.party], naming.seen(row.what)) for row in notes.rows]
    return render(request, "staff/access_of.html", {"notes": notes, "lines": lines, "actor": actor})


def _month(year: int, month: int) -> date:
    try:
        return datetime(year, month, 1, tzinfo=SEOUL).date()
    except ValueError as wrong:
        raise Http404 from wrong
