"""Who may do what for a party."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from panro.parties.models import Membership
from panro.parties.states import PartyState, Role

if TYPE_CHECKING:
    from uuid import UUID

    from panro.accounts.models import User


class Right(enum.StrEnum):
    """What may be done: look, prepare, hand in, decide who else may."""

    VIEW = "view"
    EDIT = "edit"
    SUBMIT = "submit"
    MANAGE = "manage"


RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    Role.STAFF: frozenset({Right.VIEW, Right.EDIT}),
    Role.MANAGER: frozenset({Right.VIEW, Right.EDIT, Right.SUBMIT}),
    Role.OWNER: frozenset(Right),
}
"""Staff prepares, a manager also hands in, an owner also decides on members, consents and signatures."""


def membership(user: User, party_id: UUID) -> Membership | None:
    """Return what somebody is to an active party, with the party and its kind; None to a stranger. One query."""
    if not user.is_active:
        return None
    return (
        Membership.objects.select_related(
            "party", "party__business", "party__organisation", "party__person", "party__consortium"
        )
        .filter(user=user, party=party_id, party__state=PartyState.ACTIVE)
        .first()
    )


def may(membership: Membership | None, right: Right) -> bool:
    """Whether a membership carries a right; none carries nothing."""
    return membership is not None and right in RIGHTS[Role(membership.role)]
