"""Closing a party for good, and opening it again while that is still possible."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from panro.accounts.lifecycles import check
from panro.korea.text import Text
from panro.parties import announce
from panro.parties.access import Right
from panro.parties.actions.acting import act_for, note
from panro.parties.actions.locks import lock_party
from panro.parties.endings import endings
from panro.parties.errors import NotAllowedError, PartyError
from panro.parties.models import Consortium, Invitation, Membership, Party
from panro.parties.states import (
    INVITATIONS,
    PARTIES,
    ClosedWhy,
    InvitationState,
    PartyState,
    Role,
)

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User

REOPENED_FOR: Final = timedelta(days=30)
"""How long an owner may open a closed party again. The operator's own choice: time enough to notice a mistake."""


class CannotCloseError(PartyError):
    """Something must be settled first; ``reasons`` say what, and how."""

    def __init__(self, reasons: list[Text]) -> None:
        super().__init__(
            Text(ko=" ".join(reason.ko for reason in reasons), en=" ".join(reason.en for reason in reasons))
        )
        self.reasons = reasons


class TooLateError(PartyError):
    """A party was closed too long ago to be opened again."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko=f"문을 닫은 지 {REOPENED_FOR.days}일이 지나 되돌릴 수 없습니다. 새로 등록해 주세요.",
                en=f"It was closed more than {REOPENED_FOR.days} days ago. Please register it anew.",
            )
        )


def obstacles(party: UUID, *, on: date) -> list[Text]:
    """Return what must be settled before a party can be closed."""
    led = Consortium.objects.filter(lead=party, party__state=PartyState.ACTIVE).order_by("party__name", "pk")
    own = [
        Text(
            ko=f"컨소시엄 ‘{name}’의 주관기관입니다. 그 컨소시엄을 먼저 닫아 주세요.",
            en=f"It leads the consortium “{name}”. Please close that first.",
        )
        for name in led.values_list("party__name", flat=True)
    ]
    return own + [reason for ending in endings() for reason in ending.obstacles(party, on=on)]


def consequences(party: UUID, *, on: date) -> list[Text]:
    """Return what ends with a party."""
    return [text for ending in endings() for text in ending.consequences(party, on=on)]


@transaction.atomic
def close_party(party_id: UUID, *, why: str, by: User, now: datetime, today: date) -> Party:
    """Close a party: its business is closed, it is dissolved, or nobody applies in its name any more.

    What runs ends as rooms above say, invitations are taken back, and nobody reaches its pages any more. Who acts for
    it stays written down, and so do its papers until their term is over. Closing it again changes nothing.

    Raises:
        NotAllowedError: not an owner.
        CannotCloseError: something must be settled first.
    """
    reason = ClosedWhy(why)
    before = Party.objects.filter(pk=party_id, memberships__user=by, memberships__role=Role.OWNER).first()
    if before is not None and before.state == PartyState.CLOSED:
        return before
    for ending in endings():
        ending.lock(party_id)
    party, _member = act_for(party_id, by, Right.MANAGE)
    if reasons := obstacles(party_id, on=today):
        raise CannotCloseError(reasons)
    for ending in endings():
        ending.end(party_id, by=by, now=now, today=today)
    for invitation in Invitation.objects.filter(party=party, state=InvitationState.PENDING):
        check(INVITATIONS, invitation.state, InvitationState.REVOKED)
        invitation.state, invitation.answered, invitation.answered_by = InvitationState.REVOKED, now, by
        invitation.save(update_fields=["state", "answered", "answered_by"])
    _go(party, PartyState.CLOSED)
    party.closed_at, party.closed_why = now, reason
    party.save(update_fields=["state", "closed_at", "closed_why"])
    note("party_closed", party.pk, by, now, public={"kind": party.kind, "why": reason.value})
    announce.closed(party, by, until=now + REOPENED_FOR, now=now)
    return party


@transaction.atomic
def reopen_party(party_id: UUID, *, by: User, now: datetime) -> Party:
    """Open a closed party again; what ended with it stays ended. Opening it again changes nothing.

    Raises:
        NotAllowedError: not one of its owners.
        TooLateError: the time for it has passed.
    """
    try:
        party = lock_party(party_id)
    except Party.DoesNotExist:
        raise NotAllowedError from None
    if not Membership.objects.filter(party=party, user=by, role=Role.OWNER).exists():
        raise NotAllowedError
    if party.state == PartyState.ACTIVE or party.closed_at is None:
        return party
    if now >= party.closed_at + REOPENED_FOR:
        raise TooLateError
    _go(party, PartyState.ACTIVE)
    party.closed_at, party.closed_why = None, ""
    party.save(update_fields=["state", "closed_at", "closed_why"])
    note("party_reopened", party.pk, by, now, public={"kind": party.kind})
    return party


def _go(party: Party, after: PartyState) -> None:
    check(PARTIES, party.state, after)
    party.state = after
