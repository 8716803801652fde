"""Who acts for a party: the list, invitations, roles, requests to be let in."""

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

from panro.accounts.language import say
from panro.accounts.lifecycles import WrongStateError
from panro.accounts.limits import allow
from panro.parties import actions, queries
from panro.parties.access import Right
from panro.parties.actions.members import InvitationError
from panro.parties.forms import InviteForm, RoleForm
from panro.parties.models import Claim, Invitation, Membership
from panro.parties.states import Kind, Role
from panro.parties.views.guard import Acting, party_page, person
from panro.parties.views.pages import FormPage, attempt, attempt_plain, show_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

FORM = "parties/form.html"
INVITATIONS, INVITATION_SECONDS = 30, 86_400


@party_page(Right.VIEW)
def show(request: HttpRequest, acting: Acting) -> HttpResponse:
    """List who acts for the party; owners also see who is asked, and who asks."""
    _refuse_person(acting)
    decides = acting.may(Right.MANAGE)
    context = {
        "members": queries.members(acting.party),
        "may_manage": decides,
        "invitations": queries.pending_invitations(acting.party, now=timezone.now()) if decides else [],
        "requests": queries.requests_to_join(acting.party) if decides else [],
    }
    return render(request, "parties/members.html", context)


@party_page(Right.MANAGE)
def invite(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Invite somebody."""
    _refuse_person(acting)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not allow(f"invite:{acting.user.pk}", INVITATIONS, INVITATION_SECONDS):
            form.add_error(None, _("You invited many people today. Please go on tomorrow."))
        else:
            made = attempt(
                form,
                lambda: actions.invite(
                    acting.party.pk,
                    email=form.cleaned_data["email"],
                    role=form.cleaned_data["role"],
                    by=acting.user,
                    link=lambda token: request.build_absolute_uri(
                        reverse("parties:invitation", kwargs={"token": token})
                    ),
                    now=timezone.now(),
                ),
            )
            if made is not None:
                messages.success(request, _("Invited. The invitation is good for seven days."))
                return redirect("parties:members", party=acting.party.pk)
    page = FormPage(title=_("Invite somebody"), submit=_("Send the invitation"), back=_list(acting))
    return show_form(request, FORM, page, form, roles=True)


@require_POST
@party_page(Right.MANAGE)
def revoke(request: HttpRequest, acting: Acting, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    try:
        actions.revoke(invitation, acting.party.pk, by=acting.user, now=timezone.now())
    except Invitation.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The invitation was taken back."))
    return redirect("parties:members", party=acting.party.pk)


@party_page(Right.VIEW)
def member(request: HttpRequest, acting: Acting, user: UUID) -> HttpResponse:
    """One member: another role, or no longer a member. Everybody may leave."""
    found = Membership.objects.select_related("user").filter(party=acting.party, user=user).first()
    is_self = acting.user.pk == user
    if found is None or acting.party.kind == Kind.PERSON or not (is_self or acting.may(Right.MANAGE)):
        raise Http404
    form = RoleForm(request.POST or None, initial={"role": found.role})
    if request.method == "POST" and acting.may(Right.MANAGE):
        changed = attempt(
            form,
            lambda: actions.change_role(
                acting.party.pk, user, role=form.cleaned_data["role"], by=acting.user, now=timezone.now()
            ),
        )
        if changed is not None:
            messages.success(request, _("Saved."))
            return redirect("parties:members", party=acting.party.pk)
    page = FormPage(title=str(found.user), submit=_("Change the role"), back=_list(acting))
    context = {"member": found, "is_self": is_self, "may_manage": acting.may(Right.MANAGE), "roles": True}
    return show_form(request, "parties/member.html", page, form, **context)


@require_POST
@party_page(Right.VIEW)
def remove(request: HttpRequest, acting: Acting, user: UUID) -> HttpResponse:
    """Remove a member, or leave."""
    is_self = acting.user.pk == user
    if not is_self and not acting.may(Right.MANAGE):
        raise Http404
    try:
        done = attempt_plain(
            request,
            lambda: actions.remove(acting.party.pk, user, by=acting.user, now=timezone.now()),
            _("You are no longer a member.") if is_self else _("Removed."),
        )
    except Membership.DoesNotExist:
        raise Http404 from None
    return redirect("my") if is_self and done else redirect("parties:members", party=acting.party.pk)


@require_POST
@party_page(Right.MANAGE)
def answer(request: HttpRequest, acting: Acting, claim: UUID) -> HttpResponse:
    """Let somebody in who asked, or not."""
    role = request.POST.get("role", "")
    if role not in {*Role.values, "none"}:
        raise Http404
    try:
        attempt_plain(
            request,
            lambda: actions.answer_consent(
                claim, acting.party.pk, role=None if role == "none" else role, by=acting.user, now=timezone.now()
            ),
            gettext_lazy("Answered."),
        )
    except Claim.DoesNotExist:
        raise Http404 from None
    except WrongStateError:
        messages.info(request, _("This was answered already."))
    return redirect("parties:members", party=acting.party.pk)


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Answer an invitation; only the account of its address can."""
    user, now = person(request), timezone.now()
    try:
        found = actions.waiting_invitation(token, user, now=now)
        if request.method == "POST":
            return _answered(request, token, found)
    except InvitationError as wrong:
        return render(request, "parties/no_invitation.html", {"text": say(wrong.text)}, status=404)
    return render(request, "parties/invitation.html", {"invitation": found, "role": Role(found.role)})


def _answered(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    user, now = person(request), timezone.now()
    if request.POST.get("answer") == "accept":
        actions.accept(token, by=user, now=now)
        messages.success(request, _("You are a member now."))
        return redirect("parties:profile", party=found.party_id)
    actions.decline(token, by=user, now=now)
    messages.info(request, _("You declined the invitation."))
    return redirect("my")


def _list(acting: Acting) -> str:
    return reverse("parties:members", kwargs={"party": acting.party.pk})


def _refuse_person(acting: Acting) -> None:
    if acting.party.kind == Kind.PERSON:
        raise Http404
