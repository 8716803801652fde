"""Who saw a party's data: read from the log of access to personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from panro.accounts.ids import as_uuid
from panro.accounts.models import User
from panro.parties.access import Right
from panro.parties.views.guard import party_page
from panro.record import access_log, naming

if TYPE_CHECKING:
    from datetime import datetime

    from panro.parties.views.guard import Acting


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when, who, what, why."""

    when: datetime
    who: str
    what: str
    why: str


@party_page(Right.VIEW)
def index(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Everybody outside of the party who saw its data, newest first. Three queries however many lines."""
    after = request.GET.get("page") or None
    try:
        notes = access_log.seen(f"party:{acting.party.pk}", after)
    except access_log.BadPositionError:
        raise Http404 from None
    names = _names({row.actor for row in notes.rows})
    lines = [
        Line(row.happened, names.get(row.actor, _("The system")), naming.seen(row.what), row.why) for row in notes.rows
    ]
    following = f"?{urlencode({'page': notes.next})}" if notes.next else ""
    return render(request, "vault/seen.html", {"lines": lines, "next": following, "first": after is None})


def _names(actors: set[str]) -> dict[str, str]:
    ids = [identity for text in actors if (identity := as_uuid(text))]
    return {str(user.pk): user.name or _("An officer") for user in User.objects.filter(pk__in=ids)}
