"""From the frozen pool to sealed scores: the value that deals the panels, the evaluation begun, its seal."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _

from panro.evaluation import actions as evaluation
from panro.evaluation.errors import EvaluationError
from panro.evaluation.models import Evaluation
from panro.intake.models import Place
from panro.proof.merkle import text_root
from panro.record.actions import seal_pending
from panro.rules.selection.model import ELIGIBLE
from panro.screening import actions as screening
from panro.screening.errors import UndecidedError
from panro.screening.models import CaseDecision, Review
from panro.selection.building import rules_of
from panro.selection.course.acting import acting, enter, go, is_sealed, keep, may_go
from panro.selection.course.errors import ChangedError, CourseError, WrongStepError
from panro.selection.course.values import checked_value
from panro.selection.models import CourseState, CourseStep, Step
from panro.selection.models.course import SOURCE_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.selection.models import RoundCourse


def enter_assignment_value(course_id: UUID, value: str, source: str, *, by: User, now: datetime) -> RoundCourse:
    """Enter the value of the public event that deals the panels, once, before anybody is judged.

    Args:
        course_id: of the round.
        value: as the event's words in the notice demand it.
        source: where it can be looked up.
        by: the officer.
        now: the moment.

    Raises:
        PermissionDenied, ConflictError: as every act.
        WrongStepError: the pool is not frozen, the value stands already, or the evaluation has begun.
        ValueFormError: the value has another form, or no source is named.
    """
    with acting("enter_assignment_value", course_id, by=by, now=now) as course:
        if course.state != CourseState.POOL_FROZEN:
            may_go(course, CourseState.EVALUATED)
        if course.assignment_value:
            raise WrongStepError(_("The value stands already: %(value)s.") % {"value": course.assignment_value})
        rules = rules_of(course)
        known = checked_value(value, rules.assignment_event, simulated=rules.simulated)
        where = named_source(source)
        keep(course, assignment_value=known, assignment_source=where)
        CourseStep.objects.create(course=course, step=Step.ASSIGNMENT, at=now, by=by)
        enter(
            "assignment_value_entered",
            course,
            by=by,
            now=now,
            public={"event": rules.assignment_event, "value": known, "source": where},
        )
        return course


def begin_evaluation(
    course_id: UUID, *, by: User, now: datetime, salt: Callable[[str], str] | None = None
) -> RoundCourse:
    """Settle the requirement review and hand everybody eligible to the evaluation. A set of constant statements.

    Also where there are no scored stages: the evaluation is then empty and is sealed as such.

    Args:
        course_id: of the round.
        by: the officer.
        now: the moment.
        salt: gives the salt of the commitment to a stage's panels by its code; by default a fresh one.

    Raises:
        PermissionDenied, ConflictError, WrongStepError: as every act.
        UndecidedError: cases wait at the desk; says how many.
        CourseError: the value that deals the panels is missing, or the evaluation cannot begin.
        ChangedError: the pool has another root than when it was frozen.
    """
    with acting("begin_evaluation", course_id, by=by, now=now) as course:
        may_go(course, CourseState.EVALUATED)
        if not course.assignment_value:
            raise CourseError(_("Please enter the value of the public event that deals the panels first."))
        _settle(course, by, now)
        entrants = _entrants(course)
        try:
            begun = evaluation.begin(
                course.version,
                rules_of(course),
                entrants,
                pool_root=course.pool_root,
                by=str(by.pk),
                now=now,
                salt=salt,
            )
        except EvaluationError as wrong:
            raise CourseError(str(wrong)) from wrong
        begun.assignment_value = course.assignment_value
        begun.save(update_fields=["assignment_value"])
        go(course, CourseState.EVALUATED, by=by, now=now, evaluation=begun)
        return course


def seal(course_id: UUID, *, by: User, now: datetime) -> RoundCourse:
    """Seal all scores of a round, and the record at once. What the panels' page has sealed is taken as it is.

    Raises:
        PermissionDenied, ConflictError, WrongStepError: as every act.
        CourseError: sheets are missing, a stage is not closed, or stored panels or scores were changed.
    """
    with acting("seal", course_id, by=by, now=now) as course:
        may_go(course, CourseState.SEALED)
        sealed = Evaluation.objects.get(round_id=course.round_id)
        if sealed.sealed_at is None:
            try:
                sealed = evaluation.seal(sealed.pk, by=str(by.pk), now=now)
            except EvaluationError as wrong:
                raise CourseError(str(wrong)) from wrong
        go(
            course,
            CourseState.SEALED,
            by=by,
            now=now,
            scores_count=cast("int", sealed.count),
            scores_root=sealed.scores_root,
        )
        if not is_sealed("evaluation_sealed", course.round_id):
            seal_pending(now)
        return course


def named_source(source: str) -> str:
    """Return where a public value can be looked up.

    Raises:
        CourseError: nothing is named.
    """
    text = source.strip()
    if not text or not text.isprintable() or len(text) > SOURCE_LENGTH:
        raise CourseError(_("Please say in one line where the value can be looked up."))
    return text


def _settle(course: RoundCourse, by: User, now: datetime) -> None:
    try:
        screening.settle(course.version, course.programme, course.round_code, by=by, now=now)
    except Review.DoesNotExist:
        if course.pool_count:
            raise UndecidedError(course.pool_count) from None


def _entrants(course: RoundCourse) -> list[evaluation.Entrant]:
    """The eligible ones of the pool. Two queries."""
    where = {"programme": course.programme, "round_code": course.round_code}
    places = list(
        Place.objects.filter(
            pool__edition=course.version.edition_id, **{f"pool__{name}": value for name, value in where.items()}
        )
        .order_by("result_no")
        .values_list("result_no", "receipt__commitment", "receipt__application_id")
    )
    found = text_root(commitment for _number, commitment, _application in places)
    if found != course.pool_root:
        raise ChangedError(_("The pool is not the one that was frozen. Please tell an auditor."))
    eligible = set(
        CaseDecision.objects.filter(
            undone_at=None,
            requirement=ELIGIBLE,
            case__review__edition=course.version.edition_id,
            **{f"case__review__{name}": value for name, value in where.items()},
        ).values_list("case_id", flat=True)
    )
    return [evaluation.Entrant(number, receipt, key) for number, receipt, key in places if key in eligible]
