"""Freezing the pool of a round: every receipt gets its result number, by its commitment alone (selection-spec, 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from panro.intake import writing
from panro.intake.calls import Call, call_of, day_for
from panro.intake.errors import NotYetError
from panro.intake.models import Application, Extension, Pool, Receipt
from panro.intake.states import HANDED_IN, State
from panro.proof.merkle import text_root
from panro.record.actions import record_round

if TYPE_CHECKING:
    from datetime import date, datetime

    from panro.editions.models import EditionVersion


@transaction.atomic
def freeze_pool(
    version: EditionVersion,
    programme: str,
    round_code: str,
    *,
    by: str,
    now: datetime,
    today: date | None = None,
) -> list[Receipt]:
    """Freeze the pool of a round and return its receipts in the order of their commitments.

    All receipts are in it, also of what was withdrawn; of several of one applicant, the last. Freezing a frozen pool
    changes nothing. Nothing can be handed in afterwards.

    Args:
        version: the notice in force.
        programme: its code.
        round_code: code of the round.
        by: the id of an account, or ``system:`` and the name of a task.
        now: the moment.
        today: the day in Seoul; told from the moment if it is not given.

    Raises:
        NotYetError: somebody may still hand in.
    """
    call = call_of(version, programme, round_code)
    of_round = {"edition_id": version.edition_id, "programme": programme, "round_code": round_code}
    _check_day(call, version, day_for(now, today))
    rows = Application.objects.filter(**of_round, state__in=HANDED_IN, replaced=False)
    list(rows.order_by("pk").select_for_update().values_list("pk"))
    Pool.objects.bulk_create([Pool(**of_round)], ignore_conflicts=True)
    pool = Pool.objects.select_for_update().get(**of_round)
    if pool.frozen_at is not None:
        return list(Receipt.objects.filter(place__pool=pool).order_by("place__result_no"))
    # What came in between both locks is seen now, and nothing more can come.
    receipts = sorted(Receipt.objects.filter(application__in=rows), key=lambda receipt: receipt.commitment)
    writing.place(pool.pk, [receipt.pk for receipt in receipts])
    pool.frozen_at, pool.count = now, len(receipts)
    pool.root = text_root(receipt.commitment for receipt in receipts)
    pool.save(update_fields=["frozen_at", "count", "root"])
    rows.filter(state=State.SUBMITTED).update(state=State.CLOSED, pool=pool, revision=F("revision") + 1)
    rows.filter(pool__isnull=True).update(pool=pool)
    record_round("pool_frozen", actor=by, at=now, now=now, count=pool.count, root=pool.root, round_id=call.round_id)
    return receipts


def _check_day(call: Call, version: EditionVersion, day: date) -> None:
    last = call.round_.closes
    longer = Extension.objects.filter(
        edition=version.edition_id,
        programme=call.programme.code,
        round_code=call.round_.code,
        until__gte=day,
    )
    writing = Application.objects.filter(
        edition=version.edition_id,
        programme=call.programme.code,
        round_code=call.round_.code,
        state=State.DRAFT,
        party__in=longer.values("party"),
    )
    if day > last and writing.exists():
        last = max(longer.values_list("until", flat=True))
    if day <= last:
        raise NotYetError(last)
