"""An objection from its filing to the published addendum: another panel, two persons, verified, with the difference."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from panro.evaluation import actions as evaluation
from panro.evaluation import queries as judging
from panro.evaluation.errors import SealedError
from panro.evaluation.models import Appeal, Assignment, ScoreVersion
from panro.evaluation.showing import sheet_of
from panro.intake.models import Receipt
from panro.record.models import Entry
from panro.rules.selection.round_rules import RoundRules
from panro.selection.after import addenda, objections
from panro.selection.after.errors import AfterError, NotOpenError
from panro.selection.after.letters import issue_letters
from panro.selection.models import CourseState, Letter, Objection, PublishedRound, ResultLine, StageLine
from panro.staff import actions as staff
from selection.course import world
from selection.course.conftest import _english, bae, chiefs, han, noh, notice, yoon
from selection.course.world import Story, verified_zips, verify

if TYPE_CHECKING:
    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.staff.models import Approval

__all__ = ["_english", "bae", "chiefs", "han", "noh", "notice", "yoon"]
pytestmark = pytest.mark.django_db
IN_TIME = datetime(2021, 5, 20, 3, tzinfo=UTC)
LATER = datetime(2021, 6, 20, 3, tzinfo=UTC)


@pytest.fixture
def story(notice: EditionVersion, han: User, chiefs: tuple[User, User]) -> Story:
    """A round of two stages and fourteen applications; some lost by their points, some by the requirements."""
    return world.story(notice, han, chiefs, seed=32)


def losing(published: PublishedRound) -> ResultLine:
    """The first who took part and was not selected."""
    stages = published.stages.values_list("result_no", flat=True)
    found = published.lines.filter(outcome="not_selected", result_no__in=stages).order_by("result_no").first()
    return found or published.lines.filter(outcome="waiting").order_by("result_no")[0]


def objected(story: Story) -> tuple[PublishedRound, Objection]:
    """A published round with an objection of somebody who was scored and lost."""
    story.until(CourseState.PUBLISHED)
    published = PublishedRound.objects.get()
    issue_letters(published.pk, now=IN_TIME)
    line = losing(published)
    letter = Letter.objects.get(result_no=line.result_no)
    filed = objections.file_objection(
        letter.application_id, "발표 자료가 빠졌습니다.", by=letter.application.created_by, now=IN_TIME
    )
    return published, filed


def judge_anew(course: object, by: User) -> None:
    """The new panels hand their sheets in, all with full marks, until the procedure asks for no more."""
    while not (standing := addenda.carry_on(course.pk, by=by, now=LATER)).is_ready:  # type: ignore[attr-defined]
        seats = Assignment.objects.filter(phase=1, latest=0).select_related("run__evaluation", "reviewer")
        assert len(seats) == standing.missing
        for seat in seats:
            stage = RoundRules.from_json(seat.run.evaluation.rules).stage(seat.run.stage)
            points = {one.code: format(one.max, "f") for one in stage.criteria}
            evaluation.hand_in(seat.pk, points, "새로 보았습니다", latest=0, by=seat.reviewer, now=LATER)


def confirmed(story: Story) -> Approval:
    proposed = addenda.propose(story.course.pk, "이의신청 1건", by=story.by, now=LATER)
    return staff.approve(proposed.pk, by=story.chiefs[0], now=LATER)


def test_from_an_objection_to_the_addendum(story: Story) -> None:
    published, filed = objected(story)
    course, by = story.course, story.by
    with pytest.raises(AfterError, match="may be filed until 2021-05-27"):
        addenda.begin(course.pk, by=by, now=IN_TIME)
    with pytest.raises(AfterError, match="not decided yet"):
        addenda.begin(course.pk, by=by, now=LATER)
    objections.refer(filed.pk, "자료가 빠진 것을 확인했습니다.", by=by, now=LATER)
    sealed = ScoreVersion.objects.filter(assignment__phase=0).count()
    standing = addenda.begin(course.pk, by=by, now=LATER)
    assert not standing.is_ready
    old = set(
        Assignment.objects.filter(
            phase=0, participant__result_no=filed.result_no, run__stage=standing.stage
        ).values_list("reviewer", flat=True)
    )
    new = set(Assignment.objects.filter(phase=1, run__stage=standing.stage).values_list("reviewer", flat=True))
    assert new
    assert old & new == set()
    with pytest.raises(AfterError, match="not in yet"):
        addenda.propose(course.pk, "이의신청 1건", by=by, now=LATER)
    judge_anew(course, by)
    assert ScoreVersion.objects.filter(assignment__phase=0).count() == sealed
    proposed = addenda.propose(course.pk, "이의신청 1건", by=by, now=LATER)
    with pytest.raises(NotOpenError):
        addenda.publish(proposed, verify=verify, now=LATER)
    with pytest.raises(staff.NotTwoPersonsError):
        staff.approve(proposed.pk, by=by, now=LATER)
    approval = staff.approve(proposed.pk, by=story.chiefs[0], now=LATER)
    assert approval.state == "approved"
    addendum = addenda.publish(approval, verify=verify, now=LATER)
    assert (addendum.number, addendum.current) == (1, True)
    assert verified_zips(addendum) == [[], []]
    published.refresh_from_db()
    assert not published.current
    filed.refresh_from_db()
    assert (filed.state, filed.judged) == ("judged", addendum)
    again = ResultLine.objects.get(published=addendum, result_no=filed.result_no)
    assert again.total is not None
    assert addenda.publish(approval, verify=verify, now=LATER) == addendum
    issue_letters(addendum.pk, now=LATER)
    letters = list(Letter.objects.filter(application=filed.application).order_by("version"))
    assert [one.published for one in letters] == [published, addendum]
    acts = ["appeal_opened", "appeal_seated", "appeal_sealed", "objections_judged"]
    assert set(Entry.objects.filter(act__in=acts).values_list("act", flat=True)) == set(acts)


def test_requirements_decided_anew_lead_to_new_panels_and_a_result(story: Story) -> None:
    story.until(CourseState.PUBLISHED)
    published = PublishedRound.objects.get()
    line = published.lines.filter(outcome="ineligible").order_by("result_no")[0]
    receipt = Receipt.objects.select_related("application__created_by").get(commitment=line.receipt)
    filed = objections.file_objection(
        receipt.application_id, "확인서를 냈습니다.", by=receipt.application.created_by, now=IN_TIME
    )
    done = objections.correct(filed.pk, "확인서를 찾았습니다.", requirement="eligible", by=story.by, now=LATER)
    assert done.state == "corrected"
    addenda.begin(story.course.pk, by=story.by, now=LATER)
    judge_anew(story.course, story.by)
    addendum = addenda.publish(confirmed(story), verify=verify, now=LATER)
    assert verified_zips(addendum) == [[], []]
    again = ResultLine.objects.get(published=addendum, result_no=line.result_no)
    assert again.outcome != "ineligible"
    assert StageLine.objects.filter(published=addendum, result_no=line.result_no).exists()
    before = set(published.lines.filter(outcome="selected").values_list("result_no", flat=True))
    after = set(addendum.lines.filter(outcome="selected").values_list("result_no", flat=True))
    assert before <= after


def test_a_sealed_appeal_takes_no_sheet_any_more(story: Story) -> None:
    _published, filed = objected(story)
    objections.refer(filed.pk, "확인했습니다.", by=story.by, now=LATER)
    addenda.begin(story.course.pk, by=story.by, now=LATER)
    seat = Assignment.objects.filter(phase=0).select_related("reviewer").order_by("pk")[0]
    with pytest.raises(SealedError):
        evaluation.hand_in(seat.pk, {}, "", latest=seat.latest, by=seat.reviewer, now=LATER)
    mine = Assignment.objects.filter(phase=1).select_related("reviewer").order_by("pk")[0]
    assert mine.pk in [one.pk for one in judging.mine(mine.reviewer)]
    shown = sheet_of(mine.reviewer, mine.pk)
    assert shown is not None
    assert shown.is_open
    judge_anew(story.course, story.by)
    evaluation.seal_appeal(Appeal.objects.get().pk, by="system:test", now=LATER)
    anew = Assignment.objects.filter(phase=1).select_related("reviewer").order_by("pk")[0]
    with pytest.raises(SealedError):
        evaluation.hand_in(anew.pk, {}, "", latest=1, by=anew.reviewer, now=LATER)
    assert judging.mine(mine.reviewer) == []
    assert sheet_of(mine.reviewer, mine.pk) is None
    statements = (
        (
            "INSERT INTO evaluation_scoreversion (id, assignment_id, version, points, comment, at, salt, commitment)"
            " SELECT gen_random_uuid(), assignment_id, version + 1, points, '', at, salt, commitment"
            " FROM evaluation_scoreversion WHERE assignment_id = %s"
        ),
        "UPDATE evaluation_assignment SET latest = latest + 1 WHERE id = %s",
        "UPDATE evaluation_appeal SET sealed_at = NULL, count = NULL, scores_root = '' WHERE %s IS NOT NULL",
    )
    for statement in statements:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [str(anew.pk)])


def test_what_changed_since_the_proposal_is_not_confirmed(story: Story) -> None:
    _published, filed = objected(story)
    objections.refer(filed.pk, "확인했습니다.", by=story.by, now=LATER)
    addenda.begin(story.course.pk, by=story.by, now=LATER)
    judge_anew(story.course, story.by)
    proposed = addenda.propose(story.course.pk, "이의신청 1건", by=story.by, now=LATER)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE evaluation_scoreversion SET comment = '', points[1] = 0 WHERE assignment_id IN "
            "(SELECT id FROM evaluation_assignment WHERE phase = 1)"
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert staff.approve(proposed.pk, by=story.chiefs[0], now=LATER).state == "failed"
    assert PublishedRound.objects.count() == 1


def test_the_offices_page_leads_through_it(story: Story, noh: User) -> None:
    _published, filed = objected(story)
    address = f"/office/addenda/{story.course.round_id}/"
    han, auditor = Client(), Client()
    han.force_login(story.by)
    auditor.force_login(noh)
    assert han.get(address).status_code == 200
    undecided = han.post(address, {"act": "begin"})
    assert undecided.status_code == 422
    assert "not decided yet" in undecided.content.decode()
    objections.refer(filed.pk, "확인했습니다.", by=story.by, now=LATER)
    assert [auditor.get(address).status_code, auditor.post(address, {"act": "begin"}).status_code] == [200, 404]
    assert han.post(address, {"act": "begin"}).status_code == 302
    assert Assignment.objects.filter(phase=1).exists()
    assert han.post(address, {"act": "begin"}).status_code == 422
    early = han.post(address, {"act": "propose", "why": "이의신청 1건"})
    assert early.status_code == 422
    assert "이의신청 1건" in early.content.decode()
    judge_anew(story.course, story.by)
    assert han.post(address, {"act": "propose", "why": ""}).status_code == 422
    assert han.post(address, {"act": "propose", "why": "이의신청 1건"}).status_code == 302
    assert ">awaited<" not in han.get(address).content.decode()
