"""What is known of a party, for its own people: every source shown, one's own word stated and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from panro.parties.access import Right
from panro.parties.views.guard import party_page
from panro.ui.clock import today
from panro.vault import queries
from panro.vault.actions import state_fact, withdraw_facts
from panro.vault.errors import VaultError
from panro.vault.forms import StatementForm
from panro.vault.knowledge import APPLICANT, about, groups, knowledge
from panro.vault.models import StoredFact
from panro.vault.shapes import BadValueError
from panro.vault.showing import FactShown, KnownShown, shown_known

if TYPE_CHECKING:
    from panro.parties.views.guard import Acting


@party_page(Right.VIEW)
def index(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Everything that is known, with who says so and since when; where sources disagree, all of them."""
    found = {said.key: shown_known(said) for said in queries.known(acting.party.pk, on=today())}
    shown = [
        found.get(key) or KnownShown(key, None, (), own=True)
        for key, about_it in knowledge().items()
        if key in found or about_it.own
    ]
    in_groups = [(name, [each for each in shown if about(each.key).group == code]) for code, name in groups().items()]
    context = {
        "groups": [(name, inside) for name, inside in in_groups if inside],
        "conflicts": [each for each in shown if each.disagreeing],
        "may_edit": acting.may(Right.EDIT),
    }
    return render(request, "vault/facts.html", context)


@party_page(Right.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, acting: Acting, key: str) -> HttpResponse:
    """One thing with its whole history; the applicant may say it anew, or take its own word back."""
    if key not in knowledge():
        raise Http404
    history = list(
        StoredFact.objects.filter(party=acting.party, key=key)
        .select_related("paper", "recorded_by")
        .order_by("-known_from", "-recorded_at", "-id")[:100]
    )
    may_state = about(key).own and acting.may(Right.EDIT)
    if not history and not about(key).own:
        raise Http404
    own = next((row for row in history if _is_own(row)), None)
    form = None
    if may_state:
        sent = request.method == "POST" and "take_back" not in request.POST
        form = StatementForm(
            request.POST if sent else None, key=key, value=None if own is None else own.value, today=today()
        )
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        answer = _take_back(request, acting, key) if "take_back" in request.POST else _state(request, acting, key, form)
        if answer is not None:
            return answer
    known = next((said for said in queries.known(acting.party.pk, on=today()) if said.key == key), None)
    context = {
        "known": KnownShown(key, None, (), own=about(key).own) if known is None else shown_known(known),
        "history": [FactShown(row) for row in history],
        "form": form,
        "own": own,
    }
    return render(request, "vault/fact.html", context, status=422 if form is not None and form.errors else 200)


def _state(request: HttpRequest, acting: Acting, key: str, form: StatementForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    day = today()
    try:
        state_fact(acting.party, key, form.value, as_of=day, by=acting.user, now=timezone.now(), today=day)
    except (VaultError, BadValueError):
        form.add_error(None, _("This cannot be stored. Please check what you entered."))
        return None
    messages.success(request, _("%(fact)s has been saved.") % {"fact": about(key).name})
    return redirect("vault:facts", acting.party.pk)


def _take_back(request: HttpRequest, acting: Acting, key: str) -> HttpResponse:
    rows = StoredFact.objects.filter(
        party=acting.party, key=key, source=APPLICANT, paper=None, looked_up=False, withdrawn_at=None
    )
    withdraw_facts(
        rows.values_list("pk", flat=True), by=acting.user, reason="taken_back", now=timezone.now(), today=today()
    )
    messages.success(request, _("Your statement has been taken back. What it said before today stays on record."))
    return redirect("vault:facts", acting.party.pk)


def _is_own(row: StoredFact) -> bool:
    return row.source == APPLICANT and row.paper_id is None and row.withdrawn_at is None
