"""Answers of the tax service become facts, in the transaction that stores them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from panro.parties.states import TaxStatus
from panro.rules.eligibility import keys
from panro.ui.clock import day_of, pretended_day
from panro.vault.actions import Statement, state_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from panro.parties.models import StatusCheck
    from panro.rules.facts import FactValue

ACTOR: Final = "system:tax_service"


def note_checks(checks: Sequence[StatusCheck]) -> None:
    """State what the tax service said of the status of businesses, for the day in Seoul on which it was asked."""
    if not checks:
        return
    told = [
        Statement(
            check.party_id,
            keys.OPERATING,
            _status(check),
            as_of=pretended_day() or day_of(check.asked_at),
            source=check.source,
            looked_up=True,
        )
        for check in checks
    ]
    state_facts(told, by=ACTOR, now=max(check.asked_at for check in checks))


def _status(check: StatusCheck) -> FactValue:
    if check.status == TaxStatus.UNREGISTERED:
        return None
    return {"status": check.status, "ended_on": None if check.ended_on is None else check.ended_on.isoformat()}
