"""What is done in the office itself: proposing and approving what takes two persons, signing off the access log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from panro.accounts.lifecycles import leads
from panro.proof.canonical import encode_text
from panro.proof.hashing import tagged_hash
from panro.record.actions import record
from panro.record.models import AccessNote
from panro.staff import access
from panro.staff.acts import Act, StaleError, act
from panro.staff.models import AccessReview, Approval
from panro.staff.months import month_of
from panro.staff.states import TRANSITIONS, ApprovalState, Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.proof.canonical import Json

TAG = "panro-approval-1"


class NotTwoPersonsError(ValueError):
    """Who proposed an act wants to approve it."""


class DecidedError(ValueError):
    """Somebody decided it before; the state it is in is named."""


class AlreadyProposedError(ValueError):
    """The same act on the same subject waits already."""


class ReasonMissingError(ValueError):
    """An act needs a reason, and none was given."""


class NotOverError(ValueError):
    """A month that is still running cannot be signed off."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be done, to what, with which particulars, and why."""

    act: str
    subject: str
    payload: Mapping[str, Json]
    why: str


@transaction.atomic
def propose(proposal: Proposal, *, by: User, now: datetime) -> Approval:
    """Ask for a second person.

    Raises:
        PermissionDenied: no role of theirs may propose it.
        ReasonMissingError: no reason.
        AlreadyProposedError: it waits already.
        UnknownActError: no room knows the act.
    """
    wanted = act(proposal.act)
    if not access.has(by, *wanted.propose):
        raise PermissionDenied
    why = proposal.why.strip()
    if not why:
        raise ReasonMissingError(proposal.act)
    waiting = Approval.objects.select_for_update().filter(
        act=proposal.act, subject=proposal.subject, state=ApprovalState.OPEN
    )
    if waiting.exists():
        raise AlreadyProposedError(proposal.subject)
    approval = Approval.objects.create(
        act=proposal.act,
        subject=proposal.subject,
        payload=dict(proposal.payload),
        digest=digest(proposal.payload),
        why=why,
        proposed_by=by,
        proposed_at=now,
    )
    _enter("approval_proposed", approval, by, now, {"why": why})
    return approval


def approve(approval_id: UUID, *, by: User, now: datetime) -> Approval:
    """Do what was proposed, as the second person; its own changes and this one stand or fall together.

    What no longer fits is not done: the approval then says so, and is returned as failed.

    Raises:
        NotTwoPersonsError: it is their own proposal.
        PermissionDenied: no role of theirs may approve it.
        DecidedError: it was decided before.
    """
    try:
        return _approve(approval_id, by=by, now=now)
    except NotTwoPersonsError:
        with transaction.atomic():
            _enter("approval_alone_refused", Approval.objects.get(pk=approval_id), by, now, {})
        raise


@transaction.atomic
def _approve(approval_id: UUID, *, by: User, now: datetime) -> Approval:
    approval, wanted = _open(approval_id, by)
    if approval.digest != digest(approval.payload):
        return _decide(approval, ApprovalState.FAILED, by, now, "the particulars are not those proposed")
    try:
        with transaction.atomic():
            wanted.execute(approval, by, now)
    except StaleError as changed:
        return _decide(approval, ApprovalState.FAILED, by, now, str(changed))
    return _decide(approval, ApprovalState.APPROVED, by, now)


@transaction.atomic
def refuse(approval_id: UUID, *, reason: str, by: User, now: datetime) -> Approval:
    """Say no, as the second person.

    Raises:
        ReasonMissingError: no reason.
        NotTwoPersonsError, PermissionDenied, DecidedError: as :func:`approve`.
    """
    if not reason.strip():
        raise ReasonMissingError
    approval, _ = _open(approval_id, by)
    return _decide(approval, ApprovalState.REFUSED, by, now, reason.strip())


@transaction.atomic
def withdraw(approval_id: UUID, *, by: User, now: datetime) -> Approval:
    """Take one's own proposal back.

    Raises:
        PermissionDenied: it is somebody else's.
        DecidedError: it was decided before.
    """
    approval = _locked(approval_id)
    if approval.proposed_by_id != by.pk:
        raise PermissionDenied
    return _decide(approval, ApprovalState.WITHDRAWN, by, now)


@transaction.atomic
def sign_off(month: date, *, note: str, by: User, now: datetime) -> AccessReview:
    """Say what the look through a month's log of access to personal data has found.

    Raises:
        PermissionDenied: neither chief nor auditor.
        ReasonMissingError: no note.
        NotOverError: the month is not over.
        DecidedError: it was signed off before.
    """
    if not access.has(by, Role.CHIEF, Role.AUDITOR):
        raise PermissionDenied
    if not note.strip():
        raise ReasonMissingError
    first, after = month_of(month)
    if now < after:
        raise NotOverError(f"{month:%Y-%m}")
    lines = AccessNote.objects.filter(happened__gte=first, happened__lt=after).count()
    review, made = AccessReview.objects.get_or_create(
        month=month.replace(day=1),
        defaults={"lines": lines, "note": note.strip(), "reviewed_by": by, "reviewed_at": now},
    )
    if not made:
        raise DecidedError(f"{month:%Y-%m}")
    record(
        "access_log_reviewed",
        actor=str(by.pk),
        subject=f"month:{month:%Y-%m}",
        at=now,
        now=now,
        public={"lines": lines},
        payload={"note": review.note},
    )
    return review


def digest(payload: Mapping[str, Json]) -> str:
    """Return the hash of an act's particulars, which an approval is bound to."""
    return tagged_hash(TAG, encode_text(payload))


def _locked(approval_id: UUID) -> Approval:
    approval = Approval.objects.select_for_update(of=("self",)).select_related("proposed_by").get(pk=approval_id)
    if approval.state != ApprovalState.OPEN:
        raise DecidedError(approval.state)
    return approval


def _open(approval_id: UUID, by: User) -> tuple[Approval, Act]:
    approval = _locked(approval_id)
    wanted = act(approval.act)
    if approval.proposed_by_id == by.pk:
        raise NotTwoPersonsError(approval.subject)
    if not access.has(by, *wanted.approve):
        raise PermissionDenied
    return approval, wanted


def _decide(approval: Approval, state: ApprovalState, by: User, now: datetime, reason: str = "") -> Approval:
    if not leads(TRANSITIONS, approval.state, state):
        raise DecidedError(approval.state)
    approval.state, approval.decided_by, approval.decided_at, approval.reason = state, by, now, reason
    approval.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    _enter(f"approval_{state.value}", approval, by, now, {"reason": reason} if reason else {})
    return approval


def _enter(what: str, approval: Approval, by: User, now: datetime, said: Mapping[str, Json]) -> None:
    record(
        what,
        actor=str(by.pk),
        subject=approval.subject,
        at=now,
        now=now,
        public={"act": approval.act, "approval": str(approval.pk)},
        payload={"digest": approval.digest, **said},
    )
