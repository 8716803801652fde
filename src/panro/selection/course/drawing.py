"""The seed is drawn from a public event, and the selection is made: once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.utils.translation import gettext as _

from panro.dossier.write import render
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.ranking import seed
from panro.selection.building import BuildError, applications_of, built, rules_of
from panro.selection.course.acting import acting, enter, go, may_go
from panro.selection.course.errors import ChangedError
from panro.selection.course.evaluating import named_source
from panro.selection.course.values import checked_value
from panro.selection.models import CourseState, Outcome

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.dossier.model import RoundRecord
    from panro.selection.models import RoundCourse

COLUMNS: Final = (
    "course_id",
    "result_no",
    "application_id",
    "outcome",
    "reason",
    "detail",
    "step",
    "rank",
    "position",
    "total",
)


def draw(course_id: UUID, value: str, source: str, *, by: User, now: datetime) -> RoundCourse:
    """Enter the value of the public event behind the draw, which gives the seed; nobody can change either after.

    Raises:
        PermissionDenied, ConflictError, WrongStepError: as every act; the scores must be sealed.
        ValueFormError, CourseError: the value is not written as its event demands, or no source is named.
    """
    with acting("draw", course_id, by=by, now=now) as course:
        may_go(course, CourseState.DRAWN)
        rules = rules_of(course)
        known = checked_value(value, rules.draw_event, simulated=rules.simulated)
        where = named_source(source)
        drawn = seed(
            round_id=course.round_id,
            draw_event=rules.draw_event,
            draw_value=known,
            pool_root=course.pool_root,
            scores_root=course.scores_root,
        )
        go(course, CourseState.DRAWN, by=by, now=now, draw_value=known, draw_source=where, seed=drawn)
        enter(
            "seed_drawn",
            course,
            by=by,
            now=now,
            public={"event": rules.draw_event, "value": known, "source": where, "seed": drawn},
        )
        return course


def run(course_id: UUID, *, by: User, now: datetime) -> RoundCourse:
    """Make the selection from the rows, and keep what became of everybody and the root of the dossier it gives.

    Raises:
        PermissionDenied, ConflictError, WrongStepError: as every act; a selection is made once.
        ChangedError: rows were changed after they were sealed.
    """
    with acting("run", course_id, by=by, now=now) as course:
        may_go(course, CourseState.RUN)
        record = build_again(course)
        digest = render(record).root
        _keep_results(course, record)
        counts: Counter[str] = Counter(one.outcome for one in record.results)
        numbers = {outcome.value: counts[outcome.value] for outcome in Outcome}
        go(course, CourseState.RUN, by=by, now=now, digest=digest, **numbers)
        enter("selection_made", course, by=by, now=now, public={"digest": digest, **numbers})
        return course


def build_again(course: RoundCourse) -> RoundRecord:
    """Build a round from its rows, for a person who acts.

    Raises:
        ChangedError: the rows do not give what was fixed before.
    """
    try:
        return built(course.pk)
    except (BuildError, SelectionError) as wrong:
        raise ChangedError(
            _("The rows of this round were changed after they were sealed. Please tell an auditor. (%(what)s)")
            % {"what": wrong}
        ) from wrong


def _keep_results(course: RoundCourse, record: RoundRecord) -> None:
    names = ", ".join(f'"{column}"' for column in COLUMNS)
    applications = applications_of(course)
    with connection.cursor() as cursor, cursor.copy(f"COPY selection_courseresult ({names}) FROM STDIN") as copy:
        for one in record.results:
            copy.write_row(
                (
                    course.pk,
                    one.result_no,
                    applications[one.result_no],
                    one.outcome,
                    one.reason,
                    one.detail,
                    one.step,
                    one.rank,
                    one.position,
                    one.total,
                )
            )
