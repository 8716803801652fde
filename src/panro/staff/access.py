"""What somebody may do for the agency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.staff.models import StaffRole
from panro.staff.states import Role

if TYPE_CHECKING:
    from panro.accounts.models import User

_KNOWN = "_panro_staff_roles"


def roles(user: User) -> frozenset[Role]:
    """Return the roles that somebody holds. One query for each user object, none after that."""
    known: frozenset[Role] | None = getattr(user, _KNOWN, None)
    if known is None:
        known = frozenset()
        if user.is_active and user.is_staff:
            held = StaffRole.objects.filter(user=user, ended_at=None).values_list("role", flat=True)
            known = frozenset(Role(role) for role in held)
        setattr(user, _KNOWN, known)
    return known


def has(user: User, *wanted: Role) -> bool:
    """Whether somebody holds one of some roles."""
    return not roles(user).isdisjoint(wanted)


def forget(user: User) -> None:
    """Ask the database again next time, because the roles have changed."""
    if hasattr(user, _KNOWN):
        delattr(user, _KNOWN)
