"""A round's course is opened after its last day, and its pool is frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from panro.editions.models import VersionState
from panro.editions.words import in_page_language
from panro.intake import actions as intake
from panro.intake.calls import call_of, day_for
from panro.intake.errors import NotYetError, UnknownRoundError
from panro.intake.models import Pool
from panro.record.actions import new_salt, record, seal_pending
from panro.rules.freeze import round_rules
from panro.screening.access import check_officer
from panro.selection.course.acting import acting, go, is_sealed
from panro.selection.course.errors import CourseError, NotYetClosedError
from panro.selection.models import CourseState, CourseStep, RoundCourse, Step

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.rules.freeze import CarriedOver
    from panro.rules.selection.round_rules import RoundRules


@transaction.atomic
def open_course(
    version: EditionVersion,
    programme: str,
    round_code: str,
    *,
    by: User,
    now: datetime,
    today: date | None = None,
    carried_over: CarriedOver = 0,
    rules: RoundRules | None = None,
    secret: str | None = None,
) -> RoundCourse:
    """Open the course of a round that is closed: its rules are frozen for the dossier.

    Args:
        version: the notice in force.
        programme: its code.
        round_code: code of the round.
        by: the officer.
        now: the moment.
        today: the day in Seoul; told from the moment if it is not given.
        carried_over: places that earlier rounds left unfilled, in all or by track.
        rules: those of a rehearsal, which may try other ones; a real round runs under those of its notice.
        secret: 64 hexadecimal digits from which salts follow; by default unpredictable ones.

    Raises:
        PermissionDenied: neither officer nor chief.
        CourseError: no such round, its course is open already, or no places can be carried into it.
        NotYetClosedError: somebody may still apply.
    """
    check_officer(by)
    if version.state != VersionState.PUBLISHED:
        raise CourseError(_("This notice is not the one in force."))
    try:
        call = call_of(version, programme, round_code)
    except UnknownRoundError as unknown:
        raise CourseError(_("The notice has no such round.")) from unknown
    if day_for(now, today) <= call.round_.closes:
        raise NotYetClosedError(call.round_.closes)
    if rules is None:
        try:
            rules = round_rules(call.edition, call.programme, call.round_, carried_over=carried_over)
        except ValueError as wrong:
            raise CourseError(_("No places can be carried into this round so.")) from wrong
    elif not rules.simulated or rules.round_id != call.round_id:
        raise CourseError(_("Only a rehearsal tries other rules than those of the notice."))
    course, made = RoundCourse.objects.get_or_create(
        round_id=call.round_id,
        defaults={
            "version": version,
            "programme": programme,
            "round_code": round_code,
            "rules": rules.to_json(),
            "secret": secret or new_salt(),
        },
    )
    if not made:
        raise CourseError(_("The course of this round is open already."))
    CourseStep.objects.create(course=course, step=Step.CLOSED, at=now, by=by)
    record(
        "course_opened",
        actor=str(by.pk),
        subject=f"round:{call.round_id}",
        at=now,
        now=now,
        public={"seats": rules.seats, "version": version.digest},
    )
    return course


def freeze(course_id: UUID, *, by: User, now: datetime, today: date | None = None) -> RoundCourse:
    """Freeze the pool of a round, and seal the record at once: the pool has a head before anybody is judged.

    Cases need not be decided yet; they are before the evaluation begins.

    Raises:
        PermissionDenied, ConflictError, WrongStepError: as every act.
        CourseError: somebody whose time was extended may still hand in.
    """
    with acting("freeze", course_id, by=by, now=now) as course:
        try:
            intake.freeze_pool(course.version, course.programme, course.round_code, by=str(by.pk), now=now, today=today)
        except NotYetError as early:
            raise CourseError(str(in_page_language(early.text))) from early
        pool = Pool.objects.get(
            edition=course.version.edition_id, programme=course.programme, round_code=course.round_code
        )
        go(course, CourseState.POOL_FROZEN, by=by, now=now, pool_count=pool.count, pool_root=pool.root)
        if not is_sealed("pool_frozen", course.round_id):
            seal_pending(now)
        return course
