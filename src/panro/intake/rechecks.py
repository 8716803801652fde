"""Asking the tax service about everybody who applied, once a round's last day has passed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from panro.editions.models import RoundRow, VersionState
from panro.intake.models import Application
from panro.intake.states import LIVE
from panro.parties.actions import start_recheck
from panro.parties.models import RecheckRun

if TYPE_CHECKING:
    from datetime import date, datetime

RECHECKER: Final = "system:intake_rechecks"
LATEST: Final = timedelta(days=7)
"""How long after its last day a round is still taken up, should the nights before have failed."""


def recheck_closed(today: date, *, now: datetime) -> int:
    """Begin the re-check of every round that has closed and was not re-checked yet; returns how many were begun.

    The rules ask whether a business is open as of the closing date (guide, shared exclusions). Whoever was given more
    time is among the applicants as soon as the application is in; one that comes later is asked by its officer.
    """
    closed = RoundRow.objects.filter(
        programme__version__state=VersionState.PUBLISHED, closes__lt=today, closes__gte=today - LATEST
    ).values_list("programme__version__edition", "programme__version__edition__code", "programme__code", "code")
    rounds = {f"{edition}/{programme}/{code}": (pk, programme, code) for pk, edition, programme, code in closed}
    known = set(RecheckRun.objects.filter(key__in=rounds).values_list("key", flat=True))
    begun = 0
    for key, (edition, programme, code) in sorted(rounds.items()):
        if key not in known:
            rows = Application.objects.filter(edition=edition, programme=programme, round_code=code, state__in=LIVE)
            start_recheck(key, rows.values_list("party_id", flat=True), actor=RECHECKER, now=now)
            begun += 1
    return begun
