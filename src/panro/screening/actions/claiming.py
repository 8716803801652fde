"""Taking cases upon oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from panro.record.actions import Deed, record_many
from panro.screening.actions.locking import enter_refused, judged, public_of
from panro.screening.models import Case

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.screening.refusals import Refusal


@transaction.atomic
def claim(cases: Collection[UUID], *, by: User, now: datetime) -> list[Refusal]:
    """Take cases upon oneself, also a colleague's; returns those that were left out.

    Raises:
        PermissionDenied: neither officer nor chief.
    """
    free, refused = judged(cases, by)
    taken = {key: case for key, case in free.items() if case.officer_id != by.pk}
    Case.objects.filter(pk__in=taken).update(officer=by, revision=F("revision") + 1)
    record_many(
        [
            Deed("case_claimed", str(by.pk), f"application:{key}", now, public=public_of(case))
            for key, case in taken.items()
        ],
        now=now,
    )
    enter_refused("claim", refused, by=by, now=now)
    return refused
