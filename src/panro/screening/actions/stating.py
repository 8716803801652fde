"""An officer states a fact about an applicant, where what is known is wrong or missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from panro.record.actions import record
from panro.screening.access import check_officer
from panro.screening.actions.locking import enter_refused, judged, public_of, refusal
from panro.screening.errors import ReasonMissingError, RefusedError
from panro.screening.models import Case, FactOverride
from panro.screening.refusals import Why
from panro.screening.states import FINAL
from panro.vault.actions import Statement, state_facts
from panro.vault.knowledge import OFFICER
from panro.vault.shapes import shaped

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.rules.facts import FactValue


@dataclass(frozen=True, slots=True)
class Override:
    """What is stated of the applicant of one case, and why; ``revision`` is the one the officer looked at."""

    case: UUID
    revision: int
    key: str
    value: FactValue
    as_of: date
    reason: str


def override_fact(stated: Override, *, by: User, now: datetime, today: date) -> FactOverride:
    """State a fact with the source ``officer``; it counts as looked up for ``as_of``. The rules are asked again after.

    What other sources say stays; which of them counts is a matter of their precedence.

    Raises:
        PermissionDenied: neither officer nor chief.
        ReasonMissingError: no reason.
        RefusedError: the case is decided, has changed, or is none that this officer may judge.
        UnknownFactError, BadValueError, VaultError: as `panro.vault.actions.state_facts`.
    """
    check_officer(by)
    if not stated.reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        free, barred = judged([stated.case], by)
        barred += [refusal(case, why) for case in free.values() if (why := _why_not(case, stated)) is not None]
        enter_refused("override_fact", barred, by=by, now=now)
        if not barred:
            return _write(free[stated.case], stated, by=by, now=now, today=today)
    raise RefusedError(barred)


def _why_not(case: Case, stated: Override) -> Why | None:
    if case.state in FINAL:
        return Why.DECIDED
    return Why.STALE if case.revision != stated.revision else None


def _write(case: Case, stated: Override, *, by: User, now: datetime, today: date) -> FactOverride:
    value = shaped(stated.key, stated.value)
    told = Statement(
        case.party_id,
        stated.key,
        value,
        stated.as_of,
        OFFICER,
        looked_up=True,
    )
    state_facts([told], by=by, now=now, today=today)
    made = FactOverride.objects.create(
        case=case,
        key=stated.key,
        value=value,
        as_of=stated.as_of,
        reason=stated.reason.strip(),
        stated_by=by,
        stated_at=now,
    )
    Case.objects.filter(pk=case.pk).update(revision=F("revision") + 1)
    record(
        "fact_overridden",
        actor=str(by.pk),
        subject=f"application:{case.pk}",
        at=now,
        now=now,
        public=public_of(case, key=stated.key),
        payload={"value": value, "as_of": stated.as_of.isoformat(), "reason": made.reason},
    )
    return made
