"""Officers may look at the papers of applicants whose cases lie at the desk; applicants read who did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from panro.record import access_log
from panro.screening.access import READ, conflicts
from panro.screening.models import Case
from panro.staff import access

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest

    from panro.accounts.models import User

OPENED: Final = "case_opened"
WHY: Final = "신청서 요건검토"
"""For what work papers are looked at; kept in the log, so in the applicants' language."""


def may_see(user: User, party: UUID) -> str:
    """Say why somebody may see an applicant's papers; the rule of this room for the vault."""
    if not access.has(user, *READ):
        return ""
    cases = list(Case.objects.filter(party=party).only("pk", "party_id", "business_number", "address_digest"))
    return WHY if cases and not conflicts(user, cases) else ""


def note_opened(request: HttpRequest, case: Case, *, now: datetime) -> None:
    """Write into the log of personal data that somebody opened a case."""
    access_log.note(
        actor=str(request.user.pk),
        party=f"party:{case.party_id}",
        what=OPENED,
        why=WHY,
        at=now,
        now=now,
        source=request.META.get("REMOTE_ADDR", ""),
    )
