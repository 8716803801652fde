"""Reminding reviewers of the sheets they owe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count
from django.urls import reverse

from panro.evaluation.actions.locks import lock_run
from panro.evaluation.models import Assignment
from panro.evaluation.states import RunState
from panro.notify.actions import Notice, ToAccount, queue
from panro.record.actions import record
from panro.ui.addresses import absolute
from panro.ui.clock import day_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


@transaction.atomic
def remind(run_id: UUID, *, by: str, now: datetime) -> int:
    """Write to everybody who owes sheets of an open stage; at most one message a day. Returns to how many.

    Raises:
        SealedError, EvaluationError: the stage is not open.
    """
    run = lock_run(run_id, RunState.OPEN)
    owed = (
        Assignment.objects.filter(run=run, phase=0, left_at=None, latest=0)
        .order_by()
        .values("reviewer__user_id", "reviewer__user__name")
        .annotate(count=Count("pk"))
        .order_by("reviewer__user_id")
    )
    today = day_of(now)
    link = absolute(reverse("evaluation:mine"))
    notices = [
        Notice(
            "review_reminder",
            ToAccount(row["reviewer__user_id"]),
            {
                "name": row["reviewer__user__name"],
                "round": run.evaluation.round_id,
                "count": str(row["count"]),
                "link": link,
            },
            f"review_reminder:{run.pk}:{row['reviewer__user_id']}:{today}",
        )
        for row in owed
    ]
    queue(notices, now=now)
    record(
        "reviewers_reminded",
        actor=by,
        subject=f"round:{run.evaluation.round_id}",
        at=now,
        now=now,
        public={"stage": run.stage, "reviewers": len(notices)},
    )
    return len(notices)
