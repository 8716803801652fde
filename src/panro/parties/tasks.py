"""What workers do for this room. Each is quick when there is nothing to do, and safe to run twice or side by side."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.tasks import task
from django.utils import timezone

from panro.parties import conf
from panro.parties.actions.members import expire_invitations
from panro.parties.asking import ask_due
from panro.parties.taxservice.odcloud import OdcloudTaxService

LONGEST: Final = timedelta(seconds=50)
"""A run asks for so long; what is left is asked by the next one, a minute later."""


@task
def ask_tax_service() -> int:
    """Ask the tax service what is due; every minute, and right after something was asked for."""
    account = conf.tax_account()
    if account is None:
        return 0
    return ask_due(
        OdcloudTaxService(account),
        calls_per_day=account.calls_per_day,
        clock=timezone.now,
        until=timezone.now() + LONGEST,
    )


@task
def expire() -> int:
    """Mark invitations that nobody answered in time; every night."""
    return expire_invitations(now=timezone.now())
