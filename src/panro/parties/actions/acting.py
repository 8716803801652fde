"""The beginning of every act for a party: lock it, and see that whoever acts may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.korea.text import Text
from panro.parties import access
from panro.parties.actions.locks import lock_party
from panro.parties.errors import NotAllowedError, PartyError
from panro.parties.models import Membership, Party
from panro.parties.states import PartyState
from panro.record.actions import record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.parties.access import Right
    from panro.proof.canonical import Json


def act_for(party: UUID, user: User, right: Right) -> tuple[Party, Membership]:
    """Return the party, locked, and what the account is to it.

    Raises:
        NotAllowedError: the party is closed or unknown, or the role does not carry the right.
    """
    try:
        locked = lock_party(party)
    except Party.DoesNotExist:
        raise NotAllowedError from None
    member = Membership.objects.filter(user=user, party=locked).first()
    if locked.state != PartyState.ACTIVE or member is None or not access.may(member, right):
        raise NotAllowedError
    return locked, member


def note(
    act: str,
    party: UUID,
    by: User | str,
    now: datetime,
    *,
    public: Mapping[str, Json] | None = None,
    payload: Mapping[str, Json] | None = None,
) -> None:
    """Write an act of or on a party into the record."""
    record(
        act,
        actor=by if isinstance(by, str) else str(by.pk),
        subject=f"party:{party}",
        at=now,
        now=now,
        public=public,
        payload=payload,
    )


def refuse_partial(officer: User, *parties: Party) -> None:
    """Refuse whoever is no officer, or decides in an own matter.

    Raises:
        NotAllowedError: either of it.
    """
    own = Membership.objects.filter(user=officer, party__in=parties).exists()
    if not officer.is_staff or not officer.is_active or own:
        raise NotAllowedError


def needed_reason(reason: str) -> str:
    """Return a reason without spaces around it.

    Raises:
        PartyError: there is none.
    """
    if not reason.strip():
        raise PartyError(Text(ko="결정한 까닭을 적어 주세요.", en="Please say why you decide so."))
    return reason.strip()
