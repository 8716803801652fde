"""Who may see a party's papers and facts.

Its members with the right to look; and whoever a room above lets in (an officer who reviews its application, a reviewer
on its panel), for a reason that is written into the log the party reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from panro.parties.access import Right, may, membership
from panro.record import access_log
from panro.vault.errors import NotAnOfficerError
from panro.vault.models import Paper
from panro.vault.seams import Seam
from panro.vault.states import PaperState

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest

    from panro.accounts.models import User
    from panro.files.models import StoredFile

    type MaySee = Callable[[User, UUID], str]

OPENED: Final = "paper_opened"
may_see: Final[Seam[MaySee]] = Seam()
"""Rules of rooms above: given account and party, why it may see the party's papers, in words for the party; empty if
it may not. A rule that rests on a consent asks for it each time, so that a withdrawal holds at once."""


def reason_to_see(user: User, party: UUID) -> str:
    """Return why somebody outside of a party may see its papers and facts; empty if nothing allows it."""
    if not user.is_active:
        return ""
    return next((why for rule in may_see if (why := rule(user, party))), "")


def is_member(user: User, party: UUID, right: Right = Right.VIEW) -> bool:
    """Whether somebody acts for a party and may look at its papers."""
    return may(membership(user, party), right)


def require_officer(user: User) -> None:
    """Refuse whoever does not work for the agency.

    Raises:
        NotAnOfficerError: the account is no active officer's.
    """
    if not (user.is_active and user.is_staff):
        raise NotAnOfficerError(_("Only an officer may do this."))


def may_open_file(user: User, file: StoredFile) -> bool:
    """Whether somebody may open the file of a paper; the rule of the purpose ``vault_paper``."""
    parties = _parties(file)
    if not parties:
        return file.owner_id == user.pk  # chosen a moment ago, and not handed in yet
    return any(is_member(user, party) or reason_to_see(user, party) for party in parties)


def note_opening(request: HttpRequest, file: StoredFile) -> None:
    """Write into the log of personal data that somebody outside of the party opens a file."""
    user = request.user
    now = timezone.now()
    for party in _parties(file):
        if is_member(user, party):  # type: ignore[arg-type] # `may_open_file` has seen the account
            continue
        if why := reason_to_see(user, party):  # type: ignore[arg-type] # same
            access_log.note(
                actor=str(user.pk),
                party=f"party:{party}",
                what=OPENED,
                why=why,
                at=now,
                now=now,
                source=request.META.get("REMOTE_ADDR", ""),
            )


def _parties(file: StoredFile) -> list[UUID]:
    papers = Paper.objects.filter(file=file).exclude(state=PaperState.DESTROYED)
    return list(papers.order_by("party").values_list("party", flat=True).distinct())
