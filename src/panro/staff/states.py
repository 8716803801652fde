"""What people of the agency are, and where an act that takes two of them stands."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody does for the agency. One person may hold several roles."""

    OFFICER = "officer", _("Officer")
    CHIEF = "chief", _("Chief")
    REVIEWER_MANAGER = "reviewer_manager", _("Reviewer manager")
    AUDITOR = "auditor", _("Auditor")
    ENGINEER = "engineer", _("Engineer")


class ApprovalState(models.TextChoices):
    """Where an act that takes two persons stands."""

    OPEN = "open", _("waits for a second person")
    APPROVED = "approved", _("approved and done")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    FAILED = "failed", _("could not be done any more")


TRANSITIONS: Final[dict[ApprovalState, frozenset[ApprovalState]]] = {
    ApprovalState.OPEN: frozenset(
        {ApprovalState.APPROVED, ApprovalState.REFUSED, ApprovalState.WITHDRAWN, ApprovalState.FAILED}
    ),
    ApprovalState.APPROVED: frozenset(),
    ApprovalState.REFUSED: frozenset(),
    ApprovalState.WITHDRAWN: frozenset(),
    ApprovalState.FAILED: frozenset(),
}
"""Every change of state an approval may make."""
