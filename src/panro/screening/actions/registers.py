"""The registers of the desk: sanctions, and what officers may not judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from panro.parties.addresses import address_digest
from panro.record.actions import record
from panro.rules.eligibility import keys
from panro.screening.access import check_officer
from panro.screening.errors import AlreadyThereError, DaysError, ReasonMissingError
from panro.screening.models import Sanction, StaffConflict
from panro.screening.sanctions import SOURCE, entered
from panro.screening.states import ConflictKind
from panro.staff import access
from panro.staff.states import Role
from panro.vault.actions import Statement, state_facts

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User


@dataclass(frozen=True, slots=True)
class SanctionGiven:
    """What the register is to say: who, from the first day to the last, why, and by which decision."""

    business_number: str
    name: str
    since: date
    until: date
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class ConflictGiven:
    """What somebody may not judge: a business by its number, or whatever has an address."""

    kind: ConflictKind
    business_number: str = ""
    address: str = ""
    note: str = ""


@transaction.atomic
def impose(given: SanctionGiven, *, by: User, now: datetime) -> Sanction:
    """Enter a sanction; the rules read it from then on.

    Raises:
        PermissionDenied: neither officer nor chief.
        DaysError: the last day lies before the first.
        ReasonMissingError: no reason, or no decision named.
        AlreadyThereError: exactly this stands there already.
    """
    check_officer(by)
    if given.until < given.since:
        raise DaysError
    if not (given.reason.strip() and given.source.strip() and given.name.strip()):
        raise ReasonMissingError
    try:
        with transaction.atomic():
            made = Sanction.objects.create(
                business_number=given.business_number,
                name=given.name.strip(),
                since=given.since,
                until=given.until,
                reason=given.reason.strip(),
                source=given.source.strip(),
                imposed_by=by,
                imposed_at=now,
            )
    except IntegrityError as error:
        if "sanction_once" not in str(error):
            raise
        raise AlreadyThereError from error
    record(
        "sanction_imposed",
        actor=str(by.pk),
        subject=f"sanction:{made.pk}",
        at=now,
        now=now,
        public={"from": made.since.isoformat(), "to": made.until.isoformat()},
        payload={"business_number": made.business_number, "reason": made.reason, "source": made.source},
    )
    return made


@transaction.atomic
def lift(sanction_id: UUID, *, reason: str, by: User, now: datetime) -> Sanction:
    """Lift a sanction: the rules read it no longer, for past days either.

    Raises:
        PermissionDenied: not a chief.
        Sanction.DoesNotExist: there is none.
        ReasonMissingError: no reason.
        AlreadyThereError: it was lifted before.
    """
    if not access.has(by, Role.CHIEF):
        raise PermissionDenied
    if not reason.strip():
        raise ReasonMissingError
    row = Sanction.objects.select_for_update().get(pk=sanction_id)
    if row.lifted_at is not None:
        raise AlreadyThereError
    row.lifted_at, row.lifted_by, row.lifted_why = now, by, reason.strip()
    row.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
    record(
        "sanction_lifted",
        actor=str(by.pk),
        subject=f"sanction:{row.pk}",
        at=now,
        now=now,
        payload={"business_number": row.business_number, "reason": row.lifted_why},
    )
    return row


def look_up_sanctions(asked: Collection[tuple[UUID, date]], *, by: str, now: datetime, today: date) -> None:
    """Tell the vault what the register says of applicants for days; in the caller's transaction. Constant statements.

    Who does not stand in it is told to stand in it with nothing: the register was asked, and this is its answer.

    Args:
        asked: applicants, each with a day that has come.
        by: who asks, as the record names them.
        now: the moment.
        today: the day in Seoul.
    """
    told = entered({party for party, _day in asked})
    state_facts(
        [
            Statement(party, keys.SANCTIONS, told.get(party, []), day, SOURCE, looked_up=True)
            for party, day in sorted(asked)
        ],
        by=by,
        now=now,
        today=today,
    )


@transaction.atomic
def declare_conflict(given: ConflictGiven, *, user: User, by: User, now: datetime) -> StaffConflict:
    """Declare what somebody of the agency may not judge: oneself, or as a chief for a colleague.

    Raises:
        PermissionDenied: not of the desk, or for somebody else without being a chief.
        AlreadyThereError: exactly this is declared already.
        ReasonMissingError: neither number nor address.
    """
    _check_declaring(user, by)
    of_place = given.kind == ConflictKind.SAME_ADDRESS
    digest = address_digest(given.address) if of_place else ""
    number = "" if of_place else given.business_number
    if not (digest or number):
        raise ReasonMissingError
    made, new = StaffConflict.objects.get_or_create(
        user=user,
        kind=given.kind,
        business_number=number,
        address_digest=digest,
        ended_at=None,
        defaults={"note": given.note.strip(), "declared_by": by, "declared_at": now},
    )
    if not new:
        raise AlreadyThereError
    record(
        "conflict_declared",
        actor=str(by.pk),
        subject=f"account:{user.pk}",
        at=now,
        now=now,
        public={"kind": made.kind},
        payload={"conflict": str(made.pk), "business_number": number, "note": made.note},
    )
    return made


@transaction.atomic
def end_conflict(conflict_id: UUID, *, reason: str, by: User, now: datetime) -> StaffConflict:
    """Say that a conflict is none any more; only a chief does, and never for oneself.

    Raises:
        PermissionDenied: not a chief, or one's own.
        StaffConflict.DoesNotExist: there is none.
        ReasonMissingError: no reason.
        AlreadyThereError: it was ended before.
    """
    row = StaffConflict.objects.select_for_update().get(pk=conflict_id)
    if not access.has(by, Role.CHIEF) or row.user_id == by.pk:
        raise PermissionDenied
    if not reason.strip():
        raise ReasonMissingError
    if row.ended_at is not None:
        raise AlreadyThereError
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    record(
        "conflict_ended",
        actor=str(by.pk),
        subject=f"account:{row.user_id}",
        at=now,
        now=now,
        public={"kind": row.kind},
        payload={"conflict": str(row.pk), "reason": reason.strip()},
    )
    return row


def _check_declaring(user: User, by: User) -> None:
    check_officer(by)
    if user.pk != by.pk and not access.has(by, Role.CHIEF):
        raise PermissionDenied
