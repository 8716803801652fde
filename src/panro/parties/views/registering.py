"""Coming to the agency: as a business, as an organisation, as oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from panro.accounts.limits import allow
from panro.korea.numbers import NumberError, format_business_number, parse_business_number
from panro.parties import actions, queries
from panro.parties.actions.standing import holder_of
from panro.parties.forms import NewBusinessForm, NewOrganisationForm, NoteForm, NumberForm, PersonForm
from panro.parties.states import Kind
from panro.parties.views.guard import person
from panro.parties.views.pages import BUSINESS_STEPS, FormPage, attempt, show_form, steps
from panro.ui.clock import today

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from panro.accounts.models import User
    from panro.parties.models import Party

LOOKUPS, LOOKUP_SECONDS = 30, 3_600
PLAIN = "parties/plain_form.html"


def choose(request: HttpRequest) -> HttpResponse:
    """Ask as what somebody comes."""
    parties = queries.parties_of(person(request))
    is_person = any(party.kind == Kind.PERSON for party in parties)
    return render(request, "parties/choose.html", {"parties": parties, "is_person": is_person})


def number(request: HttpRequest) -> HttpResponse:
    """First step of a business: its registration number, by which one that is here already is found."""
    user = person(request)
    form = NumberForm(request.POST or None, initial={"business_number": request.GET.get("number", "")})
    if request.method == "POST" and form.is_valid():
        if not allow(f"business-number:{user.pk}", LOOKUPS, LOOKUP_SECONDS):
            form.add_error(None, _("You looked up many numbers. Please try again in an hour."))
        else:
            return _after_number(user, form.cleaned_data["business_number"])
    page = FormPage(
        title=_("Register a business"),
        lead=_("Take your registration certificate to hand."),
        submit=_("Next"),
        back=reverse("parties:register"),
        steps=steps(BUSINESS_STEPS, 0),
    )
    return show_form(request, PLAIN, page, form)


def _after_number(user: User, digits: str) -> HttpResponse:
    own = next((party for party in queries.parties_of(user) if _bears(party, digits)), None)
    if own is not None:
        return redirect("parties:profile", party=own.pk)
    where = "parties:held" if holder_of(digits) is not None else "parties:register_details"
    return redirect(where, number=digits)


def held(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody has proved this number already: ask to be let in, or dispute it."""
    user, digits = person(request), _digits(number)
    if not digits or holder_of(digits) is None:
        return redirect("parties:register_business")
    form = NoteForm(request.POST or None)
    if request.method == "POST":

        def ask() -> object:
            return actions.claim_by_owner_consent(
                digits,
                note_text=form.cleaned_data["note"],
                by=user,
                link=lambda party: request.build_absolute_uri(reverse("parties:members", kwargs={"party": party})),
                now=timezone.now(),
            )

        if attempt(form, ask) is not None:
            messages.success(
                request, _("The owners were asked. You will get a message as soon as one of them answers.")
            )
            return redirect("my")
    page = FormPage(
        title=_("This business is here already"),
        submit=_("Ask to be let in"),
        back=reverse("parties:register_business"),
    )
    return show_form(request, "parties/held.html", page, form, number=format_business_number(digits), digits=digits)


def details(request: HttpRequest, number: str) -> HttpResponse:
    """Second step of a business: who it is. Registers it."""
    user, digits = person(request), _digits(number)
    if not digits:
        return redirect("parties:register_business")
    disputes = "dispute" in request.GET or "dispute" in request.POST
    form = NewBusinessForm(request.POST or None, day=today())
    if request.method == "POST":
        party = attempt(
            form,
            lambda: actions.register_business(
                user,
                now=timezone.now(),
                today=today(),
                although_held=disputes,
                business_number=digits,
                **form.given,
            ),
        )
        if party is not None:
            return redirect(f"{reverse('parties:contact', kwargs={'party': party.pk})}?new")
    page = FormPage(
        title=_("Who is the business?"),
        lead=_("As it stands on the registration certificate."),
        submit=_("Register and go on"),
        back=f"{reverse('parties:register_business')}?number={digits}",
        steps=steps(BUSINESS_STEPS, 1),
    )
    return show_form(request, PLAIN, page, form, fact=(_("Registration number"), format_business_number(digits)))


def organisation(request: HttpRequest) -> HttpResponse:
    """An organisation comes."""
    user = person(request)
    form = NewOrganisationForm(request.POST or None, day=today())
    if request.method == "POST":
        party = attempt(
            form,
            lambda: actions.register_organisation(
                user,
                now=timezone.now(),
                today=today(),
                although_held="dispute" in request.POST,
                **form.given,
            ),
        )
        if party is not None:
            return redirect("parties:claims", party=party.pk)
    page = FormPage(
        title=_("Register an organisation"),
        lead=_("A company or foundation, a public body or a local government."),
        submit=_("Register"),
        back=reverse("parties:register"),
    )
    return show_form(request, PLAIN, page, form)


def myself(request: HttpRequest) -> HttpResponse:
    """Somebody comes without a business: to learn, or as a creator."""
    user = person(request)
    form = PersonForm(request.POST or None, day=today(), initial={"name": user.name})
    if request.method == "POST":
        party = attempt(form, lambda: actions.be_a_person(user, now=timezone.now(), today=today(), **form.given))
        if party is not None:
            messages.success(request, _("You can apply as yourself now."))
            return redirect("parties:profile", party=party.pk)
    page = FormPage(
        title=_("Apply as yourself"),
        lead=gettext_lazy("For courses and for creators. No business is needed."),
        submit=_("Save"),
        back=reverse("parties:register"),
    )
    return show_form(request, PLAIN, page, form)


def _digits(number: str) -> str:
    try:
        return parse_business_number(number)
    except NumberError:
        return ""


def _bears(party: Party, digits: str) -> bool:
    match Kind(party.kind):
        case Kind.BUSINESS:
            return party.business.business_number == digits
        case Kind.ORGANISATION:
            return party.organisation.business_number == digits
        case _:
            return False
