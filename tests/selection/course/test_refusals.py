"""What is refused on the way: every act out of turn, wrong values, the wrong people; and what of it is recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from intake.world import CLOSES, someone
from panro.parties.models import Membership, Party
from panro.parties.states import Role as PartyRole
from panro.record.models import Entry
from panro.screening.errors import UndecidedError
from panro.selection import course as acts
from panro.selection.course import checks
from panro.selection.course.errors import (
    ClockError,
    ConflictError,
    CourseError,
    NotYetClosedError,
    SeedKnownError,
    ValueFormError,
    WrongStepError,
)
from panro.selection.course.values import checked_value
from panro.selection.models import COURSE, CourseState, RoundCourse, WhatIf
from panro.staff import actions as staff
from selection.course import world

if TYPE_CHECKING:
    from collections.abc import Callable

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db
LOTTO = "평가 봉인 뒤 첫 토요일에 추첨하는 로또 6/45의 당첨 번호"
INDEX = "다음 거래일의 코스피 종가(소수 둘째 자리까지)"


def every_act(story: world.Story) -> dict[str, Callable[[], object]]:
    pk, han = story.course.pk, story.by
    return {
        "freeze": story.freeze,
        "assignment": story.assignment,
        "begin": story.begin,
        "seal": story.seal,
        "draw": story.draw,
        "run": story.run,
        "propose": lambda: acts.propose_confirmation(pk, "명단 확정", by=han, now=story.later()),
        "publish": story.publish,
        "carry_on": story.carry_on,
        "settle": lambda: acts.settle(pk, by=han, now=story.later()),
    }


NEXT = ["freeze", "assignment", "begin", None, "seal", "draw", "run", "propose", "publish", "carry_on"]


def test_no_act_comes_out_of_turn(story: world.Story) -> None:
    story.rows()
    story.open()
    for (state, step), turn in zip(story.steps(), NEXT, strict=True):
        before = RoundCourse.objects.values().get()
        for name, act in every_act(story).items():
            idle = name == "carry_on" and before["published_id"] is not None
            if name == turn or idle or (turn is None and name == "seal"):
                continue
            with pytest.raises(CourseError):
                act()
        assert RoundCourse.objects.values().get() == before
        step()
        assert state is None or story.course.state == state
    again = {name: act for name, act in every_act(story).items() if name not in {"carry_on", "settle"}}
    for act in again.values():
        with pytest.raises(WrongStepError):
            act()
    assert acts.settle(story.course.pk, by=story.by, now=story.later()).state == CourseState.SETTLED


def test_no_step_is_earlier_than_the_one_before(story: world.Story) -> None:
    pk = story.until(CourseState.SEALED).pk
    early = story.now - timedelta(seconds=1)
    with pytest.raises(ClockError):
        acts.draw(pk, world.VALUES.draw, "x", by=story.by, now=early)
    assert acts.draw(pk, world.VALUES.draw, "x", by=story.by, now=story.now).state == CourseState.DRAWN


def test_a_selection_is_made_once(story: world.Story) -> None:
    story.until(CourseState.RUN)
    with pytest.raises(WrongStepError):
        story.run()


def test_the_course_opens_on_the_day_after_the_last_one(notice: EditionVersion, han: User, noh: User) -> None:
    where = (notice, "3-1", "R1")
    with pytest.raises(NotYetClosedError, match=CLOSES.isoformat()):
        acts.open_course(*where, by=han, now=world.NOW, today=CLOSES)
    with pytest.raises(PermissionDenied):
        acts.open_course(*where, by=noh, now=world.NOW, today=world.AFTER)
    with pytest.raises(CourseError, match="no such round"):
        acts.open_course(notice, "3-1", "R9", by=han, now=world.NOW, today=world.AFTER)
    made = acts.open_course(*where, by=han, now=world.NOW, today=CLOSES + timedelta(days=1))
    assert (made.round_id, made.state, made.rules["seats"]) == ("2021/3-1/R1", CourseState.CLOSED, 1800)
    with pytest.raises(CourseError, match="open already"):
        acts.open_course(*where, by=han, now=world.NOW, today=world.AFTER)


def test_a_real_round_runs_under_the_rules_of_its_notice(story: world.Story) -> None:
    with pytest.raises(CourseError, match="Only a rehearsal"):
        acts.open_course(
            story.version,
            "3-1",
            "R1",
            by=story.by,
            now=world.NOW,
            today=world.AFTER,
            rules=replace(story.rules, simulated=False),
        )


def test_undecided_cases_hold_the_evaluation_up(story: world.Story) -> None:
    story.rows(undecided=3)
    story.open()
    story.freeze()
    story.assignment()
    with pytest.raises(UndecidedError) as refused:
        story.begin()
    assert refused.value.count >= 2  # who has withdrawn is decided by that
    assert story.course.state == CourseState.POOL_FROZEN


def test_a_public_value_has_one_spelling() -> None:
    for value in ("3,9,17,24,33,41,8", "1,2,3,4,5,45,6"):
        assert checked_value(f" {value}\t", LOTTO, simulated=False) == value
    for value in (
        "3, 9, 17, 24, 33, 41, 8",
        "9,3,17,24,33,41,8",
        "3,9,17,24,33,41",
        "3,9,17,24,33,46,8",
        "3,9,17,24,33,41,9",
        "03,9,17,24,33,41,8",
        "0,9,17,24,33,41,8",
        "",
    ):
        with pytest.raises(ValueFormError):
            checked_value(value, LOTTO, simulated=False)
    assert checked_value("3153.32", INDEX, simulated=False) == "3153.32"
    for value in ("3,153.32", "3153.3", "3153", "3153.321", "-1.00", "0.00"):
        with pytest.raises(ValueFormError):
            checked_value(value, INDEX, simulated=False)
    assert checked_value("simulated-1", LOTTO, simulated=True) == "simulated-1"
    assert checked_value("any words", "another event", simulated=False) == "any words"
    with pytest.raises(ValueFormError):
        checked_value("two\nlines", "another event", simulated=False)


def test_a_value_needs_its_source_and_stands(story: world.Story) -> None:
    story.rows()
    story.open()
    story.freeze()
    with pytest.raises(CourseError, match="looked up"):
        acts.enter_assignment_value(story.course.pk, "3153.32", " ", by=story.by, now=story.later())
    story.assignment()
    with pytest.raises(WrongStepError, match=r"3153\.32"):
        story.assignment()


def test_an_auditor_acts_on_no_round(story: world.Story, noh: User) -> None:
    story.rows()
    story.open()
    with pytest.raises(PermissionDenied):
        acts.freeze(story.course.pk, by=noh, now=story.later(), today=world.AFTER)


def test_who_may_not_judge_an_applicant_leads_no_round_of_it(story: world.Story) -> None:
    story.rows()
    story.open()
    party = Party.objects.order_by("pk")[0]
    kin = Membership.objects.create(user=story.by, party=party, role=PartyRole.STAFF, since=world.NOW)
    with pytest.raises(ConflictError):
        story.freeze()
    entry = Entry.objects.get(act="course_act_refused")
    assert entry.actor == str(story.by.pk)
    assert json.loads(entry.document)["public"] == {"act": "freeze", "why": "conflict"}
    assert story.course.state == CourseState.CLOSED
    kin.delete()
    assert story.freeze().state == CourseState.POOL_FROZEN


def test_nobody_confirms_alone(story: world.Story, han: User, yoon: User) -> None:
    pk = story.until(CourseState.RUN).pk
    with pytest.raises(staff.ReasonMissingError):
        acts.propose_confirmation(pk, "  ", by=yoon, now=story.later())
    proposed = acts.propose_confirmation(pk, "명단 확정", by=yoon, now=story.later())
    with pytest.raises(staff.AlreadyProposedError):
        acts.propose_confirmation(pk, "명단 확정", by=han, now=story.later())
    with pytest.raises(staff.NotTwoPersonsError):
        staff.approve(proposed.pk, by=yoon, now=story.later())
    entry = Entry.objects.get(act="approval_alone_refused")
    assert (entry.actor, entry.subject) == (str(yoon.pk), "round:2021/3-1/R1")
    with pytest.raises(PermissionDenied):  # an officer confirms nothing
        staff.approve(proposed.pk, by=han, now=story.later())
    assert story.course.state == CourseState.RUN
    staff.approve(proposed.pk, by=story.chiefs[1], now=story.later())
    course = story.course
    assert (course.state, course.proposed_by, course.confirmed_by) == ("confirmed", yoon, story.chiefs[1])


def test_a_chief_with_a_conflict_confirms_nothing(story: world.Story, yoon: User) -> None:
    pk = story.until(CourseState.RUN).pk
    proposed = acts.propose_confirmation(pk, "명단 확정", by=story.by, now=story.later())
    party = Party.objects.order_by("pk")[0]
    Membership.objects.create(user=yoon, party=party, role=PartyRole.STAFF, since=world.NOW)
    failed = staff.approve(proposed.pk, by=yoon, now=story.later())
    assert (failed.state, story.course.state) == ("failed", CourseState.RUN)
    assert "may not judge" in failed.reason


def by_a_superuser(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_what_two_persons_confirm_is_what_the_rows_give(story: world.Story, yoon: User) -> None:
    pk = story.until(CourseState.RUN).pk
    proposed = acts.propose_confirmation(pk, "명단 확정", by=story.by, now=story.later())
    by_a_superuser(
        "UPDATE screening_casedecision SET region = '26' WHERE id ="
        " (SELECT id FROM screening_casedecision WHERE region <> '26' ORDER BY id LIMIT 1)"
    )
    failed = staff.approve(proposed.pk, by=yoon, now=story.later())
    assert (failed.state, story.course.state) == ("failed", CourseState.RUN)
    assert [one.where for one in checks.digests()] == ["round 2021/3-1/R1, selection"]


def test_a_superusers_edit_of_the_seed_is_found(story: world.Story) -> None:
    story.until(CourseState.DRAWN)
    by_a_superuser("UPDATE selection_roundcourse SET seed = %s", "ab" * 32)
    with pytest.raises(CourseError, match="tell an auditor"):
        story.run()
    assert [one.where for one in checks.seeds()] == [
        "round 2021/3-1/R1, seed",
        "round 2021/3-1/R1, seed in the record",
    ]


def test_a_superusers_edit_of_a_what_if_is_found(story: world.Story) -> None:
    pk = story.until(CourseState.SEALED).pk
    for seats in (1, 2):
        acts.what_if(pk, acts.Changes(seats=seats), by=story.by, now=story.later())
    by_a_superuser("DELETE FROM selection_whatif WHERE number = 1")
    by_a_superuser("UPDATE selection_whatif SET parameters = '{}'")
    assert [(one.where, one.found == "none") for one in checks.tried()] == [
        ("round 2021/3-1/R1, what-if 1", True),
        ("round 2021/3-1/R1, what-if 2", False),
    ]


def test_nothing_is_tried_once_the_seed_is_known(story: world.Story) -> None:
    pk = story.until(CourseState.DRAWN).pk
    with pytest.raises(SeedKnownError):
        acts.what_if(pk, acts.Changes(seats=1), by=story.by, now=story.later())
    entry = Entry.objects.get(act="course_act_refused")
    assert json.loads(entry.document)["public"] == {"act": "what_if", "why": "seed_known"}
    with pytest.raises(DatabaseError, match="seed is known"), transaction.atomic():
        WhatIf.objects.create(course=story.course, number=1, by=story.by, at=world.NOW, parameters={}, result={})
    assert not WhatIf.objects.exists()


def test_the_database_keeps_what_was_once_known(story: world.Story) -> None:
    pk = story.until(CourseState.RUN).pk
    rows = RoundCourse.objects.filter(pk=pk)
    changes: list[dict[str, object]] = [
        {"seed": "ab" * 32},
        {"draw_value": "1,2,3,4,5,6,7"},
        {"digest": "ab" * 32},
        {"pool_root": "ab" * 32},
        {"scores_root": "ab" * 32},
        {"assignment_value": "1.00"},
        {"secret": "ab" * 32},
        {"rules": {}},
        {"state": CourseState.DRAWN},
        {"state": CourseState.PUBLISHED},
    ]
    for change in changes:
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            rows.update(**change)
    for statement, said in (
        ("DELETE FROM selection_courseresult", "only grows"),
        ("UPDATE selection_coursestep SET at = now()", "only grows"),
        ("DELETE FROM selection_roundcourse", "stays"),
    ):
        with pytest.raises(DatabaseError, match=said), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError), transaction.atomic():  # a selection of two, confirmed by one
        rows.update(state=CourseState.CONFIRMED, proposed_by=story.by, confirmed_by=story.by)


def test_the_lifecycle_is_the_one_of_the_trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'selection_course_guard'")
        source = cursor.fetchone()[0]
    steps = [(before.value, after.value) for before, following in COURSE.items() for after in following]
    for before, after in steps:
        assert f"('{before}', '{after}')" in source
    assert source.count("', '") == len(steps)


def test_somebody_else_is_no_officer(story: world.Story) -> None:
    story.rows()
    story.open()
    with pytest.raises(PermissionDenied):
        acts.draw(story.course.pk, "1", "x", by=someone("김민지"), now=story.later())
