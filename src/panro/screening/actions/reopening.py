"""Taking decisions back while the review of a round lasts, and settling it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from panro.intake.models import Application, Pool
from panro.intake.states import HANDED_IN
from panro.record.actions import Deed, record, record_many
from panro.screening.access import check_officer
from panro.screening.actions.locking import (
    enter_refused,
    judged,
    lock_reviews,
    public_of,
    refusal,
    reviews_of,
    round_id,
    write_states,
)
from panro.screening.actions.outcomes import undo_decisions
from panro.screening.errors import ReasonMissingError, UndecidedError
from panro.screening.models import Case, Review
from panro.screening.refusals import Refusal, Why
from panro.screening.states import DECIDED, OPEN, CaseState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion


@transaction.atomic
def reopen(cases: Collection[UUID], *, reason: str, by: User, now: datetime) -> list[Refusal]:
    """Take decisions back, so that these cases wait again; returns those that were left out.

    Raises:
        PermissionDenied: neither officer nor chief.
        ReasonMissingError: no reason.
    """
    check_officer(by)
    if not reason.strip():
        raise ReasonMissingError
    reviews = lock_reviews(reviews_of(cases))
    free, refused = judged(cases, by)
    opened = {}
    for key, case in free.items():
        if reviews[case.review_id].settled_at is not None:
            refused.append(refusal(case, Why.SETTLED))
        elif case.state not in DECIDED:
            refused.append(refusal(case, Why.WITHDRAWN if case.state == CaseState.WITHDRAWN else Why.NOT_DECIDED))
        else:
            opened[key] = case
    undo_decisions(opened, by=str(by.pk), why=reason.strip(), now=now)
    write_states(dict.fromkeys(opened, CaseState.WAITING), decided_at=None)
    record_many(
        [
            Deed(
                "case_reopened",
                str(by.pk),
                f"application:{key}",
                now,
                public=public_of(case, was=case.state),
                payload={"reason": reason.strip()},
            )
            for key, case in opened.items()
        ],
        now=now,
    )
    enter_refused("reopen", refused, by=by, now=now)
    return refused


@transaction.atomic
def settle(version: EditionVersion, programme: str, round_code: str, *, by: User, now: datetime) -> Review:
    """Settle the requirement review of a round: from then on no decision in it changes. Settling it again does nothing.

    Raises:
        PermissionDenied: neither officer nor chief.
        Review.DoesNotExist: nothing of the round came to the desk.
        UndecidedError: a case is open, an application of the pool has no case, or the pool is not frozen yet.
    """
    check_officer(by)
    of_round = {"edition_id": version.edition_id, "programme": programme, "round_code": round_code}
    review = Review.objects.select_for_update(of=("self",)).select_related("edition").get(**of_round)
    if review.settled_at is not None:
        return review
    open_ = Case.objects.filter(review=review, state__in=OPEN).count()
    applications = Application.objects.filter(**of_round, state__in=HANDED_IN, replaced=False)
    left = applications.filter(screening_case=None).count()
    if open_ or left or not Pool.objects.filter(**of_round, frozen_at__isnull=False).exists():
        raise UndecidedError(open_ + left)
    review.settled_at = now
    review.save(update_fields=["settled_at"])
    count = Case.objects.filter(review=review).count()
    record(
        "review_settled",
        actor=str(by.pk),
        subject=f"round:{round_id(review)}",
        at=now,
        now=now,
        public={"count": count},
    )
    return review
