"""Who acts for a party: invited, let in, given another role, removed. An owner always stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from panro.accounts.lifecycles import check
from panro.accounts.models import User, UserManager
from panro.accounts.tokens import hash_of, new_token
from panro.korea.text import Text
from panro.parties import announce
from panro.parties.access import Right
from panro.parties.actions.acting import act_for, note
from panro.parties.actions.locks import lock_party
from panro.parties.errors import NotAllowedError, PartyError
from panro.parties.models import Invitation, Membership
from panro.parties.states import INVITATIONS, InvitationState, Kind, PartyState, Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from panro.parties.models import Party

TERM: Final = timedelta(days=7)
PENDING: Final = 20
"""Invitations of one party that may wait at a time."""


class InvitationError(PartyError):
    """An invitation cannot be made or answered; the text says why."""


class LastOwnerError(PartyError):
    """The party would be left without an owner."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko="소유자가 한 명은 남아 있어야 합니다. 먼저 다른 구성원을 소유자로 바꾸어 주세요.",
                en="One owner must stay. Please make another member an owner first.",
            )
        )


@transaction.atomic
def invite(
    party_id: UUID,
    *,
    email: str,
    role: str,
    by: User,
    link: Callable[[str], str],
    now: datetime,
    token: str | None = None,
) -> Invitation:
    """Ask an e-mail address to become a member; an earlier invitation of the same address is taken back.

    Args:
        party_id: the party.
        email: where the invitation goes; only an account with this address can accept it.
        role: a :class:`Role`.
        by: an owner.
        link: makes the address of the answer page from the secret.
        now: the moment; the invitation is good for seven days.
        token: the secret; by default a new one.

    Raises:
        NotAllowedError: not an owner.
        InvitationError: no address, a member already, or too many are waiting.
    """
    secret = new_token() if token is None else token
    party, _member = act_for(party_id, by, Right.MANAGE)
    address = _address(email)
    if party.kind == Kind.PERSON:
        raise NotAllowedError
    if Membership.objects.filter(party=party, user__email=address).exists():
        raise InvitationError(Text(ko="이미 구성원입니다.", en="This person is a member already."))
    for earlier in Invitation.objects.filter(party=party, email=address, state=InvitationState.PENDING):
        _answer(earlier, InvitationState.REVOKED, by, now)
    if Invitation.objects.filter(party=party, state=InvitationState.PENDING, expires__gt=now).count() >= PENDING:
        raise InvitationError(
            Text(
                ko=f"답을 기다리는 초대가 {PENDING}건입니다. 필요 없는 초대를 먼저 거두어 주세요.",
                en=f"{PENDING} invitations are waiting. Please take back those you no longer need.",
            )
        )
    invitation = Invitation.objects.create(
        party=party,
        email=address,
        role=Role(role),
        token_hash=hash_of(secret),
        invited_by=by,
        created=now,
        expires=now + TERM,
    )
    note("member_invited", party.pk, by, now, public={"role": role}, payload={"email": address})
    announce.invited(invitation, party, by, link=link(secret), now=now)
    return invitation


def waiting_invitation(token: str, user: User, *, now: datetime) -> Invitation:
    """Return the invitation that a link leads to, if this account may answer it.

    Raises:
        InvitationError: no such invitation, answered or expired, or made for another address.
    """
    found = Invitation.objects.select_related("party", "invited_by").filter(token_hash=hash_of(token)).first()
    if found is None or found.party.state != PartyState.ACTIVE:
        raise InvitationError(
            Text(
                ko="초대를 찾을 수 없습니다. 메일에 있는 주소를 그대로 열었는지 확인해 주세요.",
                en="There is no such invitation. Please open the address exactly as it stands in the message.",
            )
        )
    if not _owns_address(user, found.email):
        raise InvitationError(
            Text(
                ko="이 초대는 다른 이메일 주소로 보낸 것입니다. 초대를 받은 주소의 계정으로 로그인해 주세요.",
                en="This invitation was sent to another e-mail address. "
                "Please log in with the account of that address.",
            )
        )
    if found.state != InvitationState.PENDING or found.expires <= now:
        raise InvitationError(
            Text(
                ko="이미 답했거나, 거두었거나, 기한이 지난 초대입니다. 필요하면 다시 초대해 달라고 부탁해 주세요.",
                en="This invitation was answered, taken back or has expired. Please ask for a new one if you need it.",
            )
        )
    return found


@transaction.atomic
def accept(token: str, *, by: User, now: datetime) -> Membership:
    """Become a member by an invitation; a member already keeps the role it has.

    Raises:
        InvitationError: as :func:`waiting_invitation`.
    """
    invitation = _locked(token, by, now)
    _answer(invitation, InvitationState.ACCEPTED, by, now)
    member, made = Membership.objects.get_or_create(
        user=by, party=invitation.party, defaults={"role": invitation.role, "since": now}
    )
    if made:
        note("member_joined", invitation.party_id, by, now, public={"role": str(member.role)})
    return member


