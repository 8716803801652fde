"""Reading rounds on their way; the number of queries never grows with the rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from django.db.models import Count

from panro.editions.documents import edition_of
from panro.editions.models import EditionVersion, VersionState
from panro.evaluation.models import StageRun
from panro.screening import queries as screening
from panro.screening.actions.taking_in import untaken
from panro.screening.models import CaseDecision
from panro.screening.states import OPEN
from panro.selection.models import CourseResult, CourseState, CourseStep, Outcome, RoundCourse, WhatIf
from panro.selection.names import RoundNames
from panro.ui.pager import paginate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from panro.rules.edition.base import TextData
    from panro.ui.pager import Page

COURSES_A_PAGE: Final = 50
RESULTS_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Closed:
    """A round that is closed and has no course yet."""

    version: EditionVersion
    programme: str
    round_code: str
    name: TextData
    round_name: TextData
    closed_on: date

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.version.pk}/{self.programme}/{self.round_code}"


@dataclass(frozen=True, slots=True)
class Missing:
    """What has to happen elsewhere before the evaluation begins."""

    undecided: int
    untaken: int

    @property
    def anything(self) -> bool:
        """Whether something is missing."""
        return bool(self.undecided or self.untaken)


class CourseNames(RoundNames):
    """Names of everything in a round that is not published yet."""

    def __init__(self, course: RoundCourse) -> None:  # a course instead of a publication
        self.course = course
        self.edition = edition_of(course.version)
        self.programme = self.edition.programme(course.programme)
        self.round = self.programme.round(course.round_code)

    @cached_property
    def _regions(self) -> list[str]:
        decisions = CaseDecision.objects.filter(
            undone_at=None,
            case__review__edition=self.course.version.edition_id,
            case__review__programme=self.course.programme,
            case__review__round_code=self.course.round_code,
        )
        return list(decisions.order_by("region").values_list("region", flat=True).distinct())


def courses(*, state: str = "", programme: str = "", cursor: str | None = None) -> Page[RoundCourse]:
    """Return one page of rounds, the one opened last first. One query.

    Raises:
        BadCursorError: the cursor is none of this list.
    """
    found = RoundCourse.objects.select_related("version__edition", "published").defer(
        "rules", "version__document", "version__changes", "published__rules", "published__summary"
    )
    if state in CourseState.values:
        found = found.filter(state=state)
    if programme:
        found = found.filter(programme=programme)
    return paginate(found, order=["-id"], cursor=cursor, size=COURSES_A_PAGE)


def closed_rounds(today: date) -> list[Closed]:
    """Return the rounds that are closed and have no course, by programme and round. Two queries."""
    known = set(RoundCourse.objects.values_list("round_id", flat=True))
    found = []
    versions = EditionVersion.objects.filter(state=VersionState.PUBLISHED).select_related("edition")
    for version in versions.defer("document", "changes").order_by("edition__code"):
        for programme in edition_of(version).programmes:
            found += [
                Closed(version, programme.code, one.code, programme.name, one.name, one.closes)
                for one in programme.rounds
                if one.closes < today and f"{version.edition.code}/{programme.code}/{one.code}" not in known
            ]
    return sorted(found, key=lambda one: (one.closed_on, one.programme, one.round_code), reverse=True)


def course(course_id: UUID) -> RoundCourse | None:
    """Return a round with its notice, its publication and who confirmed it; None if there is none. One query."""
    rows = RoundCourse.objects.select_related(
        "version__edition", "published", "evaluation", "proposed_by", "confirmed_by"
    )
    return (
        rows.defer("version__document", "version__changes", "published__summary", "evaluation__rules")
        .filter(pk=course_id)
        .first()
    )


def steps(course_: RoundCourse) -> dict[str, CourseStep]:
    """What was done, by step. One query."""
    return {one.step: one for one in CourseStep.objects.filter(course=course_).select_related("by")}


def missing(course_: RoundCourse) -> Missing:
    """How many cases wait at the desk, and how many applications have not come to it. Two queries."""
    counted = screening.progress(course_.version, course_.programme, course_.round_code)
    waiting = untaken().filter(
        edition=course_.version.edition_id, programme=course_.programme, round_code=course_.round_code
    )
    return Missing(sum(counted[state] for state in OPEN), waiting.count())


def stages(course_: RoundCourse) -> list[StageRun]:
    """The scored stages of a round, with ``people``: how many take part. One query."""
    rows = StageRun.objects.filter(evaluation__round_id=course_.round_id)
    return list(rows.annotate(people=Count("participants")).order_by("position"))


def what_ifs(course_: RoundCourse) -> list[WhatIf]:
    """What was tried, the first first. One query."""
    return list(WhatIf.objects.filter(course=course_).select_related("by").order_by("number"))


def results(course_: RoundCourse, *, outcome: str = "", cursor: str | None = None) -> Page[CourseResult]:
    """Return one page of what the selection made of everybody, with their names. One query.

    Raises:
        BadCursorError: the cursor is none of this list.
    """
    found = CourseResult.objects.filter(course=course_).select_related("application__party")
    if outcome in Outcome.values:
        found = found.filter(outcome=outcome)
    return paginate(found, order=["result_no"], cursor=cursor, size=RESULTS_A_PAGE)


def counts(course_: RoundCourse) -> Mapping[Outcome, int]:
    """How many have which outcome, of a round whose selection is made. No query."""
    return {outcome: getattr(course_, outcome.value) or 0 for outcome in Outcome}
