"""Who holds a registration number: read and changed under the lock of the number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from panro.accounts.lifecycles import check
from panro.parties.models import Business, Dispute, Organisation, Party
from panro.parties.states import HOLDING, STANDINGS, DisputeState, Kind, Standing

if TYPE_CHECKING:
    from uuid import UUID


def detail_of(party: Party) -> Business | Organisation:
    """Return the row that says whether a business or an organisation is proved, locked.

    Raises:
        ValueError: a person or a consortium has no such row.
    """
    if party.kind == Kind.BUSINESS:
        return Business.objects.select_for_update().get(party=party)
    if party.kind == Kind.ORGANISATION:
        return Organisation.objects.select_for_update().get(party=party)
    raise ValueError(f"a {party.kind} is not proved")


def holder_of(number: str) -> Party | None:
    """Return the party that has proved to bear a number; None if nobody has, or the number is empty."""
    if not number:
        return None
    business = Business.objects.filter(party=OuterRef("pk"), business_number=number, standing__in=HOLDING)
    organisation = Organisation.objects.filter(party=OuterRef("pk"), business_number=number, standing__in=HOLDING)
    return Party.objects.filter(Exists(business) | Exists(organisation)).first()


def set_standing(detail: Business | Organisation, standing: Standing) -> None:
    """Change a standing, as its table allows; nothing happens if it is that already."""
    if detail.standing != standing:
        check(STANDINGS, detail.standing, standing)
        detail.standing = standing
        detail.save(update_fields=["standing"])


def settle_standing(holder: Party) -> None:
    """Give a holder the standing that fits its open disputes."""
    is_disputed = Dispute.objects.filter(holder=holder, state=DisputeState.OPEN).exists()
    detail = detail_of(holder)
    if detail.standing in HOLDING:
        set_standing(detail, Standing.DISPUTED if is_disputed else Standing.VERIFIED)


def number_of(party_id: UUID) -> str:
    """Return the registration number of a party; empty if it has none."""
    number = Business.objects.filter(party=party_id).values_list("business_number", flat=True).first()
    if number is None:
        number = Organisation.objects.filter(party=party_id).values_list("business_number", flat=True).first()
    return number or ""
