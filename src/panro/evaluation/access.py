"""Who may see what of an evaluation; and the reason for which a reviewer may open an applicant's papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from panro.evaluation.models import Assignment, Reviewer
from panro.evaluation.states import ReviewerState, RunState
from panro.evaluation.words import stage_of

if TYPE_CHECKING:
    from uuid import UUID

    from panro.accounts.models import User


def reviewer_of(user: User) -> Reviewer | None:
    """The reviewer that somebody is; None if they are none, or have left. One query."""
    if not user.is_active:
        return None
    return Reviewer.objects.filter(user=user).exclude(state=ReviewerState.LEFT).select_related("user").first()


def reason_to_see(user: User, party: UUID) -> str:
    """Why a reviewer may open the papers of a party: a seat in an open panel that is not blind. One query."""
    seats = (
        Assignment.objects.filter(
            Q(phase=0, run__state=RunState.OPEN) | Q(phase=1, appeal__sealed_at=None),
            reviewer__user=user,
            left_at=None,
            participant__application__party=party,
        )
        .select_related("run__evaluation__version")
        .order_by("run__evaluation__round_id", "run__position")
    )
    for seat in seats:
        stage = stage_of(seat.run)
        if stage is not None and not stage.blind:
            return _("Evaluation of %(round)s") % {"round": seat.run.evaluation.round_id}
    return ""