@transaction.atomic
def decline(token: str, *, by: User, now: datetime) -> None:
    """Decline an invitation.

    Raises:
        InvitationError: as :func:`waiting_invitation`.
    """
    invitation = _locked(token, by, now)
    _answer(invitation, InvitationState.DECLINED, by, now)
    note("member_declined", invitation.party_id, by, now)


@transaction.atomic
def revoke(invitation_id: UUID, party_id: UUID, *, by: User, now: datetime) -> None:
    """Take an invitation back; one that was answered meanwhile stays as it is.

    Raises:
        NotAllowedError: not an owner.
        Invitation.DoesNotExist: the party made no such invitation.
    """
    party, _member = act_for(party_id, by, Right.MANAGE)
    invitation = Invitation.objects.get(pk=invitation_id, party=party)
    if invitation.state == InvitationState.PENDING:
        _answer(invitation, InvitationState.REVOKED, by, now)
        note("member_uninvited", party.pk, by, now, payload={"email": invitation.email})


@transaction.atomic
def expire_invitations(*, now: datetime) -> int:
    """Mark what nobody answered in time; returns how many."""
    late = Invitation.objects.filter(state=InvitationState.PENDING, expires__lte=now)
    return late.update(state=InvitationState.EXPIRED, answered=now)


@transaction.atomic
def change_role(party_id: UUID, user_id: UUID, *, role: str, by: User, now: datetime) -> Membership:
    """Give a member another role.

    Raises:
        NotAllowedError: not an owner.
        LastOwnerError: no owner would be left.
        Membership.DoesNotExist: not a member.
    """
    party, _own = act_for(party_id, by, Right.MANAGE)
    member = Membership.objects.get(party=party, user=user_id)
    before, after = Role(member.role), Role(role)
    if before is after:
        return member
    if before is Role.OWNER:
        _refuse_last_owner(party, member)
        _revoke_those_of(party, member.user, by, now)
    member.role = after
    member.save(update_fields=["role"])
    note("member_role_changed", party.pk, by, now, public={"user": str(user_id), "from": before, "to": after})
    return member


@transaction.atomic
def remove(party_id: UUID, user_id: UUID, *, by: User, now: datetime) -> None:
    """Remove a member; anybody may remove itself. The invitations it made go with it.

    Raises:
        NotAllowedError: not an owner, and not oneself.
        LastOwnerError: no owner would be left.
        Membership.DoesNotExist: not a member.
    """
    party, _own = act_for(party_id, by, Right.VIEW if by.pk == user_id else Right.MANAGE)
    member = Membership.objects.select_related("user").get(party=party, user=user_id)
    if member.role == Role.OWNER:
        _refuse_last_owner(party, member)
    _revoke_those_of(party, member.user, by, now)
    member.delete()
    note("member_removed", party.pk, by, now, public={"user": str(user_id)})


def _locked(token: str, user: User, now: datetime) -> Invitation:
    """Lock the party before the invitation is read for good, as every act on members does."""
    found = waiting_invitation(token, user, now=now)
    lock_party(found.party_id)
    return waiting_invitation(token, user, now=now)


def _answer(invitation: Invitation, state: InvitationState, by: User, now: datetime) -> None:
    check(INVITATIONS, invitation.state, state)
    invitation.state, invitation.answered, invitation.answered_by = state, now, by
    invitation.save(update_fields=["state", "answered", "answered_by"])


def _refuse_last_owner(party: Party, leaving: Membership) -> None:
    if not Membership.objects.filter(party=party, role=Role.OWNER).exclude(pk=leaving.pk).exists():
        raise LastOwnerError


def _revoke_those_of(party: Party, inviter: User, by: User, now: datetime) -> None:
    """Take back what a former owner invited: its word no longer counts."""
    for invitation in Invitation.objects.filter(party=party, invited_by=inviter, state=InvitationState.PENDING):
        _answer(invitation, InvitationState.REVOKED, by, now)


def _address(email: str) -> str:
    address = UserManager.normalize_email(email)
    try:
        validate_email(address)
    except ValidationError:
        raise InvitationError(
            Text(ko="이메일 주소를 name@example.com처럼 적어 주세요.", en="Write an address like name@example.com.")
        ) from None
    return address


def _owns_address(user: User, email: str) -> bool:
    """Whether an account has shown that an address is its own."""
    return bool(EmailAddress.objects.filter(user=user, email=email, verified=True).exists())
