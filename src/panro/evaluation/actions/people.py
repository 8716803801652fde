"""Reviewers: invited, accepting or declining; their word for a round; whom they must not judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from panro.accounts.ids import new_id
from panro.accounts.lifecycles import check, leads
from panro.accounts.models import UserManager
from panro.accounts.tokens import hash_of, new_token
from panro.evaluation.actions.leaving import replace
from panro.evaluation.errors import EvaluationError
from panro.evaluation.models import Assignment, Conflict, Declaration, Reviewer, ReviewerInvitation
from panro.evaluation.states import INVITATION, REVIEWER, InvitationState, ReviewerState, RunState, Source
from panro.notify.actions import Notice, ToAddress, queue
from panro.parties.addresses import address_digest
from panro.record.actions import record
from panro.ui.addresses import absolute

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.evaluation.states import Why

TERM: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a reviewer tells of themselves, so that conflicts can be found. The address is not kept, only its digest."""

    employer: str = ""
    employer_number: str = ""
    businesses: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    address: str = ""


@transaction.atomic
def invite(
    email: str, name: str, fields: Sequence[str], *, by: User, now: datetime, token: str | None = None
) -> ReviewerInvitation:
    """Ask somebody to become a reviewer; the link in the message is good for 14 days.

    Raises:
        EvaluationError: an invitation to this address waits, or it is a reviewer's.
    """
    address = UserManager.normalize_email(email)
    if Reviewer.objects.filter(user__email=address).exclude(state=ReviewerState.LEFT).exists():
        raise EvaluationError(_("%(email)s is a reviewer already.") % {"email": address})
    waiting = ReviewerInvitation.objects.select_for_update().filter(email=address, state=InvitationState.OPEN).first()
    if waiting is not None and waiting.expires_at > now:
        raise EvaluationError(_("An invitation to %(email)s waits for its answer.") % {"email": address})
    if waiting is not None:
        _answer(waiting, InvitationState.DECLINED, now)
    secret = new_token() if token is None else token
    made = ReviewerInvitation.objects.create(
        email=address,
        name=name,
        fields=list(fields),
        digest=hash_of(secret),
        invited_by=by,
        invited_at=now,
        expires_at=now + TERM,
    )
    link = absolute(reverse("evaluation:invitation", args=[secret]))
    values = {"name": name, "link": link, "until": f"{made.expires_at:%Y-%m-%d}"}
    queue([Notice("reviewer_invited", ToAddress(email=address), values, f"reviewer_invited:{made.pk}")], now=now)
    _enter("reviewer_invited", f"invitation:{made.pk}", str(by.pk), now, {"email": address, "name": name})
    return made


@transaction.atomic
def accept(token: str, particulars: Particulars, *, by: User, now: datetime) -> Reviewer:
    """Become a reviewer.

    Raises:
        EvaluationError: the link is not good, or is another person's.
    """
    invitation = _waiting(token, by, now)
    reviewer = Reviewer.objects.select_for_update().filter(user=by).first()
    if reviewer is None:
        made = new_id()
        reviewer = Reviewer(id=made, user=by, code=str(made), joined_at=now)
    else:
        check(REVIEWER, reviewer.state, ReviewerState.ACTIVE)
        reviewer.state = ReviewerState.ACTIVE
    reviewer.employer, reviewer.employer_number = particulars.employer, particulars.employer_number
    reviewer.businesses, reviewer.contracts = list(particulars.businesses), list(particulars.contracts)
    reviewer.address_digest, reviewer.fields = address_digest(particulars.address), invitation.fields
    reviewer.save()
    _answer(invitation, InvitationState.ACCEPTED, now, reviewer)
    _enter("reviewer_accepted", f"reviewer:{reviewer.pk}", str(by.pk), now)
    return reviewer


@transaction.atomic
def decline(token: str, *, by: User, now: datetime) -> ReviewerInvitation:
    """Turn an invitation down; raises as :func:`accept`."""
    invitation = _waiting(token, by, now)
    _answer(invitation, InvitationState.DECLINED, now)
    _enter("reviewer_declined", f"invitation:{invitation.pk}", str(by.pk), now)
    return invitation


