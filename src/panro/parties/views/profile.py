"""What the agency knows of a party, and changing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from panro.accounts.language import say
from panro.accounts.limits import allow
from panro.parties import actions, queries
from panro.parties.access import Right
from panro.parties.errors import StaleError
from panro.parties.forms import (
    BasicsForm,
    ContactForm,
    NumberForm,
    OrganisationForm,
    PartyForm,
    PersonForm,
    SellingForm,
)
from panro.parties.states import Kind, Standing
from panro.parties.views.guard import Acting, party_page
from panro.parties.views.pages import BUSINESS_STEPS, FormPage, attempt, attempt_plain, show_form, steps
from panro.ui.clock import today

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from panro.parties.models import Business, Organisation

FORM = "parties/form.html"
CHECKS, CHECK_SECONDS = 10, 3_600


class UnprovedBasicsForm(NumberForm, BasicsForm):
    """Who a business is, with the number: it can change until it is proved."""

    field_order = ("name", "business_number")


@party_page(Right.VIEW)
def show(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Show the profile."""
    party = acting.party
    context = {
        "party": party,
        "status": queries.latest_status(party),
        "waiting": queries.waiting_check(party),
        "may_edit": acting.may(Right.EDIT),
        "may_manage": acting.may(Right.MANAGE),
    }
    return render(request, "parties/profile.html", context)


@party_page(Right.MANAGE)
def basics(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Change who the party is; what is proved must be proved again."""
    party = acting.party
    match Kind(party.kind):
        case Kind.PERSON:
            return _myself(request, acting)
        case Kind.ORGANISATION:
            return _change(request, acting, OrganisationForm, gettext_lazy("Change the organisation"))
        case Kind.BUSINESS:
            proved = party.business.standing != Standing.UNVERIFIED
            warning = _("If you change the representative or the opening day, the business must be proved again.")
            form = BasicsForm if proved else UnprovedBasicsForm
            return _change(request, acting, form, gettext_lazy("Change the business"), lead=warning if proved else "")
        case _:
            raise Http404


@party_page(Right.EDIT)
def contact(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Change where the party is and how it is reached."""
    if acting.party.kind not in {Kind.BUSINESS, Kind.ORGANISATION}:
        raise Http404
    after = reverse("parties:selling", kwargs={"party": acting.party.pk}) + "?new"
    return _change(request, acting, ContactForm, gettext_lazy("Contact"), step=2, after=after)


@party_page(Right.EDIT)
def selling(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Change what selling online asks for."""
    if acting.party.kind != Kind.BUSINESS:
        raise Http404
    after = reverse("parties:claims", kwargs={"party": acting.party.pk}) + "?new"
    return _change(request, acting, SellingForm, gettext_lazy("Selling online"), step=3, after=after)


@require_POST
@party_page(Right.VIEW)
def check(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Have the tax service asked whether the business is open."""
    if not allow(f"tax-status:{acting.user.pk}", CHECKS, CHECK_SECONDS):
        messages.error(request, _("You asked many times. Please try again in an hour."))
        return redirect("parties:profile", party=acting.party.pk)
    attempt_plain(
        request,
        lambda: actions.ask_status(acting.party.pk, by=acting.user, now=timezone.now()),
        gettext_lazy("The National Tax Service is being asked. The answer appears here."),
    )
    return redirect("parties:profile", party=acting.party.pk)


def _change(
    request: HttpRequest,
    acting: Acting,
    form_class: type[PartyForm],
    title: object,
    *,
    lead: str = "",
    step: int = 0,
    after: str = "",
) -> HttpResponse:
    """Show and store one part of a business or an organisation; several parts follow each other for a new one."""
    party, detail = acting.party, _detail(acting)
    is_new = bool(step) and "new" in request.GET and party.kind == Kind.BUSINESS
    form = form_class(request.POST or None, day=today(), initial=_stored(acting, detail, form_class))
    revision = _revision(request.POST.get("revision", ""), detail.revision)
    if request.method == "POST":
        act: Callable[..., object] = (
            actions.change_business if party.kind == Kind.BUSINESS else actions.change_organisation
        )
        try:
            stored = attempt(
                form,
                lambda: _carry_out(act, acting, revision, form.given),
            )
        except StaleError as stale:
            return _conflict(request, acting, form, stale, title)
        if stored is not None:
            if not is_new:
                messages.success(request, _("Saved."))
            return redirect(after if is_new else reverse("parties:profile", kwargs={"party": party.pk}))
    page = FormPage(
        title=str(title),
        lead=lead,
        submit=_("Save and go on") if is_new else _("Save"),
        back=after if is_new else reverse("parties:profile", kwargs={"party": party.pk}),
        back_label=_("Later") if is_new else _("Back"),
        steps=steps(BUSINESS_STEPS, step) if is_new else (),
    )
    return show_form(request, FORM, page, form, revision=revision)


def _carry_out(act: Callable[..., object], acting: Acting, revision: int, given: dict[str, Any]) -> object:
    return act(acting.party.pk, by=acting.user, revision=revision, now=timezone.now(), today=today(), **given)


def _conflict(request: HttpRequest, acting: Acting, form: PartyForm, stale: StaleError, title: object) -> HttpResponse:
    """Show what somebody stored in between beside what was typed; the next save goes over it."""
    acting.party.refresh_from_db()
    detail = _detail(acting)
    stored = _stored(acting, detail, type(form))
    differing = [
        (field.label, field.value(), _spoken(form, field.name, stored.get(field.name)))
        for field in form
        if str(field.value() or "") != str(stored.get(field.name) or "")
    ]
    page = FormPage(
        title=str(title),
        submit=_("Save what I typed"),
        back=reverse("parties:profile", kwargs={"party": acting.party.pk}),
        back_label=_("Keep what is stored"),
    )
    form.add_error(None, say(stale.text))
    return show_form(request, FORM, page, form, revision=detail.revision, differing=differing)


def _spoken(form: PartyForm, name: str, value: object) -> object:
    """Return a stored value in words: of a choice, its label."""
    choices = dict(getattr(form.fields[name], "choices", []))
    return choices.get(value, value)


def _myself(request: HttpRequest, acting: Acting) -> HttpResponse:
    party, detail = acting.party, acting.party.person
    stored = {"name": party.name, "birth_year": detail.birth_year, "region": detail.region, "phone": detail.phone}
    form = PersonForm(request.POST or None, day=today(), initial=stored)
    if request.method == "POST":
        changed = attempt(
            form,
            lambda: actions.change_person(party.pk, by=acting.user, now=timezone.now(), today=today(), **form.given),
        )
        if changed is not None:
            messages.success(request, _("Saved."))
            return redirect("parties:profile", party=party.pk)
    page = FormPage(
        title=_("Change yourself"), submit=_("Save"), back=reverse("parties:profile", kwargs={"party": party.pk})
    )
    return show_form(request, FORM, page, form)


def _detail(acting: Acting) -> Business | Organisation:
    party = acting.party
    return party.business if party.kind == Kind.BUSINESS else party.organisation


def _stored(acting: Acting, detail: Business | Organisation, form: type[PartyForm]) -> dict[str, Any]:
    values = {name: getattr(detail, name) for name in form.base_fields if name != "name" and hasattr(detail, name)}
    return values | {"name": acting.party.name}


def _revision(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default  # noqa: PLR2004 - what an integer column holds
