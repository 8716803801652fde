"""The consents of a party: what was agreed to, with whom, since when; withdrawn here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from panro.parties.access import Right
from panro.parties.views.guard import party_page
from panro.ui.clock import today
from panro.vault import naming, queries
from panro.vault.actions import withdraw_consent
from panro.vault.purposes import Purpose, purposes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from panro.parties.views.guard import Acting
    from panro.vault.models import Consent


@dataclass(frozen=True, slots=True)
class ConsentShown:
    """A consent with the words of its purpose."""

    consent: Consent
    programme: str
    """What the programme is called."""
    replaced: bool = False
    """Whether it ended because it was given anew in other words."""

    @property
    def outdated(self) -> bool:
        """Whether its words have changed since it was given; the next application asks for it anew."""
        return self.purpose is not None and self.consent.terms_digest != self.purpose.digest()

    @property
    def purpose(self) -> Purpose | None:
        """What it is for; None if nobody asks for it any more."""
        return purposes().get(self.consent.purpose)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.consent.purpose if self.purpose is None else str(self.purpose.name)


def _shown(rows: Sequence[Consent]) -> list[ConsentShown]:
    names = naming.programmes({row.programme for row in rows})
    given = {(row.programme, row.purpose, row.recipient, row.given_at) for row in rows}
    return [
        ConsentShown(
            row,
            names[row.programme],
            replaced=(row.programme, row.purpose, row.recipient, row.withdrawn_at) in given,
        )
        for row in rows
    ]


@party_page(Right.VIEW)
def index(request: HttpRequest, acting: Acting) -> HttpResponse:
    """All consents, those that hold first."""
    shown = _shown(queries.consents(acting.party.pk))
    context = {
        "held": [one for one in shown if one.consent.withdrawn_at is None],
        "ended": [one for one in shown if one.consent.withdrawn_at is not None],
        "may_manage": acting.may(Right.MANAGE),
    }
    return render(request, "vault/consents.html", context)


@party_page(Right.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, acting: Acting, consent: UUID) -> HttpResponse:
    """Say what a withdrawal means, then withdraw."""
    found = next((row for row in queries.consents(acting.party.pk) if row.pk == consent), None)
    if found is None:
        raise Http404
    if request.method == "POST":
        withdraw_consent([found.pk], party=acting.party, by=acting.user, now=timezone.now(), today=today())
        messages.success(request, _("The consent has been withdrawn. From now on it counts no longer."))
        return redirect("vault:consents", acting.party.pk)
    return render(request, "vault/consent_withdraw.html", {"one": _shown([found])[0]})
