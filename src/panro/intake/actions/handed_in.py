"""What acts on handed-in applications share: locking them, reading what they say, letting them go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Exists, F, OuterRef

from panro.intake.calls import Call, call_under
from panro.intake.models import Application, Supplement
from panro.intake.states import State, SupplementState
from panro.record.actions import record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from panro.proof.canonical import Json

BATCH: Final = 500


def lock(ids: Collection[UUID]) -> dict[UUID, Application]:
    """Lock applications in the order of their ids and return them, with receipt and version. One query.

    Raises:
        Application.DoesNotExist: names those that are not there.
    """
    rows = (
        Application.objects.select_for_update(of=("self",))
        .select_related("version", "receipt")
        .defer("version__document", "version__changes", "receipt__payload")
        .filter(pk__in=ids)
        .order_by("pk")
    )
    found = {row.pk: row for row in rows}
    if missing := set(ids) - found.keys():
        raise Application.DoesNotExist(f"no application {', '.join(sorted(map(str, missing)))}")
    return found


def call_for(row: Application) -> Call:
    """The round of an application under the notice it was handed in under."""
    return call_under(row.version.digest, row.programme, row.round_code)


def go_on(rows: Iterable[Application]) -> None:
    """Let applications go on where they were, under review or submitted, once no request of theirs is open."""
    ids = [row.pk for row in rows]
    still_open = Supplement.objects.filter(application=OuterRef("pk"), state=SupplementState.ASKED)
    waiting = Application.objects.filter(~Exists(still_open), pk__in=ids, state=State.SUPPLEMENTING)
    waiting.filter(pool__isnull=True).update(state=State.SUBMITTED, revision=F("revision") + 1)
    waiting.filter(pool__isnull=False).update(state=State.CLOSED, revision=F("revision") + 1)


def drop_supplements(ids: Collection[UUID], *, now: datetime) -> None:
    """Drop the open requests of applications; their clocks go on."""
    Supplement.objects.filter(application__in=ids, state=SupplementState.ASKED).update(
        state=SupplementState.DROPPED, clock_started=now
    )


def enter(
    act: str,
    row: Application,
    *,
    actor: str,
    now: datetime,
    payload: Mapping[str, Json] | None = None,
    **public: Json,
) -> None:
    """Write into the record what was done with a handed-in application; its receipt's commitment names it."""
    record(
        act,
        actor=actor,
        subject=f"application:{row.pk}",
        at=now,
        now=now,
        payload=payload,
        public={"round": call_for(row).round_id, "receipt": row.receipt.commitment, **public},
    )
