"""Who may see and do what after publication; each predicate reads like a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404

from panro.parties import access
from panro.parties.views.guard import Acting
from panro.record import access_log
from panro.selection.after import queries
from panro.staff.states import Role

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest

    from panro.accounts.models import User
    from panro.intake.models import Application
    from panro.parties.access import Right
    from panro.selection.models import Letter

READ: Final = (Role.OFFICER, Role.CHIEF, Role.AUDITOR)
"""Who reads letters, offers and objections in the office."""
DECIDE: Final = (Role.OFFICER, Role.CHIEF)
"""Who offers places and decides objections."""
WHY_LETTER: Final = "선정 결과 통지"
WHY_OBJECTION: Final = "이의신청 처리"
"""For what work personal data are looked at; kept in the log, so in the applicants' language."""


def acting_for(user: User, application: Application, right: Right) -> Acting:
    """Return who acts for the applicant of an application.

    Raises:
        Http404: a stranger, who does not learn that it exists.
        PermissionDenied: a member whose role lacks the right.
    """
    member = access.membership(user, application.party_id)
    if member is None:
        raise Http404
    if not access.may(member, right):
        raise PermissionDenied
    return Acting(user, member.party, member)


def own_letter(user: User, pk: UUID, right: Right) -> tuple[Letter, Acting]:
    """Return a letter to a party of somebody's, and as what they read it.

    Raises:
        Http404: there is none, or it is somebody else's.
        PermissionDenied: as :func:`acting_for`.
    """
    letter = queries.letter(pk)
    if letter is None:
        raise Http404
    return letter, acting_for(user, letter.application, right)


def note_seen(request: HttpRequest, application: Application, what: str, why: str, *, now: datetime) -> None:
    """Write into the log of personal data that somebody of the office saw what belongs to an applicant."""
    access_log.note(
        actor=str(request.user.pk),
        party=f"party:{application.party_id}",
        what=what,
        why=why,
        at=now,
        now=now,
        source=request.META.get("REMOTE_ADDR", ""),
    )
