"""Withdrawing what was handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from panro.accounts.lifecycles import leads
from panro.intake import notices
from panro.intake.actions.handed_in import call_for, drop_supplements, enter, lock
from panro.intake.calls import day_for
from panro.intake.errors import WrongStateError
from panro.intake.models import Application
from panro.intake.states import TRANSITIONS, State

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User


def withdraw(application_id: UUID, *, by: User, now: datetime, today: date | None = None, why: str = "") -> Application:
    """Withdraw an application; withdrawing it again changes nothing. Its receipt stays, and stays in the pool.

    Raises:
        Application.DoesNotExist: there is none.
        WrongStateError: it was never handed in, or the results are out.
    """
    (row,) = withdraw_many([application_id], by=by.pk, now=now, today=today, why=why)
    return row


@transaction.atomic
def withdraw_many(
    application_ids: Collection[UUID],
    *,
    by: UUID,
    now: datetime,
    today: date | None = None,
    why: str = "",
    tell: bool = True,
) -> list[Application]:
    """Withdraw applications, in the order of their ids; as `withdraw`. Four statements, and one entry each."""
    found = lock(application_ids)
    day = day_for(now, today)
    leaving = []
    for row in found.values():
        if row.state == State.WITHDRAWN:
            continue
        if not leads(TRANSITIONS, row.state, State.WITHDRAWN):
            raise WrongStateError.not_handed_in()
        if day >= call_for(row).round_.results_on:
            raise WrongStateError.results_are_out()
        leaving.append(row)
    ids = [row.pk for row in leaving]
    if ids:
        drop_supplements(ids, now=now)
        Application.objects.filter(pk__in=ids).update(
            state=State.WITHDRAWN, withdrawn_at=now, withdrawn_why=why, revision=F("revision") + 1
        )
    for row in leaving:
        row.state, row.withdrawn_at, row.withdrawn_why, row.revision = State.WITHDRAWN, now, why, row.revision + 1
        enter("application_withdrawn", row, actor=str(by), now=now)
    if tell:
        notices.tell(
            [notices.withdrawn(row, call_for(row), receipt_no=row.receipt.receipt_no) for row in leaving], now=now
        )
    return list(found.values())
