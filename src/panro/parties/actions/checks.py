"""What the tax service is asked, and what is done with its answers. Nothing is asked inside of a transaction."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING

from django.db import transaction

from panro.accounts.lifecycles import check
from panro.korea.text import Text
from panro.parties import checks
from panro.parties.access import Right
from panro.parties.actions.acting import act_for, note
from panro.parties.actions.standing import number_of
from panro.parties.actions.waking import wake
from panro.parties.errors import PartyError
from panro.parties.models import (
    Business,
    CheckRequest,
    Organisation,
    RecheckBatch,
    RecheckRun,
    StatusCheck,
)
from panro.parties.states import WORK, RequestKind, WorkState
from panro.parties.taxservice import LARGEST_CALL
from panro.record.actions import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.parties.taxservice import StatusAnswer


class NoNumberError(PartyError):
    """The tax service knows businesses by their number, and this party has none."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko="사업자등록번호가 없어 국세청에 물을 수 없습니다.",
                en="There is no registration number to ask the National Tax Service about.",
            )
        )


@transaction.atomic
def ask_status(party_id: UUID, *, by: User, now: datetime) -> CheckRequest:
    """Have the tax service asked whether a business is open; a question that waits already is not asked twice.

    Raises:
        NotAllowedError: not a member.
        NoNumberError: the party has no registration number.
    """
    party, _member = act_for(party_id, by, Right.VIEW)
    if not number_of(party.pk):
        raise NoNumberError
    made, new = CheckRequest.objects.get_or_create(
        party=party,
        kind=RequestKind.STATUS,
        state__in=[WorkState.WAITING, WorkState.ASKING],
        defaults={"state": WorkState.WAITING, "asked_by": str(by.pk), "created": now, "due": now},
    )
    if new:
        wake()
    return made


@transaction.atomic
def note_checks(
    answers: Sequence[tuple[UUID, StatusAnswer]], *, asked_at: datetime, actor: str, batch: RecheckBatch | None = None
) -> list[StatusCheck]:
    """Store answers of the tax service, tell the rooms that listen, and record it; acts over sets.

    Args:
        answers: party and what was said of its number.
        asked_at: when the service was asked.
        actor: ``system:`` and the name of a task, or the account that brought the answers.
        batch: of the re-check they belong to.
    """
    made = StatusCheck.objects.bulk_create(
        StatusCheck(
            party_id=party,
            business_number=answer.number,
            status=answer.status,
            ended_on=answer.ended_on,
            tax_type=answer.tax_type,
            tax_type_text=answer.tax_type_text,
            asked_at=asked_at,
            raw_hash=answer.raw_hash,
            batch=batch,
        )
        for party, answer in answers
    )
    if made:
        record(
            "statuses_checked",
            actor=actor,
            subject=f"party:{made[0].party_id}" if batch is None else f"recheck:{batch.run.key}",
            at=asked_at,
            now=asked_at,
            public={"count": len(made)},
            payload={"answers": [[row.business_number, str(row.status), row.raw_hash] for row in made]},
        )
        checks.announce(made)
    return made


@transaction.atomic
def start_recheck(key: str, parties: Iterable[UUID], *, actor: str, now: datetime) -> RecheckRun:
    """Begin to ask the tax service about all applicants of a round; the same key again returns the run there is.

    Parties without a registration number are left out. The asking is done by the tasks, 100 numbers a call.

    Args:
        key: edition, programme and round, such as ``2021/3-1/R1``.
        parties: the applicants.
        actor: an account, or ``system:`` and the name of a task.
        now: the moment.
    """
    run, made = RecheckRun.objects.get_or_create(key=key, defaults={"parties": 0, "started": now, "started_by": actor})
    if not made:
        return run
    numbers = numbers_of(parties)
    rows = sorted(numbers.items(), key=lambda row: (row[1], row[0]))
    RecheckBatch.objects.bulk_create(
        RecheckBatch(
            run=run,
            number=number,
            parties=[party for party, _number in part],
            numbers=[digits for _party, digits in part],
            due=now,
        )
        for number, part in enumerate(batched(rows, LARGEST_CALL, strict=False), start=1)
    )
    run.parties = len(rows)
    run.finished = now if not rows else None
    run.save(update_fields=["parties", "finished"])
    record(
        "recheck_started",
        actor=actor,
        subject=f"recheck:{key}",
        at=now,
        now=now,
        public={"parties": len(rows), "batches": -(-len(rows) // LARGEST_CALL)},
    )
    wake()
    return run


@transaction.atomic
def resume_recheck(key: str, *, actor: str, now: datetime) -> int:
    """Ask once more for the batches of a run that were given up; returns how many.

    Raises:
        RecheckRun.DoesNotExist: no such run.
    """
    run = RecheckRun.objects.select_for_update().get(key=key)
    batches = list(run.batches.select_for_update().filter(state=WorkState.FAILED).order_by("number"))
    for batch in batches:
        check(WORK, batch.state, WorkState.WAITING)
        batch.state, batch.attempts, batch.due = WorkState.WAITING, 0, now
    RecheckBatch.objects.bulk_update(batches, ["state", "attempts", "due"])
    if batches:
        record("recheck_resumed", actor=actor, subject=f"recheck:{key}", at=now, now=now)
    return len(batches)


@transaction.atomic
def retry_request(request_id: UUID, party_id: UUID, *, by: User, now: datetime) -> CheckRequest:
    """Ask once more what was given up, as a member wishes.

    Raises:
        NotAllowedError: not a member.
        CheckRequest.DoesNotExist: not a question about this party.
        WrongStateError: it was not given up.
    """
    party, _member = act_for(party_id, by, Right.VIEW)
    request = CheckRequest.objects.select_for_update().get(pk=request_id, party=party)
    check(WORK, request.state, WorkState.WAITING)
    request.state, request.attempts, request.due, request.reason = WorkState.WAITING, 0, now, ""
    request.save(update_fields=["state", "attempts", "due", "reason"])
    note("check_retried", party.pk, by, now, public={"kind": str(request.kind)})
    return request


def numbers_of(parties: Iterable[UUID]) -> dict[UUID, str]:
    """Return the registration numbers of parties that have one. Two queries."""
    wanted = list(parties)
    business = Business.objects.filter(party__in=wanted).values_list("party_id", "business_number")
    organisation = Organisation.objects.filter(party__in=wanted).exclude(business_number="")
    return dict(business) | dict(organisation.values_list("party_id", "business_number"))
