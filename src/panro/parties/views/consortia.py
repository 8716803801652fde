"""Consortia: those a party belongs to, signing, and the page of the consortium itself."""

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

from panro.parties import actions, queries
from panro.parties.access import Right
from panro.parties.forms import AgreementForm, ConsortiumForm, MemberForm
from panro.parties.models import ConsortiumMember
from panro.parties.states import Kind, Signature
from panro.parties.views.guard import Acting, party_page
from panro.parties.views.pages import FormPage, attempt, attempt_plain, show_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

FORM = "parties/form.html"


@party_page(Right.VIEW)
def listing(request: HttpRequest, acting: Acting) -> HttpResponse:
    """List the consortia that a party belongs to, those that wait for its signature first."""
    _only(acting, Kind.BUSINESS, Kind.ORGANISATION)
    found = sorted(queries.consortia_of(acting.party), key=lambda member: member.state != Signature.INVITED)
    return render(request, "parties/consortia.html", {"found": found, "may_manage": acting.may(Right.MANAGE)})


@party_page(Right.MANAGE)
def form_new(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Form a consortium with this party as its lead."""
    _only(acting, Kind.BUSINESS, Kind.ORGANISATION)
    form = ConsortiumForm(request.POST or None)
    if request.method == "POST":
        party = attempt(
            form,
            lambda: actions.form_consortium(acting.party.pk, by=acting.user, now=timezone.now(), **form.given),
        )
        if party is not None:
            messages.success(request, _("The consortium is there. Now name its members."))
            return redirect("parties:consortium", party=party.pk)
    page = FormPage(
        title=_("Form a consortium"),
        lead=_("This party leads it. Each member reads the same agreement and signs it here."),
        submit=_("Form it"),
        back=reverse("parties:consortia", kwargs={"party": acting.party.pk}),
    )
    return show_form(request, FORM, page, form)


@party_page(Right.VIEW)
def read(request: HttpRequest, acting: Acting, consortium: UUID) -> HttpResponse:
    """Read an agreement as one of its members; an owner signs or declines."""
    own = (
        ConsortiumMember.objects.select_related("consortium", "consortium__party", "consortium__lead")
        .filter(consortium=consortium, party=acting.party)
        .first()
    )
    if own is None:
        raise Http404
    if request.method == "POST":
        return _sign(request, acting, own)
    context = {
        "own": own,
        "consortium": own.consortium,
        "members": queries.consortium_members(own.consortium.party),
        "may_manage": acting.may(Right.MANAGE),
    }
    return render(request, "parties/sign.html", context)


def _sign(request: HttpRequest, acting: Acting, own: ConsortiumMember) -> HttpResponse:
    where, now = own.consortium_id, timezone.now()
    if request.POST.get("answer") == "sign":
        attempt_plain(
            request,
            lambda: actions.sign(
                where, acting.party.pk, text_hash=request.POST.get("text", ""), by=acting.user, now=now
            ),
            gettext_lazy("Signed."),
        )
    else:
        attempt_plain(
            request,
            lambda: actions.decline_to_sign(where, acting.party.pk, by=acting.user, now=now),
            gettext_lazy("Declined."),
        )
    return redirect("parties:agreement", party=acting.party.pk, consortium=where)


@party_page(Right.VIEW)
def show(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Show a consortium to those who act for it: agreement, members, signatures."""
    _only(acting, Kind.CONSORTIUM)
    context = {
        "consortium": acting.party.consortium,
        "members": queries.consortium_members(acting.party),
        "may_manage": acting.may(Right.MANAGE),
    }
    return render(request, "parties/consortium.html", context)


@party_page(Right.MANAGE)
def add(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Name a member by its registration number."""
    _only(acting, Kind.CONSORTIUM)
    form = MemberForm(request.POST or None)
    if request.method == "POST":
        made = attempt(
            form,
            lambda: actions.invite_member(acting.party.pk, by=acting.user, now=timezone.now(), **form.given),
        )
        if made is not None:
            messages.success(request, _("Named. Its owners were asked to sign."))
            return redirect("parties:consortium", party=acting.party.pk)
    page = FormPage(
        title=_("Name a member"),
        lead=_("Signatures given so far fall back, because the agreement changes."),
        submit=_("Name it"),
        back=_own_page(acting),
    )
    return show_form(request, FORM, page, form)


@party_page(Right.MANAGE)
def change(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Change purpose and duties."""
    _only(acting, Kind.CONSORTIUM)
    members = queries.consortium_members(acting.party)
    stored = {f"duty-{member.party_id}": member.duty for member in members}
    form = AgreementForm(
        request.POST or None,
        members={str(member.party_id): member.party.name for member in members},
        initial={"purpose": acting.party.consortium.purpose, **stored},
    )
    if request.method == "POST":
        changed = attempt(
            form,
            lambda: actions.change_agreement(
                acting.party.pk,
                purpose=form.cleaned_data["purpose"],
                duties={member.party_id: form.cleaned_data[f"duty-{member.party_id}"] for member in members},
                by=acting.user,
                now=timezone.now(),
            ),
        )
        if changed is not None:
            messages.success(request, _("Saved. If the text changed, everybody signs anew."))
            return redirect("parties:consortium", party=acting.party.pk)
    page = FormPage(
        title=_("Change the agreement"),
        lead=_("If the text changes, everybody signs anew."),
        submit=_("Save"),
        back=_own_page(acting),
    )
    return show_form(request, FORM, page, form)


@require_POST
@party_page(Right.MANAGE)
def remove(request: HttpRequest, acting: Acting, member: UUID) -> HttpResponse:
    """Take a member out."""
    _only(acting, Kind.CONSORTIUM)
    try:
        attempt_plain(
            request,
            lambda: actions.remove_member(acting.party.pk, member, by=acting.user, now=timezone.now()),
            gettext_lazy("Taken out. Everybody signs anew."),
        )
    except ConsortiumMember.DoesNotExist:
        raise Http404 from None
    return redirect("parties:consortium", party=acting.party.pk)


def _only(acting: Acting, *kinds: Kind) -> None:
    if acting.party.kind not in kinds:
        raise Http404


def _own_page(acting: Acting) -> str:
    return reverse("parties:consortium", kwargs={"party": acting.party.pk})