@transaction.atomic
def set_state(reviewer_id: UUID, state: ReviewerState, *, by: User, now: datetime) -> Reviewer:
    """Let a reviewer rest, come back, or leave.

    Raises:
        WrongStateError: the lifecycle has no such step.
        EvaluationError: the reviewer sits in panels of a running stage, or has left.
    """
    reviewer = Reviewer.objects.select_for_update().get(pk=reviewer_id)
    if reviewer.state == ReviewerState.LEFT:
        raise EvaluationError(_("This reviewer has left. Please invite them again."))
    check(REVIEWER, reviewer.state, state)
    running = Assignment.objects.filter(
        reviewer=reviewer, left_at=None, run__state__in=[RunState.ASSIGNED, RunState.OPEN]
    )
    if state != ReviewerState.ACTIVE and running.exists():
        raise EvaluationError(_("This reviewer sits in panels. Please replace them there first."))
    reviewer.state = state
    reviewer.save(update_fields=["state"])
    _enter(f"reviewer_{state.value}", f"reviewer:{reviewer.pk}", str(by.pk), now)
    return reviewer


@transaction.atomic
def declare(reviewer: Reviewer, round_id: str, text_hash: str, *, now: datetime) -> Declaration:
    """Give one's word for a round; giving it again changes nothing."""
    said, made = Declaration.objects.get_or_create(
        reviewer=reviewer, round_id=round_id, defaults={"text_hash": text_hash, "at": now}
    )
    if made:
        _enter("reviewer_declared", f"round:{round_id}", str(reviewer.user_id), now, {"reviewer": str(reviewer.pk)})
    return said


@transaction.atomic
def declare_conflict(
    reviewer: Reviewer, application: UUID, why: Why, *, note: str = "", by: str, now: datetime
) -> Conflict:
    """Say that a reviewer must not judge an application; where they sit in its panel somebody takes over at once.

    Raises:
        SelectionError: nobody is left to take over.
    """
    conflict, made = Conflict.objects.get_or_create(
        reviewer=reviewer,
        application_id=application,
        why=why,
        defaults={"source": Source.DECLARED, "note": note, "at": now, "by": by},
    )
    if made:
        said = {"reviewer": str(reviewer.pk), "why": str(why), "note": note}
        _enter("conflict_declared", f"application:{application}", by, now, said)
    seats = Assignment.objects.filter(
        reviewer=reviewer,
        participant__application=application,
        left_at=None,
        phase=0,
        run__state__in=[RunState.ASSIGNED, RunState.OPEN],
    )
    for run, number in seats.order_by("run__position").values_list("run_id", "participant__result_no"):
        replace(run, number, reviewer.code, str(why), by=by, now=now)
    return conflict


def waiting_invitation(token: str, now: datetime) -> ReviewerInvitation | None:
    """The open invitation of a link, or None. One query."""
    return ReviewerInvitation.objects.filter(
        digest=hash_of(token), state=InvitationState.OPEN, expires_at__gt=now
    ).first()


def _waiting(token: str, by: User, now: datetime) -> ReviewerInvitation:
    found = ReviewerInvitation.objects.select_for_update().filter(digest=hash_of(token)).first()
    if found is None or not leads(INVITATION, found.state, InvitationState.ACCEPTED) or found.expires_at <= now:
        raise EvaluationError(_("This invitation is not good any more. Please ask the agency for a new one."))
    if found.email != by.email:
        raise EvaluationError(_("This invitation went to another address. Please log in with that one."))
    return found


def _answer(
    invitation: ReviewerInvitation, state: InvitationState, now: datetime, reviewer: Reviewer | None = None
) -> None:
    check(INVITATION, invitation.state, state)
    invitation.state, invitation.answered_at, invitation.reviewer = state, now, reviewer
    invitation.save(update_fields=["state", "answered_at", "reviewer"])


def _enter(act: str, subject: str, actor: str, now: datetime, payload: dict[str, str] | None = None) -> None:
    record(act, actor=actor, subject=subject, at=now, now=now, payload=payload)
