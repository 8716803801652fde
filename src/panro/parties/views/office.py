"""For the agency: proofs of businesses by paper, and disputes over a number; a queue, one case, a decision."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from panro.accounts.language import say
from panro.accounts.lifecycles import WrongStateError
from panro.korea.text import ExplainedError
from panro.parties.actions import decide_claim, decide_dispute
from panro.parties.models import Claim, Dispute
from panro.parties.models.claims import TEXT_LENGTH
from panro.parties.states import ClaimState, DisputeState, Way
from panro.record import access_log
from panro.staff import access
from panro.staff.guard import office, officer
from panro.staff.states import Role
from panro.ui.pager import BadCursorError, neighbours, paginate

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from panro.parties.models import Party

DECIDE: Final = (Role.OFFICER, Role.CHIEF)
READ: Final = (*DECIDE, Role.AUDITOR)
PAGE: Final = 30
CLAIM_OPENED, DISPUTE_OPENED = "claim_opened", "dispute_opened"
WHY: Final = "사업자 확인"
"""For what work they are looked at; kept in the log, so in the applicants' language."""


class DecisionForm(forms.Form):
    """A decision with its reason; whether a reason is needed is said by the act."""

    decision = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The applicant reads it. Needed for a refusal and for every decision of a dispute."),
    )


CLAIM_CHOICES: Final = [
    ("yes", gettext_lazy("It is proved")),
    ("no", gettext_lazy("It is not proved")),
]
DISPUTE_CHOICES: Final = [
    ("yes", gettext_lazy("The number belongs to whoever claims it")),
    ("no", gettext_lazy("The number stays with its holder")),
]


@office(*READ)
@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """Proofs by paper, the oldest open one first; or those decided, the latest first."""
    is_open = request.GET.get("show", "open") != "decided"
    rows = Claim.objects.filter(way=Way.PAPER).select_related("party__business", "party__organisation", "user")
    rows = rows.filter(state=ClaimState.OPEN) if is_open else rows.exclude(state=ClaimState.OPEN)
    order = ["created", "id"] if is_open else ["-decided", "-id"]
    try:
        page = paginate(rows, order=order, cursor=request.GET.get("page"), size=PAGE)
    except BadCursorError as wrong:
        raise Http404 from wrong
    context = {"page": page, "is_open": is_open, **neighbours(page, request.GET)}
    return render(request, "parties/office/claims.html", context)


@office(*READ)
@require_GET
def disputes(request: HttpRequest) -> HttpResponse:
    """Disputes, the oldest open one first; or those decided, the latest first."""
    is_open = request.GET.get("show", "open") != "decided"
    rows = Dispute.objects.select_related("holder", "claim__party", "claim__user")
    rows = rows.filter(state=DisputeState.OPEN) if is_open else rows.exclude(state=DisputeState.OPEN)
    order = ["created", "id"] if is_open else ["-decided", "-id"]
    try:
        page = paginate(rows, order=order, cursor=request.GET.get("page"), size=PAGE)
    except BadCursorError as wrong:
        raise Http404 from wrong
    context = {"page": page, "is_open": is_open, **neighbours(page, request.GET)}
    return render(request, "parties/office/disputes.html", context)


@office(*READ)
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, claim: UUID) -> HttpResponse:
    """One proof with its paper; a POST decides it."""
    rows = Claim.objects.select_related("party__business", "party__organisation", "user", "evidence", "decided_by")
    found = rows.filter(pk=claim, way=Way.PAPER).first()
    if found is None:
        raise Http404
    is_disputed = found.disputes.filter(state=DisputeState.OPEN).first()
    form = _form(request, CLAIM_CHOICES)
    if form.is_bound and form.is_valid():
        act = partial(
            decide_claim,
            found.pk,
            granted=form.cleaned_data["decision"] == "yes",
            reason=form.cleaned_data["reason"],
            officer=officer(request),
            now=timezone.now(),
        )
        if _decided(request, form, act):
            return redirect("parties_office:claims")
    elif not form.is_bound:
        _note(request, CLAIM_OPENED, found.party)
    context = {
        "claim": found,
        "party": found.party,
        "form": form,
        "dispute": is_disputed,
        "may_decide": found.state == ClaimState.OPEN and is_disputed is None and access.has(officer(request), *DECIDE),
    }
    return render(request, "parties/office/claim.html", context, status=422 if form.is_bound else 200)


@office(*READ)
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, dispute: UUID) -> HttpResponse:
    """One dispute with what both sides say; a POST decides it."""
    rows = Dispute.objects.select_related("holder", "claim__party", "claim__user", "claim__evidence", "decided_by")
    found = rows.filter(pk=dispute).first()
    if found is None:
        raise Http404
    form = _form(request, DISPUTE_CHOICES)
    if form.is_bound and form.is_valid():
        act = partial(
            decide_dispute,
            found.pk,
            for_claimant=form.cleaned_data["decision"] == "yes",
            reason=form.cleaned_data["reason"],
            officer=officer(request),
            now=timezone.now(),
        )
        if _decided(request, form, act):
            return redirect("parties_office:disputes")
    elif not form.is_bound:
        _note(request, DISPUTE_OPENED, found.holder, found.claim.party)
    context = {
        "dispute": found,
        "form": form,
        "may_decide": found.state == DisputeState.OPEN and access.has(officer(request), *DECIDE),
    }
    return render(request, "parties/office/dispute.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, choices: list[tuple[str, _StrPromise]]) -> DecisionForm:
    """The form of a decision; who may only read sends none.

    Raises:
        PermissionDenied: somebody who may not decide sent one.
    """
    if request.method == "POST" and not access.has(officer(request), *DECIDE):
        raise PermissionDenied
    form = DecisionForm(request.POST if request.method == "POST" else None)
    field = form.fields["decision"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
    field.choices = choices
    return form


def _decided(request: HttpRequest, form: DecisionForm, act: Callable[[], object]) -> bool:
    """Carry the decision out; what keeps it from being done is shown with the form."""
    try:
        act()
    except WrongStateError:
        messages.info(request, _("Somebody decided this in the meantime."))
        return True
    except ExplainedError as wrong:
        form.add_error(None, say(wrong.text))
        return False
    messages.success(request, _("Decided. Both the decision and its reason are recorded and sent."))
    return True


def _note(request: HttpRequest, what: str, *parties: Party) -> None:
    now = timezone.now()
    access_log.note_all(
        actor=str(officer(request).pk),
        parties=[f"party:{party.pk}" for party in parties],
        what=what,
        why=WHY,
        at=now,
        now=now,
        source=request.META.get("REMOTE_ADDR", ""),
    )
