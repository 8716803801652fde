"""Why an act over many cases leaves one of them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from panro.screening.states import ConflictKind

if TYPE_CHECKING:
    from uuid import UUID

    from django.utils.functional import _StrPromise


class Why(models.TextChoices):
    """The reason for leaving a case out; its label tells the officer what to do."""

    NO_CASE = "no_case", _("There is no such case.")
    OWN_BUSINESS = "own_business", _("This is your own business. A colleague has to judge it.")
    RELATIVE = "relative", _("You declared a relative here. A colleague has to judge it.")
    SAME_ADDRESS = "same_address", _("The address is one of yours. A colleague has to judge it.")
    SETTLED = "settled", _("The requirement review of this round is settled.")
    WITHDRAWN = "withdrawn", _("The applicant has withdrawn.")
    DECIDED = "decided", _("This is decided already. To change it, reopen it with a reason.")
    NOT_DECIDED = "not_decided", _("This is not decided, so there is nothing to reopen.")
    STALE = "stale", _("Somebody changed this case in between. Please look at it again.")
    WAITS = "waits", _("The applicant is asked for something and still has time.")
    NOT_ASKED = "not_asked", _("The rules were not asked at every moment yet. Ask them first.")
    RULES_DIFFER = "rules_differ", _("The rules say otherwise. State the fact that is wrong, then ask the rules again.")
    TOO_EARLY = "too_early", _("The time for supplements is not over, so this cannot lapse yet.")


OF_CONFLICT: Final = {
    ConflictKind.OWN_BUSINESS: Why.OWN_BUSINESS,
    ConflictKind.RELATIVE: Why.RELATIVE,
    ConflictKind.SAME_ADDRESS: Why.SAME_ADDRESS,
}
CONFLICTS: Final = frozenset(OF_CONFLICT.values())
"""These are written into the record: somebody tried to judge what they may not."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One case that was left out."""

    case: UUID
    name: str
    receipt_no: str
    why: Why

    @property
    def text(self) -> _StrPromise | str:
        """What is wrong, and what to do."""
        return self.why.label
