"""Reviewers: how they come, whom they must not judge, when they may leave."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation import world
from evaluation.world import BY, START
from intake import world as intake
from panro.accounts.lifecycles import WrongStateError
from panro.evaluation import actions, detecting, queries
from panro.evaluation.actions.people import Particulars
from panro.evaluation.errors import (
    EvaluationError,
)
from panro.evaluation.models import (
    Conflict,
    Reviewer,
)
from panro.evaluation.states import ReviewerState, Why
from panro.notify.models import Message
from panro.parties.addresses import address_digest
from panro.record.models import Entry

if TYPE_CHECKING:
    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.rules.selection.round_rules import RoundRules


pytestmark = pytest.mark.usefixtures("english")


def test_a_reviewer_is_invited_once_and_accepts_with_that_address(manager: User) -> None:
    kang = intake.someone("강하나")
    stranger = intake.someone("남의편")
    actions.invite(kang.email.upper(), "강하나", ["food"], by=manager, now=START, token="t" * 43)
    with pytest.raises(EvaluationError, match="waits for its answer"):
        actions.invite(kang.email, "강하나", [], by=manager, now=START)
    with pytest.raises(EvaluationError, match="another address"):
        actions.accept("t" * 43, Particulars(), by=stranger, now=START)
    with pytest.raises(EvaluationError, match="not good any more"):
        actions.accept("t" * 43, Particulars(), by=kang, now=START + timedelta(days=14))
    told = Particulars("한국유통대학", "", ("1248100998",), (), "서울특별시 종로구 1")
    reviewer = actions.accept("t" * 43, told, by=kang, now=START + timedelta(days=13))
    assert (reviewer.code, reviewer.fields, reviewer.businesses) == (str(reviewer.pk), ["food"], ["1248100998"])
    assert reviewer.address_digest == address_digest("서울특별시  종로구, 1")
    with pytest.raises(EvaluationError, match="not good any more"):
        actions.decline("t" * 43, by=kang, now=START)
    with pytest.raises(EvaluationError, match="is a reviewer already"):
        actions.invite(kang.email, "강하나", [], by=manager, now=START)
    acts = Entry.objects.order_by("number").values_list("act", flat=True)
    assert list(acts) == ["reviewer_invited", "reviewer_accepted"]
    message = Message.objects.get()
    assert "/review/invitations/" + "t" * 43 in message.text


def test_an_invitation_that_expired_may_be_sent_again(manager: User) -> None:
    for moment in (START, START + timedelta(days=14)):
        actions.invite("late@reviewers.kr", "류늦은", [], by=manager, now=moment)
    with pytest.raises(EvaluationError):
        actions.invite("late@reviewers.kr", "류늦은", [], by=manager, now=START + timedelta(days=27))


def test_family_names() -> None:
    names = {"김민지": "김", "남궁민수": "남궁", "남궁": "남", "선우 진": "선우", "Jane Roe": "roe", "": "", "  ": ""}
    assert {name: detecting.family_name(name) for name in names} == names


def test_conflicts_are_found_by_comparing(notice: EditionVersion, rules: RoundRules) -> None:
    judged = world.begun(notice, rules, businesses=True)
    one, two, three, four = (row.pk for row in judged.applications)
    numbers = [row.party.business.business_number for row in judged.applications]
    kang, na, do, ryu, moon, park = (judged.people[name] for name in sorted(judged.people))
    Reviewer.objects.filter(pk=kang.pk).update(businesses=[numbers[0], "1111111111"], contracts=[numbers[1]])
    Reviewer.objects.filter(pk=na.pk).update(employer_number=numbers[1])
    Reviewer.objects.filter(pk=do.pk).update(employer="가게3")
    same = address_digest("서울특별시 종로구 세종대로 4")
    for person, name in ((ryu, "김류"), (moon, "이문")):
        Reviewer.objects.filter(pk=person.pk).update(address_digest=same)
        person.user.name = name
        person.user.save()
    Reviewer.objects.filter(pk=park.pk).update(businesses=[""], employer=" ")
    made = actions.detect_conflicts(judged.run().pk, now=START)
    assert {(row.reviewer_id, row.application_id, row.why) for row in made} == {
        (kang.pk, one, Why.OWN_BUSINESS),
        (kang.pk, two, Why.CONTRACT),
        (na.pk, two, Why.EMPLOYER),
        (do.pk, three, Why.EMPLOYER),
        (ryu.pk, four, Why.FAMILY),
    }
    assert actions.detect_conflicts(judged.run().pk, now=START) == []
    actions.assign(judged.run().pk, world.VALUE, by=BY, now=START)
    seats = judged.seats()
    for conflict in made:
        number = [row.pk for row in judged.applications].index(conflict.application_id) + 1
        assert conflict.reviewer.code not in seats[number]


@pytest.mark.parametrize("count", [1, 3])
def test_detection_asks_a_constant_number_of_queries(count: int, notice: EditionVersion, rules: RoundRules) -> None:
    judged = world.begun(notice, rules, count=count, businesses=True)
    with CaptureQueriesContext(connection) as asked:
        actions.detect_conflicts(judged.run().pk, now=START)
    assert len(asked) == 10


def test_a_reviewer_in_panels_does_not_rest(judged: world.Judged, manager: User) -> None:
    sitting = judged.people[judged.seats()[1][0]]
    with pytest.raises(EvaluationError, match="sits in panels"):
        actions.set_state(sitting.pk, ReviewerState.RESTING, by=manager, now=START)
    free = world.reviewer("한가한")
    actions.set_state(free.pk, ReviewerState.LEFT, by=manager, now=START)
    with pytest.raises(EvaluationError, match="invite them again"):
        actions.set_state(free.pk, ReviewerState.ACTIVE, by=manager, now=START)
    actions.invite(free.user.email, "한가한", [], by=manager, now=START, token="u" * 43)
    back = actions.accept("u" * 43, Particulars(), by=free.user, now=START)
    assert (back.pk, back.code, back.state) == (free.pk, "한가한", ReviewerState.ACTIVE)
    actions.set_state(free.pk, ReviewerState.RESTING, by=manager, now=START)
    with pytest.raises(WrongStateError):
        actions.set_state(free.pk, ReviewerState.RESTING, by=manager, now=START)


def test_a_conflict_declared_after_the_assignment_leads_to_a_replacement(judged: world.Judged) -> None:
    name = judged.seats()[3][0]
    application = judged.applications[2].pk
    outside = [person for person in sorted(judged.people) if person not in judged.seats()[3]]
    for person in outside[:-1]:  # whoever is not last would have a conflict too, which nobody knew before
        actions.declare_conflict(judged.people[person], application, Why.DEALINGS, by=BY, now=START)
    assert not judged.run().replacements.exists()
    actions.declare_conflict(judged.people[name], application, Why.KINSHIP, note="사촌", by=BY, now=START)
    assert name not in judged.seats()[3]
    assert outside[-1] in judged.seats()[3]
    chain = queries.replacements(judged.run())
    assert (chain[0].reviewer.code, chain[0].why) == (name, "kinship")
    assert {one.why for one in chain[1:]} <= {"dealings"}
    assert Conflict.objects.filter(application=application).count() == len(outside)
    assert queries.late_conflicts(judged.run()) == []


def test_a_stage_in_which_somebody_judged_in_spite_of_a_conflict_is_not_closed(judged: world.Judged) -> None:
    name = judged.seats()[4][2]
    Reviewer.objects.filter(code=name).update(employer="가게 4")
    (found,) = actions.detect_conflicts(judged.run().pk, now=START)
    assert (found.reviewer.code, found.why) == (name, Why.EMPLOYER)
    judged.hand_in_all()
    assert [one.pk for one in queries.late_conflicts(judged.run())] == [found.pk]
    with pytest.raises(EvaluationError, match=f"{name} judged an application in spite of a conflict"):
        actions.close(judged.run().pk, by=BY, now=START)
    actions.replace(judged.run().pk, 4, name, "employer", by=BY, now=START)
    judged.hand_in_all()
    actions.close(judged.run().pk, by=BY, now=START)
