"""The lifecycles of an application (신청) and of a request for supplements (보완)."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an application stands."""

    DRAFT = "draft", _("being written")
    MISSED = "missed", _("not submitted in time")
    SUBMITTED = "submitted", _("submitted")
    SUPPLEMENTING = "supplementing", _("to be completed")
    CLOSED = "closed", _("under review")
    WITHDRAWN = "withdrawn", _("withdrawn")


TRANSITIONS: Final[dict[State, frozenset[State]]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.MISSED}),
    State.MISSED: frozenset({State.DRAFT}),
    State.SUBMITTED: frozenset({State.SUPPLEMENTING, State.WITHDRAWN, State.CLOSED}),
    State.SUPPLEMENTING: frozenset({State.SUBMITTED, State.CLOSED, State.WITHDRAWN}),
    State.CLOSED: frozenset({State.SUPPLEMENTING, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}
"""From a state to those that may follow it; the trigger ``intake_application_guard`` holds the same table.

Closed means taken into the frozen pool. Its requirement review (요건검토) may still ask for supplements, after which
the application is closed again. A missed draft becomes one again when its applicant is given more time.
"""

LIVE: Final = frozenset({State.SUBMITTED, State.SUPPLEMENTING, State.CLOSED})
"""An applicant has at most one of these in a round."""
HANDED_IN: Final = LIVE | {State.WITHDRAWN}
"""These have a receipt."""


class SupplementState(models.TextChoices):
    """Where a request for supplements stands."""

    ASKED = "asked", _("waiting for the applicant")
    ANSWERED = "answered", _("answered")
    EXPIRED = "expired", _("not answered in time")
    DROPPED = "dropped", _("no longer needed")


SUPPLEMENT_TRANSITIONS: Final[dict[SupplementState, frozenset[SupplementState]]] = {
    SupplementState.ASKED: frozenset({SupplementState.ANSWERED, SupplementState.EXPIRED, SupplementState.DROPPED}),
    SupplementState.ANSWERED: frozenset(),
    SupplementState.EXPIRED: frozenset(),
    SupplementState.DROPPED: frozenset(),
}
"""The same for a request for supplements; it is dropped when its application is withdrawn."""
