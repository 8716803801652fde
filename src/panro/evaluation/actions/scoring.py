"""Score sheets: saved as they are typed, and handed in as versions that never change."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from panro.evaluation import panels
from panro.evaluation.errors import FellBehindError, IncompleteSheetError, NotYoursError, SealedError
from panro.evaluation.models import Appeal, Assignment, ScoreDraft, ScoreVersion, StageRun
from panro.evaluation.states import RunState
from panro.record.actions import new_salt, record
from panro.rules.selection.model import Score
from panro.rules.selection.sealing import score_sealer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from panro.evaluation.models import Reviewer
    from panro.rules.selection.round_rules import ScoredStage

POINT_LENGTH = 16


@transaction.atomic
def save_draft(
    assignment_id: UUID, points: Mapping[str, str], comment: str, *, revision: int, by: Reviewer, now: datetime
) -> ScoreDraft:
    """Keep a sheet as it is typed: points as written, by criterion, whether or not they are possible.

    Args:
        assignment_id: the seat.
        points: by criterion; unknown ones are left out.
        comment: free text.
        revision: the one that the window loaded; 0 if there was no draft.
        by: the reviewer.
        now: the moment.

    Raises:
        NotYoursError: the reviewer does not sit there, or not any more.
        SealedError: the stage is not open.
        FellBehindError: another window saved since.
    """
    seat = _seat(assignment_id, by)
    draft = ScoreDraft.objects.select_for_update().filter(assignment=seat).first()
    stage = panels.rules_of(seat.run.evaluation).stage(seat.run.stage)
    kept = {one.code: points[one.code][:POINT_LENGTH] for one in stage.criteria if points.get(one.code)}
    current = 0 if draft is None else draft.revision
    if draft is not None and (draft.points, draft.comment) == (kept, comment):
        return draft
    if revision != current:
        raise FellBehindError(_("Another window has saved this sheet since. Please load the page again."), current)
    if draft is None:
        draft = ScoreDraft(assignment=seat, revision=0)
    draft.points, draft.comment, draft.saved_at = kept, comment, now
    draft.revision += 1
    draft.save()
    return draft


@transaction.atomic
def hand_in(
    assignment_id: UUID,
    points: Mapping[str, str],
    comment: str,
    *,
    latest: int,
    by: Reviewer,
    now: datetime,
    salt: Callable[[], str] = new_salt,
) -> ScoreVersion:
    """Hand a sheet in as its next version. The same sheet handed in twice is one version.

    Args:
        assignment_id: the seat.
        points: by criterion, as written.
        comment: free text.
        latest: the newest version that the window knows; 0 before the first.
        by: the reviewer.
        now: the moment; kept to the second.
        salt: where the salt of the commitment comes from.

    Raises:
        IncompleteSheetError: points are missing or impossible; says which.
        NotYoursError, SealedError: as :func:`save_draft`.
        FellBehindError: another window handed another sheet in since.
    """
    seat = _seat(assignment_id, by)
    stage = panels.rules_of(seat.run.evaluation).stage(seat.run.stage)
    read = read_points(stage, points)
    if seat.latest:
        before = ScoreVersion.objects.get(assignment=seat, version=seat.latest)
        if latest == seat.latest - 1 and (tuple(before.points), before.comment) == (read, comment):
            return before
    if latest != seat.latest:
        raise FellBehindError(_("Another window has handed this sheet in since. Please load the page again."), 0)
    score = Score(
        stage=stage.code,
        result_no=seat.participant.result_no,
        reviewer=by.code,
        version=seat.latest + 1,
        phase=1 if seat.phase else 0,
        points=read,
        at=now.astimezone(UTC).replace(microsecond=0),
        salt=salt(),
    )
    made = ScoreVersion.objects.create(
        assignment=seat,
        version=score.version,
        points=list(read),
        comment=comment,
        at=score.at,
        salt=score.salt,
        commitment=score_sealer(stage)(score, seat.participant.receipt),
    )
    record(
        "score_handed_in",
        actor=str(by.user_id),
        subject=f"round:{seat.run.evaluation.round_id}",
        at=now,
        now=now,
        public={"stage": stage.code, "commitment": made.commitment},
    )
    return made


def read_points(stage: ScoredStage, points: Mapping[str, str]) -> tuple[Decimal, ...]:
    """Read a whole sheet.

    Raises:
        IncompleteSheetError: says what is wrong, criterion by criterion.
    """
    faults: dict[str, str] = {}
    found = []
    for criterion in stage.criteria:
        try:
            point = Decimal(points.get(criterion.code, "").strip())
            stage.point_grid.units(point)
        except (InvalidOperation, ValueError):
            faults[criterion.code] = _("Please give points from 0 to %(max)s in steps of %(step)s.") % {
                "max": criterion.max.normalize().__format__("f"),
                "step": format(stage.point_step, "f"),
            }
            continue
        if not 0 <= point <= criterion.max:
            faults[criterion.code] = _("At most %(max)s points can be given here, and no less than 0.") % {
                "max": format(criterion.max.normalize(), "f")
            }
        found.append(point)
    if faults:
        raise IncompleteSheetError(_("This sheet is not complete yet."), faults)
    return tuple(found)


def _seat(assignment_id: UUID, by: Reviewer) -> Assignment:
    """Take the seat of a reviewer, sharing the stage with everybody but who closes or seals it."""
    found = Assignment.objects.filter(pk=assignment_id, reviewer=by).values_list("run_id", flat=True).first()
    if found is None:
        raise NotYoursError(_("This application is not one of yours."))
    run = StageRun.objects.raw(
        "SELECT * FROM evaluation_stagerun WHERE id = %s FOR SHARE",
        [found],
    )[0]
    seat = Assignment.objects.select_for_update(of=("self",)).select_related("participant").get(pk=assignment_id)
    seat.run = StageRun.objects.select_related("evaluation").get(pk=run.pk)
    if seat.left_at is not None:
        raise NotYoursError(_("You have been replaced in this panel, so this sheet is closed. Nothing more is needed."))
    if seat.phase:
        _check_appeal(seat)
        return seat
    if run.state == RunState.SEALED:
        raise SealedError(_("The evaluation is sealed. Sheets can no longer be handed in or changed."))
    if run.state != RunState.OPEN:
        raise SealedError(_("This stage is not open, so its sheets cannot be changed."))
    return seat


def _check_appeal(seat: Assignment) -> None:
    """Share the appeal of a new panel with everybody but who seals it; its sheets come in until then."""
    found = Appeal.objects.raw("SELECT * FROM evaluation_appeal WHERE id = %s FOR SHARE", [seat.appeal_id])[0]
    if found.sealed_at is not None:
        raise SealedError(_("This new panel has finished. Sheets can no longer be handed in or changed."))
