"""Asking applicants for what is missing, and giving one of them more time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from panro.intake import actions as intake
from panro.intake.models import Application
from panro.screening.access import check_officer
from panro.screening.actions.locking import enter_refused, judged, over, refusal, waits
from panro.screening.errors import ReasonMissingError, RefusedError
from panro.screening.models import Case
from panro.screening.refusals import Refusal, Why
from panro.screening.states import CaseState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.intake.actions import Asked
    from panro.intake.models import Extension


@dataclass(frozen=True, slots=True)
class Waited:
    """Which applicants were asked, and which cases were left out."""

    asked: tuple[UUID, ...]
    refused: tuple[Refusal, ...]


@transaction.atomic
def ask(cases: Collection[UUID], items: Sequence[Asked], *, due: date, by: User, now: datetime, today: date) -> Waited:
    """Ask the applicants of cases for the same things; the agency's clock stands still until they answer.

    Raises:
        PermissionDenied: neither officer nor chief.
        DayError: the last day lies before today, or after the last for supplements of a round.
        WrongStateError: nothing is asked for.
    """
    free, refused = judged(cases, by)
    rows = Application.objects.select_for_update(of=("self",)).filter(pk__in=free).order_by("pk")
    states = dict(rows.values_list("pk", "state"))
    asking = {}
    for key, case in free.items():
        why = over(case, states[key]) or (Why.WAITS if waits(case, states[key]) else None)
        if why is None:
            asking[key] = case
        else:
            refused.append(refusal(case, why))
    if asking:
        intake.ask_supplements(
            [intake.Request(key, tuple(items), due) for key in asking], by=by.pk, now=now, today=today
        )
        Case.objects.filter(pk__in=asking).update(state=CaseState.ASKED, due=due, revision=F("revision") + 1)
    enter_refused("ask", refused, by=by, now=now)
    return Waited(tuple(asking), tuple(refused))


def extend(case_id: UUID, *, until: date, reason: str, by: User, now: datetime, today: date) -> Extension:
    """Give the applicant of a case more time to hand in, as `panro.intake.actions.extend`.

    Raises:
        PermissionDenied: neither officer nor chief.
        ReasonMissingError: no reason.
        RefusedError: the officer may not judge this applicant, or there is no such case.
        DayError: the day lies outside of what the notice allows.
        NotOpenError: the pool of the round is frozen.
    """
    check_officer(by)
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        free, refused = judged([case_id], by)
        enter_refused("extend", refused, by=by, now=now)
        if not refused:
            row = Application.objects.select_related("version", "party").get(pk=free[case_id].pk)
            return intake.extend(
                row.party,
                row.version,
                row.programme,
                row.round_code,
                until=until,
                reason=reason.strip(),
                by=by,
                now=now,
                today=today,
            )
    raise RefusedError(refused)
