"""Closing a business, an organisation or a consortium, and opening it again while there is time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from panro.accounts.language import say
from panro.parties import queries
from panro.parties.access import Right
from panro.parties.actions import close_party, reopen_party
from panro.parties.actions.closing import REOPENED_FOR, consequences, obstacles
from panro.parties.forms import CloseForm
from panro.parties.views.guard import Acting, party_page, person
from panro.parties.views.pages import REFUSED, attempt, attempt_plain
from panro.ui.clock import today

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from panro.parties.models import Party


@dataclass(frozen=True, slots=True)
class ClosedShown:
    """A closed party, and until when it may be opened again."""

    party: Party
    until: datetime
    may_reopen: bool


@party_page(Right.MANAGE)
def close(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Say what ends with it, then close it."""
    form, day = CloseForm(request.POST or None), today()
    in_the_way = obstacles(acting.party.pk, on=day)
    done: Party | None = None
    if request.method == "POST":
        done = attempt(
            form,
            lambda: close_party(
                acting.party.pk, why=form.cleaned_data["why"], by=acting.user, now=timezone.now(), today=day
            ),
        )
    if done is not None:
        messages.success(request, _("%(name)s is closed.") % {"name": acting.party.name})
        return redirect("parties:closed")
    context = {
        "form": form,
        "obstacles": [say(one) for one in in_the_way],
        "consequences": [say(one) for one in consequences(acting.party.pk, on=day)],
        "days": REOPENED_FOR.days,
    }
    return render(request, "parties/close.html", context, status=REFUSED if form.is_bound else 200)


@require_GET
def closed(request: HttpRequest) -> HttpResponse:
    """What somebody owned and closed; within the time it can be opened again here."""
    now = timezone.now()
    shown = [
        ClosedShown(party, party.closed_at + REOPENED_FOR, now < party.closed_at + REOPENED_FOR)
        for party in queries.closed_parties(person(request))
        if party.closed_at is not None
    ]
    return render(request, "parties/closed.html", {"shown": shown})


@require_POST
def reopen(request: HttpRequest, which: UUID) -> HttpResponse:
    """Open a closed party again."""
    user = person(request)
    if not queries.owns(user, which):
        raise Http404
    done = attempt_plain(
        request,
        lambda: reopen_party(which, by=user, now=timezone.now()),
        _("It is open again. What ended stays ended."),
    )
    return redirect("parties:profile", party=which) if done else redirect("parties:closed")
