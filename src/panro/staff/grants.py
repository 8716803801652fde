"""Granting and ending roles: itself an act that takes two persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from panro.accounts.models import User
from panro.record.actions import record
from panro.staff import access
from panro.staff.acts import Act, StaleError, register
from panro.staff.models import StaffRole
from panro.staff.states import Role

if TYPE_CHECKING:
    from datetime import datetime

    from panro.staff.acts import Payload
    from panro.staff.models import Approval

GRANT = "role_grant"
END = "role_end"
BY_OPERATOR = "system:cli"


class UnknownPersonError(LookupError):
    """Nobody has this address; names it."""


@transaction.atomic
def grant(email: str, role: Role, *, granted_by: str, now: datetime) -> StaffRole:
    """Give somebody a role. Who holds it already keeps it; the account becomes one of staff.

    Raises:
        UnknownPersonError: no active account has this address.
    """
    user = _person(email)
    held, made = StaffRole.objects.get_or_create(
        user=user, role=role, ended_at=None, defaults={"granted_at": now, "granted_by": granted_by}
    )
    if made:
        if not user.is_staff:
            user.is_staff = True
            user.save(update_fields=["is_staff"])
        _enter("role_granted", held, granted_by, now)
        access.forget(user)
    return held


@transaction.atomic
def end(email: str, role: Role, *, ended_by: str, now: datetime) -> StaffRole | None:
    """End a role; None if it was not held. With the last one the account stops being one of staff.

    Raises:
        UnknownPersonError: no active account has this address.
    """
    user = _person(email)
    held = StaffRole.objects.select_for_update().filter(user=user, role=role, ended_at=None).first()
    if held is None:
        return None
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    if not user.is_superuser and not StaffRole.objects.filter(user=user, ended_at=None).exists():
        user.is_staff = False
        user.save(update_fields=["is_staff"])
    _enter("role_ended", held, ended_by, now)
    access.forget(user)
    return held


def register_acts() -> None:
    """Declare both acts: a chief or an engineer proposes, another chief approves."""
    proposing = frozenset({Role.CHIEF, Role.ENGINEER})
    approving = frozenset({Role.CHIEF})
    register(Act(GRANT, gettext_lazy("Give a role"), proposing, approving, _described, _grant_approved))
    register(Act(END, gettext_lazy("End a role"), proposing, approving, _described, _end_approved))


def _described(payload: Payload) -> list[tuple[str, str]]:
    return [(_("Person"), str(payload["email"])), (_("Role"), str(Role(str(payload["role"])).label))]


def _grant_approved(approval: Approval, by: User, now: datetime) -> None:
    email, role = _particulars(approval)
    try:
        grant(email, role, granted_by=str(by.pk), now=now)
    except UnknownPersonError as missing:
        raise StaleError(_("No active account has the address %(email)s any more.") % {"email": email}) from missing


def _end_approved(approval: Approval, by: User, now: datetime) -> None:
    email, role = _particulars(approval)
    try:
        ended = end(email, role, ended_by=str(by.pk), now=now)
    except UnknownPersonError as missing:
        raise StaleError(_("No active account has the address %(email)s any more.") % {"email": email}) from missing
    if ended is None:
        raise StaleError(_("%(email)s does not hold this role any more.") % {"email": email})


def _particulars(approval: Approval) -> tuple[str, Role]:
    return str(approval.payload["email"]), Role(str(approval.payload["role"]))


def _person(email: str) -> User:
    user = User.objects.select_for_update().filter(email=User.objects.normalize_email(email), is_active=True).first()
    if user is None:
        raise UnknownPersonError(email)
    return user


def _enter(act: str, held: StaffRole, actor: str, now: datetime) -> None:
    record(act, actor=actor, subject=f"account:{held.user_id}", at=now, now=now, public={"role": held.role})
