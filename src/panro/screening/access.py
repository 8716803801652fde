"""Who may do what at the desk, and what an officer may not judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied

from panro.parties.addresses import address_digest
from panro.parties.models import Membership
from panro.screening.models import StaffConflict
from panro.screening.states import ConflictKind
from panro.staff import access
from panro.staff.states import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from panro.accounts.models import User
    from panro.screening.models import Case

DECIDE: Final = frozenset({Role.OFFICER, Role.CHIEF})
"""Who works at the desk."""
READ: Final = DECIDE | {Role.AUDITOR}
"""Who may look at it."""


def check_officer(user: User) -> None:
    """Refuse who does not work at the desk.

    Raises:
        PermissionDenied: neither officer nor chief.
    """
    if not access.has(user, *DECIDE):
        raise PermissionDenied


def may_decide(user: User) -> bool:
    """Whether somebody works at the desk."""
    return access.has(user, *DECIDE)


def conflicts(user: User, cases: Iterable[Case]) -> dict[UUID, ConflictKind]:
    """Return which of some cases somebody may not judge, and why. Two queries, however many cases.

    A business is one's own where one acts for it; its address is one's own too.
    """
    mine = list(
        Membership.objects.filter(user=user).select_related("party__business", "party__organisation").order_by("pk")
    )
    parties = {one.party_id for one in mine}
    numbers: dict[str, ConflictKind] = {}
    addresses = {digest for one in mine if (digest := address_digest(_address(one)))}
    for one in StaffConflict.objects.filter(user=user, ended_at=None).order_by("-kind", "pk"):
        if one.address_digest:
            addresses.add(one.address_digest)
        elif numbers.get(one.business_number) != ConflictKind.OWN_BUSINESS:
            numbers[one.business_number] = ConflictKind(one.kind)
    found: dict[UUID, ConflictKind] = {}
    for case in cases:
        if case.party_id in parties:
            found[case.pk] = ConflictKind.OWN_BUSINESS
        elif case.business_number and case.business_number in numbers:
            found[case.pk] = numbers[case.business_number]
        elif case.address_digest and case.address_digest in addresses:
            found[case.pk] = ConflictKind.SAME_ADDRESS
    return found


def _address(member: Membership) -> str:
    party = member.party
    for kind in ("business", "organisation"):
        row = getattr(party, kind, None)
        if row is not None:
            return str(row.address)
    return ""
