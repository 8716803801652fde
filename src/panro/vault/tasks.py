"""What workers do with papers. Each is safe to run twice or side by side."""

from __future__ import annotations

from django.tasks import task
from django.utils import timezone

from panro.ui.clock import today


@task
def announce_expiring() -> int:
    """Announce the papers that run out soon; every morning. Returns how many."""
    from panro.vault import expiry  # noqa: PLC0415 - models are loaded by then

    return expiry.announce(today=today(), now=timezone.now())


@task
def clear_unattached() -> int:
    """Destroy files that were chosen for a paper and never handed in; every night. Returns how many."""
    from panro.vault import keeping  # noqa: PLC0415 - same

    return keeping.clear_unattached(now=timezone.now())


@task
def destroy_outlived() -> int:
    """Destroy papers, facts and proofs of consent whose term is over; every night. Returns how many rows."""
    from panro.vault import retention  # noqa: PLC0415 - same

    return retention.destroy_outlived(today(), now=timezone.now())
