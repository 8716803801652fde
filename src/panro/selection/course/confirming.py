"""Two persons confirm a selection: exactly the one whose digest was proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from panro.dossier.write import render
from panro.selection.course.acting import acting, enter, go, locked, may_go, refuse_conflict
from panro.selection.course.drawing import build_again
from panro.selection.course.errors import CourseError
from panro.selection.models import CourseState, Outcome, RoundCourse
from panro.staff import actions as staff
from panro.staff.acts import Act, StaleError, register
from panro.staff.models import Approval
from panro.staff.states import ApprovalState, Role

if TYPE_CHECKING:
    from datetime import datetime

    from panro.accounts.models import User
    from panro.proof.canonical import Json
    from panro.staff.acts import Payload

CONFIRM: Final = "selection_confirm"


def propose_confirmation(course_id: UUID, why: str, *, by: User, now: datetime) -> Approval:
    """Ask for a second person to confirm the selection.

    Raises:
        PermissionDenied, ConflictError, WrongStepError: as every act; the selection must be made.
        ReasonMissingError, AlreadyProposedError: as `panro.staff.actions.propose`.
    """
    with acting("propose_confirmation", course_id, by=by, now=now) as course:
        may_go(course, CourseState.CONFIRMED)
        return staff.propose(staff.Proposal(CONFIRM, subject(course), payload_of(course), why), by=by, now=now)


def open_proposal(course: RoundCourse) -> Approval | None:
    """The proposal that waits for a second person. One query."""
    rows = Approval.objects.filter(act=CONFIRM, subject=subject(course), state=ApprovalState.OPEN)
    return rows.select_related("proposed_by").first()


def subject(course: RoundCourse) -> str:
    """How approvals and the record name a round."""
    return f"round:{course.round_id}"


def payload_of(course: RoundCourse) -> dict[str, Json]:
    """What is confirmed: the selection by its digest, and its counts for those who read."""
    counts: dict[str, Json] = {outcome.value: getattr(course, outcome.value) for outcome in Outcome}
    return {"course": str(course.pk), "round": course.round_id, "digest": course.digest, "counts": counts}


def register_act() -> None:
    """Declare the act: an officer or a chief proposes, another chief confirms."""
    proposing = frozenset({Role.OFFICER, Role.CHIEF})
    register(
        Act(CONFIRM, gettext_lazy("Confirm a selection"), proposing, frozenset({Role.CHIEF}), _described, _confirm)
    )


def _described(payload: Payload) -> list[tuple[str, str]]:
    counts = payload["counts"]
    told = counts if isinstance(counts, dict) else {}
    lines = [(str(Outcome(name).label), str(told[name])) for name in Outcome.values if name in told]
    return [(_("Round"), str(payload["round"])), *lines, (_("Digest of the selection"), str(payload["digest"]))]


def _confirm(approval: Approval, by: User, now: datetime) -> None:
    try:
        course = locked(UUID(str(approval.payload["course"])))
    except RoundCourse.DoesNotExist as gone:
        raise StaleError(_("There is no such round any more.")) from gone
    if course.state != CourseState.RUN or course.digest != approval.payload["digest"]:
        raise StaleError(_("The selection is not the one that was proposed."))
    try:
        refuse_conflict(course, by)
        digest = render(build_again(course)).root
    except CourseError as wrong:
        raise StaleError(str(wrong)) from wrong
    if digest != course.digest:
        raise StaleError(_("The rows of this round give another selection than was proposed. Please tell an auditor."))
    go(course, CourseState.CONFIRMED, by=by, now=now, proposed_by=approval.proposed_by, confirmed_by=by)
    enter("selection_confirmed", course, by=by, now=now, public={"digest": course.digest})
