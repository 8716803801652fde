"""A confirmed selection is published: entered into the record and sealed, then written, verified and loaded, once.

Three transactions, so that nothing is remote inside one. A process that is killed between any two of them leaves a
round that is *being published*; carrying it on gives the same dossiers, byte for byte, and the same publication.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from panro.dossier.write import render
from panro.record.actions import record_round, seal_pending
from panro.selection.actions import publish_dossier
from panro.selection.building import course_of, dossiers
from panro.selection.course.acting import acting, enter, go, locked, may_go
from panro.selection.course.drawing import build_again
from panro.selection.course.errors import ChangedError, NotOverError
from panro.selection.course.seams import following, pending
from panro.selection.dossiers import DossierError
from panro.selection.models import CourseState, CourseStep, PublishedRound, RoundCourse, Step

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.selection.actions import Verify


def publish(course_id: UUID, *, by: User, now: datetime) -> RoundCourse:
    """Enter a confirmed selection into the record and seal it; what is left is done by `carry_on`, usually a task.

    Raises:
        PermissionDenied, ConflictError, WrongStepError: as every act; two persons must have confirmed it.
    """
    with acting("publish", course_id, by=by, now=now) as course:
        may_go(course, CourseState.PUBLISHING)
        entry = record_round(
            "round_published",
            actor=str(by.pk),
            at=now,
            now=now,
            count=course.selected or 0,
            root=course.digest,
            round_id=course.round_id,
        )
        go(course, CourseState.PUBLISHING, by=by, now=now, entry=entry.number)
        seal_pending(now)
        return course


def carry_on(course_id: UUID, *, verify: Verify, now: datetime) -> PublishedRound:
    """Write, verify and load the dossiers of a round that is being published; done before, it changes nothing.

    Raises:
        WrongStepError: it is not being published.
        ChangedError: the rows give another selection than was confirmed.
        NotConsistentError, DossierError: the verifier, or the publication, refused a dossier.
    """
    course = course_of(course_id)
    if course.published is not None:
        return course.published
    may_go(course, CourseState.PUBLISHED)
    record = build_again(course)
    rendered = render(record)
    if rendered.root != course.digest:
        raise ChangedError(_("The rows of this round give another selection than was confirmed."))
    entered = CourseStep.objects.select_related("by").get(course=course, step=Step.PUBLISHING)
    now = max(now, entered.at)  # the worker's clock may be a little behind that of whoever published
    with tempfile.TemporaryDirectory() as place:
        dossiers(course, record, Path(place), rendered=rendered)
        published = _loaded_once(course, Path(place), verify, now=now, by=entered.by)
    return _finished(course_id, published, now)


def settle(course_id: UUID, *, by: User, now: datetime) -> RoundCourse:
    """Say that a round is over: objections are decided, and no place is offered any more.

    Raises:
        PermissionDenied, ConflictError, WrongStepError: as every act.
        NotOverError: an objection or an offer is open; says which.
    """
    with acting("settle", course_id, by=by, now=now) as course:
        may_go(course, CourseState.SETTLED)
        if waits := pending(course):
            raise NotOverError(" ".join(waits))
        go(course, CourseState.SETTLED, by=by, now=now)
        enter("round_settled", course, by=by, now=now, public={"digest": course.digest})
        return course


def waiting() -> list[UUID]:
    """The rounds that are being published, the first begun first. One query."""
    return list(RoundCourse.objects.filter(state=CourseState.PUBLISHING).order_by("entry").values_list("pk", flat=True))


def _loaded_once(
    course: RoundCourse, folder: Path, verify: Verify, *, now: datetime, by: User | None
) -> PublishedRound:
    """Load the dossiers; where another process did so at the same moment, take what it loaded."""
    try:
        return publish_dossier(folder / "public", auditor=folder / "auditor", verify=verify, now=now, by=by)
    except (IntegrityError, DossierError):
        already = PublishedRound.objects.filter(root=course.digest).first()
        if already is None:
            raise
        return already


@transaction.atomic
def _finished(course_id: UUID, published: PublishedRound, now: datetime) -> PublishedRound:
    course = locked(course_id)
    if course.published_id is None:
        go(course, CourseState.PUBLISHED, by=None, now=now, published=published)
        for act in following():
            act(course, published, now)
    return published
