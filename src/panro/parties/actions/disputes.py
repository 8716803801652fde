"""Disputes: somebody claims a number that another party has proved. Both are heard, an officer decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from panro.accounts.lifecycles import check
from panro.korea.text import Text
from panro.parties import announce
from panro.parties.access import Right
from panro.parties.actions.acting import act_for, needed_reason, note, refuse_partial
from panro.parties.actions.locks import lock_number, lock_parties
from panro.parties.actions.standing import detail_of, set_standing, settle_standing
from panro.parties.errors import PartyError
from panro.parties.models import Claim, Dispute
from panro.parties.states import CLAIMS, DISPUTES, ClaimState, DisputeState, Standing

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.parties.models import Party


class DisputeError(PartyError):
    """A dispute cannot be opened or decided; the text says why."""


def open_dispute(claim: Claim, holder: Party, *, text: str, now: datetime) -> Dispute:
    """Open a dispute between a claim and the holder of its number; in the caller's transaction, under its locks.

    The holder keeps the number and everything else, but is shown as disputed until an officer decides.
    """
    open_one = Dispute.objects.filter(claim=claim, state=DisputeState.OPEN).first()
    if open_one is not None:
        return open_one
    dispute = Dispute.objects.create(
        holder=holder, claim=claim, opened_by=claim.user, text=text.strip() or "–", created=now
    )
    set_standing(detail_of(holder), Standing.DISPUTED)
    note("business_disputed", holder.pk, claim.user, now, public={"dispute": str(dispute.pk)})
    announce.disputed(dispute, holder, now=now)
    return dispute


def withdraw_disputes(claim: Claim, *, now: datetime) -> None:
    """Close the disputes of a claim that was taken back; in the caller's transaction, under its locks."""
    for dispute in Dispute.objects.select_related("holder").filter(claim=claim, state=DisputeState.OPEN):
        dispute.state, dispute.decided = DisputeState.WITHDRAWN, now
        dispute.save(update_fields=["state", "decided"])
        settle_standing(dispute.holder)
        note("dispute_withdrawn", dispute.holder_id, claim.user, now, public={"dispute": str(dispute.pk)})


def follow_holder(number: str, holder: Party) -> None:
    """Let open disputes over a number go on against whoever holds it now; in the caller's transaction."""
    if number:
        Dispute.objects.filter(claim__business_number=number, state=DisputeState.OPEN).update(holder=holder)
        settle_standing(holder)


@transaction.atomic
def answer_dispute(dispute_id: UUID, party_id: UUID, *, text: str, by: User, now: datetime) -> Dispute:
    """Say what the holder has to say; an owner may say it anew until the dispute is decided.

    Raises:
        NotAllowedError: not an owner of the holder.
        Dispute.DoesNotExist: not a dispute over this party.
        DisputeError: decided already, or nothing said.
    """
    party, _member = act_for(party_id, by, Right.MANAGE)
    dispute = Dispute.objects.select_for_update().get(pk=dispute_id, holder=party)
    if dispute.state != DisputeState.OPEN:
        raise DisputeError(Text(ko="이미 결정된 건입니다.", en="This is decided already."))
    if not text.strip():
        raise DisputeError(Text(ko="의견을 적어 주세요.", en="Please write what you have to say."))
    dispute.answer, dispute.answered_by, dispute.answered = text.strip(), by, now
    dispute.save(update_fields=["answer", "answered_by", "answered"])
    note("dispute_answered", party.pk, by, now, public={"dispute": str(dispute.pk)})
    return dispute


@transaction.atomic
def decide_dispute(dispute_id: UUID, *, for_claimant: bool, reason: str, officer: User, now: datetime) -> Dispute:
    """Decide who bears the number.

    For the claimant: the holder loses its proof, the claimant's row is proved, and further disputes over the number
    go on against it. For the holder: the claim is refused.

    Raises:
        NotAllowedError: not an officer, or one who belongs to either side.
        PartyError: no reason is given.
        WrongStateError: decided already.
    """
    dispute = _locked(dispute_id)
    claim, holder = dispute.claim, dispute.holder
    state = DisputeState.FOR_CLAIMANT if for_claimant else DisputeState.FOR_HOLDER
    check(DISPUTES, dispute.state, state)
    refuse_partial(officer, holder, claim.party)
    dispute.state, dispute.reason = state, needed_reason(reason)
    dispute.decided, dispute.decided_by = now, officer
    dispute.save(update_fields=["state", "reason", "decided", "decided_by"])
    if for_claimant:
        set_standing(detail_of(holder), Standing.UNVERIFIED)
        set_standing(detail_of(claim.party), Standing.VERIFIED)
        follow_holder(claim.business_number, claim.party)
    else:
        settle_standing(holder)
    _close_claim(claim, ClaimState.GRANTED if for_claimant else ClaimState.REFUSED, dispute)
    for party in (holder, claim.party):
        note("dispute_decided", party.pk, officer, now, public={"dispute": str(dispute.pk), "outcome": state.value})
    announce.dispute_decided(dispute, holder, now=now)
    announce.claim_decided(claim, claim.party, now=now)
    return dispute


def _locked(dispute_id: UUID) -> Dispute:
    """Return a dispute, locked after its number and both parties."""
    found = Dispute.objects.select_related("claim").get(pk=dispute_id)
    lock_number(found.claim.business_number)
    lock_parties([found.holder_id, found.claim.party_id])
    return (
        Dispute.objects.select_for_update(of=("self",))
        .select_related("holder", "claim", "claim__party", "claim__user")
        .get(pk=dispute_id)
    )


def _close_claim(claim: Claim, state: ClaimState, dispute: Dispute) -> None:
    check(CLAIMS, claim.state, state)
    claim.state, claim.reason, claim.decided = state, dispute.reason, dispute.decided
    claim.decided_by = dispute.decided_by
    claim.save(update_fields=["state", "reason", "decided", "decided_by"])
