"""Invitations, roles, and the owner who stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from panro.accounts.models import User
from panro.notify.models import Message
from panro.parties import access, actions
from panro.parties.access import Right
from panro.parties.actions.members import PENDING, TERM, InvitationError, LastOwnerError
from panro.parties.errors import NotAllowedError
from panro.parties.models import Invitation, Membership, Party
from parties.people import NOW, account, at_once, business_of

pytestmark = pytest.mark.django_db
FIRST = "t1"


def invite(party: Party, by: User, email: str, role: str = "staff", *, token: str = FIRST) -> Invitation:
    return actions.invite(
        party.pk, email=email, role=role, by=by, link=lambda secret: f"https://x/{secret}", now=NOW, token=token
    )


def test_jiho_is_invited_reads_the_message_and_becomes_staff() -> None:
    mina, jiho = account("mina"), account("jiho")
    party = business_of(mina)
    invitation = invite(party, mina, "Jiho@Example.com", token="secret")
    assert "https://x/secret" in Message.objects.get(account=jiho, channel="inbox").text
    assert "secret" not in Invitation.objects.get().token_hash
    member = actions.accept("secret", by=jiho, now=NOW + TERM - timedelta(seconds=1))
    assert (member.role, access.may(member, Right.EDIT), access.may(member, Right.SUBMIT)) == ("staff", True, False)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_by) == ("accepted", jiho)


def test_an_invitation_is_good_once_for_its_address_in_its_time() -> None:
    mina, jiho, sora = account("mina"), account("jiho"), account("sora")
    party = business_of(mina)
    invite(party, mina, jiho.email)
    for token, who, when in (("forged", jiho, NOW), ("t1", sora, NOW), ("t1", jiho, NOW + TERM)):
        with pytest.raises(InvitationError):
            actions.accept(token, by=who, now=when)
    actions.accept("t1", by=jiho, now=NOW)
    actions.remove(party.pk, jiho.pk, by=mina, now=NOW)
    with pytest.raises(InvitationError):
        actions.accept("t1", by=jiho, now=NOW)
    assert list(Membership.objects.values_list("user__name", flat=True)) == ["mina"]


def test_an_address_that_nobody_verified_proves_nothing() -> None:
    mina = account("mina")
    party = business_of(mina)
    impostor = User.objects.create_user("jiho@example.com", name="impostor")
    invite(party, mina, "jiho@example.com")
    with pytest.raises(InvitationError):
        actions.accept("t1", by=impostor, now=NOW)


def test_a_second_invitation_takes_the_first_back() -> None:
    mina, jiho = account("mina"), account("jiho")
    party = business_of(mina)
    invite(party, mina, jiho.email, token="first")
    invite(party, mina, jiho.email, "manager", token="second")
    with pytest.raises(InvitationError):
        actions.accept("first", by=jiho, now=NOW)
    assert actions.accept("second", by=jiho, now=NOW).role == "manager"


def test_what_a_former_owner_invited_is_worth_nothing() -> None:
    mina, taek, jiho = account("mina"), account("taek"), account("jiho")
    party = business_of(mina)
    invite(party, mina, taek.email, "owner")
    actions.accept("t1", by=taek, now=NOW)
    invite(party, taek, jiho.email, "owner", token="t2")
    actions.change_role(party.pk, taek.pk, role="staff", by=mina, now=NOW)
    with pytest.raises(InvitationError):
        actions.accept("t2", by=jiho, now=NOW)


def test_expired_invitations_are_marked_by_the_task() -> None:
    mina = account("mina")
    invite(business_of(mina), mina, "late@example.com")
    assert actions.expire_invitations(now=NOW + TERM - timedelta(seconds=1)) == 0
    assert actions.expire_invitations(now=NOW + TERM) == 1
    assert Invitation.objects.get().state == "expired"


@pytest.mark.parametrize("role", ["manager", "staff"])
def test_only_owners_decide_on_members(role: str) -> None:
    mina, jiho = account("mina"), account("jiho")
    party = business_of(mina)
    Membership.objects.create(user=jiho, party=party, role=role, since=NOW)
    for forbidden in (
        lambda: invite(party, jiho, "new@example.com"),
        lambda: actions.change_role(party.pk, mina.pk, role="staff", by=jiho, now=NOW),
        lambda: actions.remove(party.pk, mina.pk, by=jiho, now=NOW),
        lambda: invite(party, account("stranger"), "new@example.com"),
    ):
        with pytest.raises(NotAllowedError):
            forbidden()
    actions.remove(party.pk, jiho.pk, by=jiho, now=NOW)
    assert access.membership(jiho, party.pk) is None


def test_the_last_owner_stays() -> None:
    mina, jiho = account("mina"), account("jiho")
    party = business_of(mina)
    Membership.objects.create(user=jiho, party=party, role="staff", since=NOW)
    for forbidden in (
        lambda: actions.change_role(party.pk, mina.pk, role="manager", by=mina, now=NOW),
        lambda: actions.remove(party.pk, mina.pk, by=mina, now=NOW),
    ):
        with pytest.raises(LastOwnerError):
            forbidden()
    actions.change_role(party.pk, jiho.pk, role="owner", by=mina, now=NOW)
    actions.remove(party.pk, mina.pk, by=mina, now=NOW)
    assert Membership.objects.get(party=party).user == jiho


def test_the_database_refuses_a_party_without_an_owner() -> None:
    party = business_of(account("mina"))
    with pytest.raises(IntegrityError, match="without an owner"):
        _demote_everybody(party)


@transaction.atomic
def _demote_everybody(party: Party) -> None:
    Membership.objects.filter(party=party).update(role="staff")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_party_does_not_flood_others_with_invitations() -> None:
    mina = account("mina")
    party = business_of(mina)
    for place in range(PENDING):
        invite(party, mina, f"friend{place}@example.com", token=f"t{place}")
    with pytest.raises(InvitationError):
        invite(party, mina, "one.more@example.com", token="more")
    invite(party, mina, "friend3@example.com", token="again")


def test_a_person_has_no_members() -> None:
    mina = account("mina")
    with pytest.raises(NotAllowedError):
        invite(actions.be_a_person(mina, now=NOW), mina, "jiho@example.com")


def test_a_closed_party_is_nobodys() -> None:
    mina = account("mina")
    party = business_of(mina)
    Party.objects.filter(pk=party.pk).update(state="closed", closed_at=timezone.now(), closed_why="stopped")
    assert access.membership(mina, party.pk) is None
    with pytest.raises(NotAllowedError):
        invite(party, mina, "jiho@example.com")


@pytest.mark.django_db(transaction=True)
def test_two_owners_leave_at_once_and_one_stays() -> None:
    mina, jiho = account("mina"), account("jiho")
    party = business_of(mina)
    Membership.objects.create(user=jiho, party=party, role="owner", since=NOW)
    outcomes = at_once(*(lambda who=who: actions.remove(party.pk, who.pk, by=who, now=NOW) for who in (mina, jiho)))
    assert sorted(outcomes) == ["LastOwnerError", "done"]
    assert Membership.objects.filter(party=party, role="owner").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_invitation_accepted_twice_at_once_makes_one_member() -> None:
    mina, jiho = account("mina"), account("jiho")
    party = business_of(mina)
    invite(party, mina, jiho.email)
    outcomes = at_once(*[lambda: actions.accept("t1", by=jiho, now=NOW)] * 2)
    assert sorted(outcomes) == ["InvitationError", "done"]
    assert Membership.objects.filter(party=party, user=jiho).count() == 1
