"""The quiet hours: no advertising from 21:00 to 08:00 in Korea.

Act on Promotion of Information and Communications Network Utilization and Information Protection (Network Utilization
Act), art. 50 (3). The law leaves mail out of it; this house does not, because a telephone sounds for a mail too.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

KOREA: Final = ZoneInfo("Asia/Seoul")
BEGIN: Final = time(21)
END: Final = time(8)
CONSENT_YEARS: Final = 2
"""Consent to advertising must be confirmed every two years (same article, paragraph 8)."""


def is_quiet(moment: datetime) -> bool:
    """Whether an advertisement must wait. 21:00:00 is quiet, 08:00:00 is not."""
    clock = moment.astimezone(KOREA).time()
    return clock >= BEGIN or clock < END


def earliest(moment: datetime) -> datetime:
    """Return the first moment, from this one on, at which an advertisement may leave."""
    if not is_quiet(moment):
        return moment
    here = moment.astimezone(KOREA)
    day = here.date() + timedelta(days=1) if here.time() >= BEGIN else here.date()
    return datetime.combine(day, END, tzinfo=KOREA).astimezone(moment.tzinfo)


def consents(since: datetime | None, moment: datetime) -> bool:
    """Whether a consent given at ``since`` still counts: up to the same day two years later, that day left out."""
    if since is None or moment < since:
        return False
    given = since.astimezone(KOREA).date()
    try:
        ends = given.replace(year=given.year + CONSENT_YEARS)
    except ValueError:  # given on 29 February
        ends = given.replace(year=given.year + CONSENT_YEARS, day=28)
    return moment.astimezone(KOREA).date() < ends
