"""Reviewers, panels and sheets: what the acts do, and what they refuse."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, connection, transaction

from evaluation import world
from evaluation.world import BY, START
from panro.evaluation import actions, queries
from panro.evaluation.errors import (
    EvaluationError,
    FellBehindError,
    IncompleteSheetError,
    NotYoursError,
    SealedError,
    SheetsMissingError,
)
from panro.evaluation.models import (
    Assignment,
    PanelMinute,
    Participant,
    RosterPlace,
    ScoreVersion,
    StageRun,
)
from panro.evaluation.states import RUN, ReviewerState, RunState
from panro.notify.models import Message
from panro.rules.selection.assignment import assign as dealt_by_rules
from panro.rules.selection.assignment import assignment_key
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.model import Panel
from rules.selection.makers import make_rules, make_stage

if TYPE_CHECKING:
    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.rules.selection.round_rules import RoundRules

pytestmark = pytest.mark.usefixtures("english")
POINTS = {"a": "50", "b": "30"}


def refused(sql: str, *params: Any) -> str:  # noqa: ANN401 # whatever a statement takes
    """What the database says to a statement that it refuses."""
    with pytest.raises(DatabaseError) as wrong, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(wrong.value).partition("\n")[0]


def test_panels_are_those_that_the_rules_deal(notice: EditionVersion, rules: RoundRules) -> None:
    judged = world.begun(notice, rules, count=7)
    run = actions.assign(judged.run().pk, world.VALUE, by=BY, now=START)
    key = assignment_key(rules.round_id, "paper", rules.assignment_event, world.VALUE, world.POOL)
    receipts = {number: world.receipt(number) for number in range(1, 8)}
    expected = dealt_by_rules(
        key=key, stage="paper", size=3, panel=Panel(tuple(sorted(judged.people))), receipts=receipts
    ).seats
    assert judged.seats() == expected
    assert Counter(name for members in expected.values() for name in members).total() == 21
    assert run.state == RunState.ASSIGNED
    with pytest.raises(EvaluationError):
        actions.assign(run.pk, world.VALUE, by=BY, now=START)
    with pytest.raises(EvaluationError):
        actions.set_up(run.pk, [], by=BY, now=START)


def test_a_roster_that_is_too_small_is_refused_and_nothing_is_written(
    notice: EditionVersion, rules: RoundRules
) -> None:
    judged = world.begun(notice, rules, names=("강하나", "나두리"))
    with pytest.raises(SelectionError, match="its panel needs 3; add reviewers"):
        actions.assign(judged.run().pk, world.VALUE, by=BY, now=START)
    assert (judged.run().state, judged.run().evaluation.assignment_value) == (RunState.DRAFT, "")
    resting = world.reviewer("쉬는이", state=ReviewerState.RESTING)
    with pytest.raises(EvaluationError, match="no active reviewer"):
        actions.set_up(judged.run().pk, [resting.pk], by=BY, now=START)


def test_a_reviewer_is_replaced_in_mid_evaluation(judged: world.Judged) -> None:
    before = judged.seats()
    name = before[2][1]
    seat = judged.seat(2, name)
    first = actions.hand_in(seat.pk, POINTS, "", latest=0, by=seat.reviewer, now=START)
    (done,) = actions.replace(judged.run().pk, 2, name, "입원", by=BY, now=START + timedelta(hours=1))
    after = judged.seats()
    assert (done.number, done.reviewer.code, done.why) == (1, name, "입원")
    assert after[2] == (before[2][0], done.successor.code, before[2][2])
    assert {number: after[number] for number in (1, 3, 4)} == {number: before[number] for number in (1, 3, 4)}
    with pytest.raises(NotYoursError, match="replaced in this panel"):
        actions.hand_in(seat.pk, POINTS, "", latest=1, by=seat.reviewer, now=START)
    with pytest.raises(NotYoursError, match="replaced in this panel"):
        actions.save_draft(seat.pk, POINTS, "", revision=0, by=seat.reviewer, now=START)
    assert "has left the panel" in refused(
        "INSERT INTO evaluation_scoreversion (id, assignment_id, version, points, comment, at, salt, commitment)"
        " SELECT gen_random_uuid(), assignment_id, 2, points, '', at, salt, commitment FROM evaluation_scoreversion"
    )
    with pytest.raises(NotYoursError, match="does not sit"):
        actions.replace(judged.run().pk, 2, name, "입원", by=BY, now=START)
    judged.hand_in_all()
    actions.close(judged.run().pk, by=BY, now=START)
    actions.seal(judged.evaluation.pk, by=BY, now=START)
    assert ScoreVersion.objects.filter(pk=first.pk).exists()
    judged.evaluation.refresh_from_db()
    assert judged.evaluation.count == 13


def test_who_resigns_leaves_all_panels_and_takes_over_none(judged: world.Judged) -> None:
    before = judged.seats()
    gone, other = before[1][0], before[1][1]
    made = actions.resign(judged.run().pk, gone, "일정", by=BY, now=START)
    assert [one.participant.result_no for one in made] == [n for n in sorted(before) if gone in before[n]]
    assert all(gone not in members for members in judged.seats().values())
    actions.replace(judged.run().pk, 1, other, "일정", by=BY, now=START)
    assert gone not in judged.seats()[1]
    assert [(one.reviewer.code, one.after) for one in judged.run().resignations.all()] == [(gone, 0)]


def test_a_sheet_is_kept_as_typed_and_two_windows_are_told(judged: world.Judged) -> None:
    seat = judged.seat(1, judged.seats()[1][0])
    draft = actions.save_draft(seat.pk, {"a": "5O", "zz": "1"}, "초안", revision=0, by=seat.reviewer, now=START)
    assert (draft.points, draft.comment, draft.revision) == ({"a": "5O"}, "초안", 1)
    with pytest.raises(FellBehindError) as behind:
        actions.save_draft(seat.pk, {"a": "7"}, "", revision=0, by=seat.reviewer, now=START)
    assert behind.value.revision == 1
    again = actions.save_draft(seat.pk, {"a": "5O"}, "초안", revision=0, by=seat.reviewer, now=START)
    assert again.revision == 1  # the very same is no conflict
    assert actions.save_draft(seat.pk, {"a": "7"}, "", revision=1, by=seat.reviewer, now=START).revision == 2


def test_the_same_sheet_handed_in_twice_is_one_version(judged: world.Judged) -> None:
    seat = judged.seat(1, judged.seats()[1][0])
    one = actions.hand_in(seat.pk, POINTS, "", latest=0, by=seat.reviewer, now=START)
    assert actions.hand_in(seat.pk, POINTS, "", latest=0, by=seat.reviewer, now=START) == one
    with pytest.raises(FellBehindError):
        actions.hand_in(seat.pk, {**POINTS, "a": "1"}, "", latest=0, by=seat.reviewer, now=START)
    two = actions.hand_in(seat.pk, {**POINTS, "a": "1"}, "", latest=1, by=seat.reviewer, now=START)
    assert [(row.version, [int(point) for point in row.points]) for row in (one, two)] == [(1, [50, 30]), (2, [1, 30])]
    seat.refresh_from_db()
    assert seat.latest == 2


@pytest.mark.parametrize(
    ("points", "wrong"),
    [
        ({"a": "60", "b": "40"}, set()),
        ({"a": "0", "b": "0"}, set()),
        ({"a": "61", "b": "40"}, {"a"}),
        ({"a": "-1", "b": "41"}, {"a", "b"}),
        ({"a": "1.5", "b": ""}, {"a", "b"}),
        ({"a": "NaN", "b": "십"}, {"a", "b"}),
        ({"a": "1e1", "b": "1"}, set()),
    ],
)
def test_points_on_the_grid_only(points: dict[str, str], wrong: set[str], judged: world.Judged) -> None:
    seat = judged.seat(1, judged.seats()[1][0])
    if not wrong:
        assert actions.hand_in(seat.pk, points, "", latest=0, by=seat.reviewer, now=START).version == 1
        return
    with pytest.raises(IncompleteSheetError) as refusal:
        actions.hand_in(seat.pk, points, "", latest=0, by=seat.reviewer, now=START)
    assert set(refusal.value.faults) == wrong


def test_the_database_refuses_what_the_acts_would_never_do(judged: world.Judged) -> None:
    seat = judged.seat(1, judged.seats()[1][0])
    other = judged.seat(2, judged.seats()[2][0])
    actions.hand_in(seat.pk, POINTS, "", latest=0, by=seat.reviewer, now=START)
    insert = (
        "INSERT INTO evaluation_scoreversion (id, assignment_id, version, points, comment, at, salt, commitment) "
        "SELECT gen_random_uuid(), %s, %s, %s, '', at, salt, commitment FROM evaluation_scoreversion"
    )
    assert "no multiple" in refused(insert, other.pk, 1, [Decimal("1.5"), Decimal(1)])
    assert "no multiple" in refused(insert, other.pk, 1, [Decimal(61), Decimal(1)])
    assert "no multiple" in refused(insert, other.pk, 1, [Decimal(1), Decimal(-1)])
    assert "2 criteria, not 1" in refused(insert, other.pk, 1, [Decimal(1)])
    assert "does not follow" in refused(insert, other.pk, 2, [Decimal(1), Decimal(1)])
    assert "append-only" in refused("UPDATE evaluation_scoreversion SET comment = 'x'")
    assert "append-only" in refused("DELETE FROM evaluation_scoreversion")
    assert "can only be left" in refused("UPDATE evaluation_assignment SET slot = 9 WHERE id = %s", seat.pk)
    assert "can only be left" in refused("UPDATE evaluation_assignment SET latest = 0 WHERE id = %s", seat.pk)
    assert "stays" in refused("DELETE FROM evaluation_assignment WHERE id = %s", seat.pk)
    assert "is settled" in refused("DELETE FROM evaluation_rosterplace")
    assert "is not changed" in refused("UPDATE evaluation_participant SET result_no = 9")
    assert "cannot go from open to sealed" in refused("UPDATE evaluation_stagerun SET state = 'sealed'")
    assert "keeps its rubric" in refused("UPDATE evaluation_stagerun SET panel = 2")
    assert "keeps its rules" in refused("UPDATE evaluation_evaluation SET pool_root = %s", "cd" * 32)


def test_the_lifecycle_in_the_database_is_the_declared_one(db: None) -> None:
    del db
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('evaluation_run_guard'::regproc)")
        (body,) = cursor.fetchone()
    allowed = set(re.findall(r"\('(\w+)', '(\w+)'\)", body))
    assert allowed == {(before.value, after.value) for before, afters in RUN.items() for after in afters}


def test_a_stage_is_closed_when_every_sheet_is_in_and_the_next_has_who_passed(notice: EditionVersion) -> None:
    stages = [
        make_stage(panel=3, pass_mark="50.00", weight=4000),
        make_stage(code="talk", panel=2, weight=6000),
    ]
    judged = world.opened(notice, make_rules(stages=stages))
    talk = judged.run("talk")
    with pytest.raises(SheetsMissingError) as refusal:
        actions.close(judged.run().pk, by=BY, now=START)
    assert sum(refusal.value.missing.values()) == 12
    assert set(refusal.value.missing) <= set(judged.people)
    judged.hand_in_all(points={2: 40})
    actions.close(judged.run().pk, by=BY, now=START)
    assert list(talk.participants.values_list("result_no", flat=True)) == [1, 3, 4]
    actions.reopen(judged.run().pk, "점수 확인", by=BY, now=START)
    assert not talk.participants.exists()
    actions.close(judged.run().pk, by=BY, now=START)
    actions.set_up(talk.pk, {one.pk for one in judged.people.values()}, by=BY, now=START)
    with pytest.raises(EvaluationError, match=r"assigned by the value 3153\.32"):
        actions.assign(talk.pk, "another", by=BY, now=START)
    actions.assign(talk.pk, world.VALUE, by=BY, now=START)
    with pytest.raises(EvaluationError, match="next stage is assigned"):
        actions.reopen(judged.run().pk, "점수 확인", by=BY, now=START)
    with pytest.raises(SheetsMissingError):
        actions.seal(judged.evaluation.pk, by=BY, now=START)
    actions.open_(talk.pk, None, by=BY, now=START)
    judged.hand_in_all("talk")
    with pytest.raises(EvaluationError, match="talk has not been closed"):
        actions.seal(judged.evaluation.pk, by=BY, now=START)
    actions.close(talk.pk, by=BY, now=START)
    assert actions.seal(judged.evaluation.pk, by=BY, now=START).count == 18
    with pytest.raises(SealedError):
        actions.seal(judged.evaluation.pk, by=BY, now=START)


def test_a_round_in_which_nobody_passes_is_sealed_all_the_same(notice: EditionVersion) -> None:
    stages = [make_stage(panel=1, pass_mark="50.00", weight=4000), make_stage(code="talk", panel=1, weight=6000)]
    judged = world.opened(notice, make_rules(stages=stages), count=1)
    judged.hand_in_all(points={1: 10})
    actions.close(judged.run().pk, by=BY, now=START)
    assert actions.seal(judged.evaluation.pk, by=BY, now=START).count == 1
    assert {run.state for run in StageRun.objects.all()} == {RunState.SEALED}


def test_after_the_seal_nothing_changes(judged: world.Judged, manager: User) -> None:
    seat = judged.seat(1, judged.seats()[1][0])
    actions.write_minute(judged.run().pk, "2번은 편차가 커서 논의함", result_no=2, by=manager, now=START)
    judged.hand_in_all()
    actions.close(judged.run().pk, by=BY, now=START)
    with pytest.raises(SealedError, match="not open"):
        actions.hand_in(seat.pk, POINTS, "", latest=1, by=seat.reviewer, now=START)
    actions.seal(judged.evaluation.pk, by=BY, now=START)
    with pytest.raises(SealedError, match="Sheets can no longer be handed in"):
        actions.hand_in(seat.pk, POINTS, "", latest=1, by=seat.reviewer, now=START)
    with pytest.raises(SealedError):
        actions.save_draft(seat.pk, POINTS, "", revision=0, by=seat.reviewer, now=START)
    with pytest.raises(SealedError):
        actions.write_minute(judged.run().pk, "뒤늦은 말", by=manager, now=START)
    with pytest.raises(SealedError):
        actions.replace(judged.run().pk, 1, judged.seats()[1][0], "입원", by=BY, now=START)
    assert "is sealed: no score" in refused(
        "INSERT INTO evaluation_scoreversion (id, assignment_id, version, points, comment, at, salt, commitment)"
        " SELECT gen_random_uuid(), assignment_id, 2, points, '', at, salt, commitment FROM evaluation_scoreversion"
    )
    assert "is sealed: evaluation_panelminute" in refused(
        "INSERT INTO evaluation_panelminute (id, run_id, text, by_id, at)"
        " SELECT gen_random_uuid(), run_id, 'x', by_id, at FROM evaluation_panelminute"
    )
    assert "append-only" in refused("UPDATE evaluation_panelminute SET text = 'x'")
    assert "stays" in refused("UPDATE evaluation_evaluation SET count = 1")
    assert PanelMinute.objects.get().participant is not None


def test_reminders_go_once_a_day_to_who_owes_sheets(judged: world.Judged) -> None:
    owing = {name for members in judged.seats().values() for name in members}
    assert actions.remind(judged.run().pk, by=BY, now=START) == len(owing)
    actions.remind(judged.run().pk, by=BY, now=START + timedelta(hours=1))
    assert Message.objects.filter(channel="inbox").count() == len(owing)
    actions.remind(judged.run().pk, by=BY, now=START + timedelta(days=1))
    assert Message.objects.filter(channel="inbox").count() == 2 * len(owing)


def test_presentations_do_not_overlap_and_visits_are_told_once(judged: world.Judged, manager: User) -> None:
    run, hour = judged.run().pk, timedelta(hours=1)
    actions.plan_presentation(run, 1, "회의실 1", START, START + hour, by=manager, now=START)
    with pytest.raises(EvaluationError, match="Somebody else"):
        actions.plan_presentation(run, 2, "회의실 1", START + hour / 2, START + 2 * hour, by=manager, now=START)
    actions.plan_presentation(run, 2, "회의실 1", START + hour, START + 2 * hour, by=manager, now=START)
    visit = actions.plan_visit(run, 1, "전주시 완산구", START, by=manager, now=START)
    with pytest.raises(EvaluationError, match="what was seen"):
        actions.tell_visit(visit.pk, " ", [], visited_at=START, by=manager, now=START)
    actions.tell_visit(visit.pk, "작업장이 깨끗함", [], visited_at=START, by=manager, now=START)
    with pytest.raises(EvaluationError, match="carried out"):
        actions.tell_visit(visit.pk, "다시", [], visited_at=START, by=manager, now=START)


def test_diagnostics_show_who_is_generous_and_where_panels_differ(judged: world.Judged) -> None:
    assert queries.diagnostics(judged.run()).habits == ()
    generous = judged.seats()[1][0]
    for number, members in judged.seats().items():
        for name in members:
            seat = judged.seat(number, name)
            given = {"a": "60", "b": "40"} if name == generous else {"a": "30", "b": "20"}
            actions.hand_in(seat.pk, given, "", latest=0, by=seat.reviewer, now=START)
    found = queries.diagnostics(judged.run())
    severities = {one.reviewer: one.severity for one in found.habits}
    assert max(severities, key=lambda name: severities[name] or 0) == generous
    assert severities[generous] == Decimal(50)
    differing = [number for number, members in judged.seats().items() if generous in members]
    assert [(one.result_no, one.width) for one in found.widest] == [(number, 50) for number in differing]
    assert [one.left for one in queries.progress(judged.run())] == [0] * 6


def test_a_due_day_and_counts(judged: world.Judged) -> None:
    assert judged.run().due == date(2021, 4, 30)
    assert (Participant.objects.count(), RosterPlace.objects.count(), Assignment.objects.count()) == (4, 6, 12)
