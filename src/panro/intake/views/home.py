"""The member's own page: what to do next, applications, parties, messages."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.http import Http404
from django.shortcuts import render

from panro.intake import overview
from panro.notify import queries as notify
from panro.parties.queries import memberships_of, standing_of
from panro.parties.states import Standing
from panro.parties.views.guard import person
from panro.ui.clock import pretended_day, today
from panro.ui.pager import BadCursorError, neighbours, paginate
from panro.vault.kinds import name_of

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from panro.intake.overview import Row
    from panro.parties.models import Membership
    from panro.vault.models import Paper

NEWEST: Final = 5
A_PAGE: Final = 20
URGENT: Final = 3  # days
SHOWN_PARTIES: Final = 12


@dataclass(frozen=True, slots=True)
class Due:
    """Something with a last day: how many days are left of it."""

    row: Row
    day: date
    left: int

    @property
    def is_urgent(self) -> bool:
        """Whether it should not wait."""
        return self.left <= URGENT


@dataclass(frozen=True, slots=True)
class PaperDue:
    """A paper that ends soon, or ended."""

    paper: Paper
    name: str
    left: int


@dataclass(frozen=True, slots=True)
class PartyShown:
    """A party, and what its member may do there."""

    member: Membership
    needs_proof: bool


def home(request: HttpRequest) -> HttpResponse:
    """What is to be done stands first; everything else below. Nine queries, however much there is."""
    user, day = person(request), today()
    members = memberships_of(user)
    parties = [member.party_id for member in members]
    shown = [PartyShown(one, standing_of(one.party) == Standing.UNVERIFIED) for one in members]
    inbox = list(notify.inbox(user.pk)[:3])
    context = {
        "pretended": pretended_day(),
        "day": day,
        "parties": shown[:SHOWN_PARTIES],
        "more_parties": max(0, len(shown) - SHOWN_PARTIES),
        "unproved": [one for one in shown if one.needs_proof][:NEWEST],
        "to_complete": [_due(row, row.supplement_due or day, day) for row in overview.to_complete(parties)],
        "drafts": [_due(row, row.application.closes, day) for row in overview.drafts(parties)],
        "to_sign": overview.to_sign(parties),
        "papers": [
            PaperDue(paper, name_of(paper.kind), (paper.valid_to - day).days)
            for paper in overview.expiring(parties, day)
            if paper.valid_to is not None
        ],
        "latest": overview.latest(parties, NEWEST),
        "messages_shown": inbox,
        "unread": notify.unread_count(user.pk),
    }
    context["nothing_to_do"] = not any(
        context[name] for name in ("unproved", "to_complete", "drafts", "to_sign", "papers")
    )
    return render(request, "intake/home.html", context)


def applications(request: HttpRequest) -> HttpResponse:
    """All applications of all parties, the newest first."""
    parties = [member.party_id for member in memberships_of(person(request))]
    try:
        page = paginate(
            overview.applications(parties),
            order=["-created", "-id"],
            cursor=request.GET.get("page"),
            size=A_PAGE,
        )
    except BadCursorError:
        raise Http404 from None
    context = {
        "rows": overview.rows(page.rows),
        **neighbours(page, request.GET),
    }
    return render(request, "intake/applications.html", context, status=HTTPStatus.OK)


def _due(row: Row, day: date, on: date) -> Due:
    return Due(row, day, (day - on).days)
