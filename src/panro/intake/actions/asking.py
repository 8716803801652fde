"""Asking an applicant for what is missing (보완 요청), item by item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from panro.accounts.lifecycles import leads
from panro.intake import notices
from panro.intake.actions.handed_in import BATCH, call_for, enter, lock
from panro.intake.calls import day_for
from panro.intake.errors import DayError, WrongStateError
from panro.intake.models import Application, ItemKind, Supplement, SupplementItem
from panro.intake.states import TRANSITIONS, State, SupplementState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to ask for: a document or a question, by code, and why, in words for the applicant."""

    kind: ItemKind
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of one application, and the last day for it."""

    application: UUID
    items: tuple[Asked, ...]
    due: date


def ask_supplement(
    application_id: UUID,
    items: Sequence[Asked],
    *,
    due: date,
    by: User,
    now: datetime,
    today: date | None = None,
) -> Supplement:
    """Ask the applicant for what is missing; the agency's clock stands still until it is answered.

    Raises:
        Application.DoesNotExist: there is none.
        WrongStateError: it is not handed in, or an officer's request is open. One that waits for papers which its
            applicant promised may be asked for more.
        DayError: the last day lies before today or after the round's own (``supplement_until``).
    """
    (asked,) = ask_supplements([Request(application_id, tuple(items), due)], by=by.pk, now=now, today=today)
    return asked


@transaction.atomic
def ask_supplements(
    requests: Sequence[Request], *, by: UUID, now: datetime, today: date | None = None, tell: bool = True
) -> list[Supplement]:
    """Ask applicants for what is missing, in the order given; as `ask_supplement`."""
    day = day_for(now, today)
    found = lock([one.application for one in requests])
    open_ = Supplement.objects.filter(application__in=found, state=SupplementState.ASKED, promised=False)
    asked_already = set(open_.values_list("application_id", flat=True))
    for one in requests:
        row, last = found[one.application], call_for(found[one.application]).round_.supplement_until
        waits = row.state == State.SUPPLEMENTING and row.pk not in asked_already
        if not one.items or not (waits or leads(TRANSITIONS, row.state, State.SUPPLEMENTING)):
            raise WrongStateError.not_handed_in()
        if not day <= one.due <= last:
            raise DayError(day, last)
    made, items = open_requests(requests, dict.fromkeys(found, by), now=now)
    for one in requests:
        enter("supplement_asked", found[one.application], actor=str(by), now=now, due=one.due.isoformat())
    if tell:
        of = {asked.pk: [item for item in items if item.supplement_id == asked.pk] for asked in made}
        notices.tell(
            [
                notices.supplement(
                    row := found[asked.application_id],
                    call_for(row),
                    asked=asked.pk,
                    items=of[asked.pk],
                    due=asked.due,
                    receipt_no=row.receipt.receipt_no,
                )
                for asked in made
            ],
            now=now,
        )
    return made


def open_requests(
    requests: Sequence[Request], by: Mapping[UUID, UUID], *, now: datetime, promised: bool = False
) -> tuple[list[Supplement], list[SupplementItem]]:
    """Write requests for locked applications, in the order given; these wait from now on. Three statements.

    Args:
        requests: which; no application twice.
        by: the account that asks, by application.
        now: the moment.
        promised: whether the applicants themselves said that this would follow.
    """
    made = Supplement.objects.bulk_create(
        Supplement(
            application_id=one.application,
            due=one.due,
            asked_by_id=by[one.application],
            clock_stopped=now,
            promised=promised,
        )
        for one in requests
    )
    items = [
        SupplementItem(supplement=asked, position=place, kind=item.kind, code=item.code, why=item.why)
        for asked, one in zip(made, requests, strict=True)
        for place, item in enumerate(one.items, 1)
    ]
    SupplementItem.objects.bulk_create(items, batch_size=BATCH)
    Application.objects.filter(pk__in=[one.application for one in requests]).update(
        state=State.SUPPLEMENTING, revision=F("revision") + 1
    )
    return made, items
