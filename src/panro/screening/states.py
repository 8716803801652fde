"""Where the requirement review (요건검토) of a case stands, and how sharply its rules speak."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseState(models.TextChoices):
    """Where a case stands."""

    WAITING = "waiting", _("to be reviewed")
    ASKED = "asked", _("waits for the applicant")
    ELIGIBLE = "eligible", _("eligible")
    INELIGIBLE = "ineligible", _("not eligible")
    LAPSED = "lapsed", _("lapsed")
    WITHDRAWN = "withdrawn", _("withdrawn")


DECIDED: Final = frozenset({CaseState.ELIGIBLE, CaseState.INELIGIBLE, CaseState.LAPSED})
"""What an officer decides; the rest follows from what the applicant does."""
FINAL: Final = DECIDED | {CaseState.WITHDRAWN}
"""A case in one of these has a decision that stands."""
OPEN: Final = frozenset({CaseState.WAITING, CaseState.ASKED})

TRANSITIONS: Final[dict[CaseState, frozenset[CaseState]]] = {
    CaseState.WAITING: DECIDED | {CaseState.ASKED, CaseState.WITHDRAWN},
    CaseState.ASKED: frozenset({CaseState.WAITING, CaseState.WITHDRAWN}),
    CaseState.ELIGIBLE: frozenset({CaseState.WAITING, CaseState.WITHDRAWN}),
    CaseState.INELIGIBLE: frozenset({CaseState.WAITING, CaseState.WITHDRAWN}),
    CaseState.LAPSED: frozenset({CaseState.WAITING, CaseState.WITHDRAWN}),
    CaseState.WITHDRAWN: frozenset(),
}
"""From a state to those that may follow it; the trigger ``screening_case_guard`` holds the same table.

A decided case waits again when it is reopened with a reason, until the review of its round is settled.
"""


class Risk(models.IntegerChoices):
    """How much there is to look at: the sharpest that the rules have answered so far."""

    NOT_ASKED = 0, _("rules not asked yet")
    CLEAR = 1, _("nothing stands against it")
    UNKNOWN = 2, _("something is not known")
    REFUSED = 3, _("a rule says no")


class ConflictKind(models.TextChoices):
    """Why an officer may not judge a case (제척)."""

    OWN_BUSINESS = "own_business", _("own business")
    RELATIVE = "relative", _("business of a relative")
    SAME_ADDRESS = "same_address", _("same address")
