"""A round as its page shows it: every step with who and when, what is next, what is missing, and who gets a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypedDict, cast

from django.utils.translation import gettext as _

from panro.editions.words import in_page_language
from panro.selection.building import rules_of
from panro.selection.course import forms, queries
from panro.selection.course.confirming import open_proposal
from panro.selection.models import CourseState, Outcome, Step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.forms import Form
    from django.http import QueryDict

    from panro.accounts.models import User
    from panro.evaluation.models import StageRun
    from panro.rules.selection.round_rules import RoundRules
    from panro.selection.models import CourseResult, ResultLine, RoundCourse, WhatIf
    from panro.staff.models import Approval
    from panro.ui.pager import Page

    type Forms = Mapping[str, Form]

__all__ = ["BADGES", "forms_of", "names_of", "open_proposal", "page_of"]

BADGES: Final = {
    CourseState.CLOSED: "",
    CourseState.POOL_FROZEN: "information",
    CourseState.EVALUATED: "information",
    CourseState.SEALED: "information",
    CourseState.DRAWN: "warning",
    CourseState.RUN: "warning",
    CourseState.CONFIRMED: "warning",
    CourseState.PUBLISHING: "warning",
    CourseState.PUBLISHED: "success",
    CourseState.SETTLED: "success",
}
OUTCOME_BADGES: Final = {
    Outcome.SELECTED: "success",
    Outcome.WAITING: "information",
    Outcome.NOT_SELECTED: "",
    Outcome.INELIGIBLE: "danger",
    Outcome.LAPSED: "warning",
    Outcome.WITHDRAWN: "",
}
WITHOUT_LETTER: Final = frozenset({Outcome.WITHDRAWN})
"""Who has withdrawn is told nothing more."""


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step: what it is called, whether it is done or the next, when and by whom."""

    label: str
    state: str
    at: datetime | None
    by: User | None


@dataclass(frozen=True, slots=True)
class ResultShown:
    """One application with what the selection made of it and why."""

    row: CourseResult
    name: str
    label: str
    badge: str
    sentence: str
    has_letter: bool


@dataclass(frozen=True, slots=True)
class CountShown:
    """How many have an outcome, and how many letters will go to them."""

    outcome: str
    label: str
    count: int
    letters: int


@dataclass(frozen=True, slots=True)
class WhatIfShown:
    """What was tried, in words, beside what came of it."""

    row: WhatIf
    changed: list[str]


class Shown(TypedDict, total=False):
    """All that the page of a round shows."""

    course: RoundCourse
    name: str
    round_name: str
    badge: str
    steps: list[StepShown]
    rules: RoundRules
    missing: queries.Missing | None
    stages: list[StageRun]
    what_ifs: list[WhatIfShown]
    may_try: bool
    may_act: bool
    proposal: Approval | None
    counts: list[CountShown]
    outcome: str
    page: Page[CourseResult] | None
    results: list[ResultShown]
    panels: list[str]
    forms: Forms
    error: str
    previous: str
    next: str


def names_of(course: RoundCourse) -> tuple[str, str]:
    """What programme and round are called on the page. No query once a process has read the notice."""
    names = queries.CourseNames(course)
    return in_page_language(names.programme.name), in_page_language(names.round.name)


def page_of(course: RoundCourse, *, outcome: str, cursor: str | None, may_act: bool) -> Shown:
    """Bring together what the page shows; constant queries.

    Raises:
        BadCursorError: the cursor is none of the list of results.
    """
    name, round_name = names_of(course)
    made = course.is_from(CourseState.RUN)
    page = queries.results(course, outcome=outcome, cursor=cursor) if made else None
    begun = course.is_from(CourseState.EVALUATED)
    return Shown(
        course=course,
        name=name,
        round_name=round_name,
        badge=BADGES[CourseState(course.state)],
        steps=_steps(course),
        rules=rules_of(course),
        missing=queries.missing(course) if course.state == CourseState.POOL_FROZEN else None,
        stages=queries.stages(course) if begun else [],
        what_ifs=[WhatIfShown(one, _changed(course, one)) for one in queries.what_ifs(course)],
        may_try=may_act and course.state in {CourseState.EVALUATED, CourseState.SEALED},
        may_act=may_act,
        proposal=open_proposal(course) if course.state == CourseState.RUN else None,
        counts=_counts(course) if made else [],
        outcome=outcome,
        page=page,
        results=[] if page is None else _results(course, page),
        panels=course.round_id.split("/"),
    )


def forms_of(course: RoundCourse, act: str, given: QueryDict) -> Forms:
    """The forms of the page; that of the act at hand is bound."""
    rules = rules_of(course)
    names = queries.CourseNames(course)
    tracks = {one.code: in_page_language(one.name) for one in names.programme.tracks}
    caps = {one.name: in_page_language(one.text) for one in names.programme.caps}

    def data(name: str) -> QueryDict | None:
        return given if act == name else None

    return {
        "assignment": forms.ValueForm(rules.assignment_event, data("assignment"), simulated=rules.simulated),
        "draw": forms.ValueForm(rules.draw_event, data("draw"), simulated=rules.simulated),
        "what_if": forms.WhatIfForm(rules, tracks, caps, data("what_if")),
        "propose": forms.WhyForm(data("propose")),
    }


def _steps(course: RoundCourse) -> list[StepShown]:
    done = queries.steps(course)
    found = []
    is_next = True
    for step in Step:
        known = done.get(step)
        state = "done" if known else "current" if is_next else ""
        is_next = is_next and known is not None
        found.append(
            StepShown(str(step.label), state, None if known is None else known.at, None if known is None else known.by)
        )
    return found


def _counts(course: RoundCourse) -> list[CountShown]:
    return [
        CountShown(outcome.value, str(outcome.label), count, 0 if outcome in WITHOUT_LETTER else count)
        for outcome, count in queries.counts(course).items()
    ]


def _results(course: RoundCourse, page: Page[CourseResult]) -> list[ResultShown]:
    names = queries.CourseNames(course)
    found = []
    for row in page.rows:
        outcome = Outcome(row.outcome)
        sentence = in_page_language(names.explain(cast("ResultLine", row)))  # it has all that a sentence needs
        found.append(
            ResultShown(
                row,
                str(row.application.party.name),
                str(outcome.label),
                OUTCOME_BADGES[outcome],
                sentence,
                outcome not in WITHOUT_LETTER,
            )
        )
    return found


def _changed(course: RoundCourse, tried: WhatIf) -> list[str]:
    """What was different, in words."""
    names = queries.CourseNames(course)
    told = cast("Mapping[str, object]", tried.parameters)
    found = []
    if "seats" in told:
        found.append(_("Places in all: %(count)s") % {"count": told["seats"]})
    tracks = {one.code: in_page_language(one.name) for one in names.programme.tracks}
    caps = {one.name: in_page_language(one.text) for one in names.programme.caps}
    for key, known in (("tracks", tracks), ("caps", caps)):
        for code, count in cast("Mapping[str, int]", told.get(key, {})).items():
            found.append(f"{known.get(code, code)}: {count}")
    if told.get("bonus") is False:
        found.append(_("Without bonus points"))
    return found or [_("As announced")]
