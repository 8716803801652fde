"""What keeps somebody from closing an account: others who would be left without an owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from panro.korea.text import Text
from panro.parties.models import Membership
from panro.parties.states import Kind, PartyState, Role

if TYPE_CHECKING:
    from uuid import UUID


def left_without_owner(user: UUID) -> list[Text]:
    """Name the active businesses, organisations and consortia whose last owner somebody is. One query.

    Who stands for nobody but oneself may go: that party is the person.
    """
    other_owner = Membership.objects.filter(party=OuterRef("party"), role=Role.OWNER).exclude(user=user)
    last = (
        Membership.objects.filter(user=user, role=Role.OWNER, party__state=PartyState.ACTIVE)
        .exclude(party__kind=Kind.PERSON)
        .exclude(Exists(other_owner))
        .select_related("party")
        .order_by("party__name", "party_id")
    )
    return [
        Text(
            ko=f"‘{one.party.name}’의 하나뿐인 대표 회원입니다. 다른 사람을 먼저 대표 회원으로 정해 주세요.",
            en=f"You are the only owner of “{one.party.name}”. Make somebody else an owner first.",
        )
        for one in last
    ]
