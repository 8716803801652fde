"""What is done to accounts by itself."""

from __future__ import annotations

import time

from django.tasks import task

from panro.accounts import limits


@task
def clear_limits() -> int:
    """Forget attempts that no longer count; every night. Returns how many counts are gone."""
    return limits.clear(time.time())
