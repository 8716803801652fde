"""Proving that a business is one's own, and what is said when somebody else claims it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from panro.accounts.lifecycles import WrongStateError
from panro.files.actions import store
from panro.files.refusals import FileRefusedError
from panro.parties import actions, queries
from panro.parties.access import Right
from panro.parties.actions.standing import holder_of
from panro.parties.forms import AnswerForm, NoteForm, PaperForm
from panro.parties.models import CheckRequest, Claim, Dispute
from panro.parties.purposes import PROOF
from panro.parties.states import ClaimState, DisputeState, Kind
from panro.parties.views.guard import Acting, party_page
from panro.parties.views.pages import BUSINESS_STEPS, FormPage, attempt, attempt_plain, show_form, steps

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from panro.parties.models import Party

FORM = "parties/form.html"


@party_page(Right.VIEW)
def show(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Show how the party stands, how it can be proved, and what is going on."""
    party = _provable(acting)
    claims = queries.proofs(party)
    is_new = "new" in request.GET and party.kind == Kind.BUSINESS
    context = {
        "party": party,
        "claims": claims,
        "open_claim": next((claim for claim in claims if claim.state == ClaimState.OPEN), None),
        "disputes": queries.disputes(party),
        "may_manage": acting.may(Right.MANAGE),
        "steps": steps(BUSINESS_STEPS, 4) if is_new else (),
    }
    return render(request, "parties/claims.html", context)


@party_page(Right.MANAGE)
def check(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Prove a business by the tax service."""
    party = _provable(acting)
    if party.kind != Kind.BUSINESS:
        raise Http404
    form = NoteForm(request.POST or None)
    is_held = _is_held(acting)
    if not is_held:
        del form.fields["note"]
    if request.method == "POST":
        made = attempt(
            form,
            lambda: actions.claim_by_tax_check(
                party.pk, note_text=form.cleaned_data.get("note", ""), by=acting.user, now=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, _("The National Tax Service is being asked. You will get a message."))
            return redirect("parties:claims", party=party.pk)
    page = FormPage(
        title=_("Check at the National Tax Service"),
        lead=_("Number, representative and opening day must be those of the registration certificate."),
        submit=_("Check now"),
        back=_back(acting),
    )
    return show_form(request, "parties/check.html", page, form, business=party.business, is_held=is_held)


@party_page(Right.MANAGE)
def paper(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Prove a party by its certificate, which an officer reads."""
    party = _provable(acting)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["paper"]
        try:
            file = store(
                owner=acting.user.pk, purpose_code=PROOF, name=given.name or "", stream=given, now=timezone.now()
            )
        except FileRefusedError as refused:
            form.add_error("paper", str(refused))
        except OSError:
            form.add_error("paper", _("The file could not be stored just now. Please try again in a few minutes."))
        else:
            made = attempt(
                form,
                lambda: actions.claim_by_paper(
                    party.pk, evidence=file.pk, note_text=form.cleaned_data["note"], by=acting.user, now=timezone.now()
                ),
            )
            if made is not None:
                messages.success(request, _("Handed in. An officer reads it, and you will get a message."))
                return redirect("parties:claims", party=party.pk)
    page = FormPage(
        title=_("Hand in the certificate"),
        lead=_("An officer compares it with what you registered."),
        submit=_("Hand in"),
        back=_back(acting),
        upload=True,
    )
    return show_form(request, FORM, page, form)


@require_POST
@party_page(Right.VIEW)
def withdraw(request: HttpRequest, acting: Acting, claim: UUID) -> HttpResponse:
    """Take a claim back."""
    if not Claim.objects.filter(pk=claim, party=acting.party).exists():
        raise Http404
    try:
        attempt_plain(
            request,
            lambda: actions.withdraw_claim(claim, by=acting.user, now=timezone.now()),
            gettext_lazy("Taken back."),
        )
    except Claim.DoesNotExist:
        raise Http404 from None
    except WrongStateError:
        messages.info(request, _("This was decided already."))
    return redirect("parties:claims", party=acting.party.pk)


@require_POST
@party_page(Right.VIEW)
def retry(request: HttpRequest, acting: Acting, check: UUID) -> HttpResponse:
    """Have something asked again that was given up."""
    try:
        actions.retry_request(check, acting.party.pk, by=acting.user, now=timezone.now())
    except CheckRequest.DoesNotExist:
        raise Http404 from None
    except WrongStateError:
        messages.info(request, _("This is being asked already."))
    return redirect("parties:claims", party=acting.party.pk)


@party_page(Right.MANAGE)
def answer(request: HttpRequest, acting: Acting, dispute: UUID) -> HttpResponse:
    """Say what the holder of a disputed number has to say."""
    found = Dispute.objects.filter(pk=dispute, holder=acting.party, state=DisputeState.OPEN).first()
    if found is None:
        raise Http404
    form = AnswerForm(request.POST or None, initial={"text": found.answer})
    if request.method == "POST":
        said = attempt(
            form,
            lambda: actions.answer_dispute(
                dispute, acting.party.pk, text=form.cleaned_data["text"], by=acting.user, now=timezone.now()
            ),
        )
        if said is not None:
            messages.success(request, _("Saved. The officer reads it before deciding."))
            return redirect("parties:claims", party=acting.party.pk)
    page = FormPage(title=_("Answer to the dispute"), submit=_("Save"), back=_back(acting))
    return show_form(request, FORM, page, form, quoted=found.text)


def _provable(acting: Acting) -> Party:
    if acting.party.kind not in {Kind.BUSINESS, Kind.ORGANISATION}:
        raise Http404
    return acting.party


def _is_held(acting: Acting) -> bool:
    holder = holder_of(acting.party.business.business_number)
    return holder is not None and holder.pk != acting.party.pk


def _back(acting: Acting) -> str:
    return reverse("parties:claims", kwargs={"party": acting.party.pk})
