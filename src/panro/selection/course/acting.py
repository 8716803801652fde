"""What all acts on a round share: who may, the lock, the lifecycle, the line in the record.

Locks are taken in one order: the course, then what the rooms below lock in theirs.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from panro.accounts.lifecycles import leads
from panro.record.actions import record
from panro.record.models import Entry, SealedEntry
from panro.screening.access import check_officer, conflicts
from panro.screening.models import Case
from panro.selection.course.errors import ClockError, ConflictError, RecordedError, WrongStepError
from panro.selection.models import COURSE, CourseState, CourseStep, RoundCourse, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.proof.canonical import Json


@contextmanager
def acting(act: str, course_id: UUID, *, by: User, now: datetime) -> Iterator[RoundCourse]:
    """Lock a round for one act, in one transaction; what is refused for the record is written there after all.

    Raises:
        PermissionDenied: neither officer nor chief.
        ConflictError: somebody whom they may not judge applied in this round.
        RoundCourse.DoesNotExist: there is no such course.
    """
    check_officer(by)
    try:
        with transaction.atomic():
            course = locked(course_id)
            refuse_conflict(course, by)
            yield course
    except RecordedError as refused:
        enter_refused(act, course_id, refused.why, by=by, now=now)
        raise


def locked(course_id: UUID) -> RoundCourse:
    """Take a course for oneself, with its notice."""
    rows = RoundCourse.objects.select_for_update(of=("self",)).select_related("version__edition")
    return rows.defer("version__document", "version__changes").get(pk=course_id)


def refuse_conflict(course: RoundCourse, by: User) -> None:
    """Refuse who may not judge somebody in the round. Three queries.

    Raises:
        ConflictError: they may not.
    """
    cases = Case.objects.filter(
        review__edition=course.version.edition_id, programme=course.programme, round_code=course.round_code
    )
    if conflicts(by, cases.order_by().only("party_id", "business_number", "address_digest").iterator(5_000)):
        raise ConflictError


def go(course: RoundCourse, to: CourseState, *, by: User | None, now: datetime, **what: object) -> None:
    """Bring a locked course into its next state with what is known now, and write the step down.

    Raises:
        WrongStepError: it does not stand where this leads on.
        ClockError: an earlier step bears a later time, which no proof of the round would pass.
    """
    may_go(course, to)
    if CourseStep.objects.filter(course=course, at__gt=now).exists():
        raise ClockError
    course.state = to
    keep(course, **what)
    CourseStep.objects.create(course=course, step=Step(to.value), at=now, by=by)


def may_go(course: RoundCourse, to: CourseState) -> None:
    """Refuse a step that the lifecycle does not have.

    Raises:
        WrongStepError: names where the round stands.
    """
    if not leads(COURSE, course.state, to):
        raise WrongStepError(
            _("This round is at the step “%(state)s”, so this cannot be done now.")
            % {"state": CourseState(course.state).label}
        )


def keep(course: RoundCourse, **what: object) -> None:
    """Save a locked course with some fields set, and count its revision."""
    for name, value in what.items():
        setattr(course, name, value)
    course.revision = F("revision") + 1
    course.save(update_fields=["state", "revision", *what])
    course.refresh_from_db(fields=["revision"])


def enter(act: str, course: RoundCourse, *, by: User, now: datetime, public: Mapping[str, Json]) -> None:
    """Write an act on a round into the record."""
    record(act, actor=str(by.pk), subject=f"round:{course.round_id}", at=now, now=now, public=public)


@transaction.atomic
def enter_refused(act: str, course_id: UUID, why: str, *, by: User, now: datetime) -> None:
    """Write into the record that somebody tried what they may not."""
    round_id = RoundCourse.objects.values_list("round_id", flat=True).get(pk=course_id)
    record(
        "course_act_refused",
        actor=str(by.pk),
        subject=f"round:{round_id}",
        at=now,
        now=now,
        public={"act": act, "why": why},
    )


def is_sealed(act: str, round_id: str) -> bool:
    """Whether the newest entry of an act on a round lies in a seal."""
    newest = Entry.objects.filter(act=act, subject=f"round:{round_id}").order_by("-number").first()
    return newest is not None and SealedEntry.objects.filter(entry=newest).exists()
