"""Objections: in time or not at all, decided with a reason by somebody who may, and told to whom it concerns."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from panro.notify.models import Message
from panro.record.models import AccessNote, Entry
from panro.selection.after import objections, offers
from panro.selection.after.errors import AfterError, NotOpenError, ReasonMissingError, TermOverError
from panro.selection.models import Objection, Offer
from panro.staff.states import Role
from panro.ui.clock import SEOUL
from selection.after.world import LAST_DAY, Round

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.test import Client
    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from staff.conftest import Hire

pytestmark = pytest.mark.django_db
AFTER = LAST_DAY + timedelta(days=1)
TEXT = "발표 자료가 평가에 빠진 것 같습니다."


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=SEOUL)


def filed(round_: Round, number: int, day: date = LAST_DAY) -> Objection:
    return objections.file_objection(
        round_.applications[number].pk, TEXT, by=round_.owners[number], now=noon(day), papers=()
    )


def test_the_last_day_counts_and_the_day_after_does_not(published: Round) -> None:
    loser, other = published.first("not_selected"), published.first("not_selected", 1)
    made = filed(published, loser)
    assert (made.state, made.filed_on, made.until, made.result_no) == ("filed", LAST_DAY, LAST_DAY, loser)
    message = Message.objects.get(account=published.owners[loser], channel="inbox")
    assert message.template == "objection_filed"
    with pytest.raises(TermOverError):
        filed(published, other, AFTER)
    assert Objection.objects.count() == 1
    late = Entry.objects.get(act="objection_too_late")
    assert (late.actor, late.subject) == (str(published.owners[other].pk), "round:2021/3-2/R1")


def test_the_day_is_that_of_seoul(published: Round) -> None:
    loser = published.first("not_selected")
    last_minute = datetime.combine(LAST_DAY, time(23, 59), tzinfo=SEOUL)
    with pytest.raises(TermOverError):
        objections.file_objection(
            published.applications[loser].pk, TEXT, by=published.owners[loser], now=last_minute + timedelta(minutes=1)
        )
    objections.file_objection(published.applications[loser].pk, TEXT, by=published.owners[loser], now=last_minute)


def test_an_objection_after_an_offer_was_accepted_comes_too_late_and_is_recorded(published: Round) -> None:
    """Places are offered only once nothing can change the result any more; so nobody's accepted place is at stake."""
    offers.give_back(published.published.pk, published.first("selected"), by="x", now=noon(LAST_DAY))
    offer = offers.offer_next(published.published.pk, by="x", now=noon(AFTER))
    assert offer is not None
    offers.accept(offer.pk, by="x", now=noon(AFTER))
    loser = published.first("not_selected")
    with pytest.raises(TermOverError):
        filed(published, loser, AFTER)
    assert Entry.objects.filter(act="objection_too_late").count() == 1
    assert Offer.objects.get().state == "accepted"


@pytest.mark.parametrize("outcome", ["selected", "withdrawn"])
def test_who_has_nothing_to_object_to_cannot(outcome: str, published: Round) -> None:
    with pytest.raises(NotOpenError):
        filed(published, published.first(outcome))


def test_one_objection_at_a_time(published: Round) -> None:
    loser = published.first("not_selected")
    first = filed(published, loser)
    with pytest.raises(NotOpenError):
        filed(published, loser)
    objections.take_back(first.pk, by=published.owners[loser], now=noon(LAST_DAY))
    second = filed(published, loser)
    with pytest.raises(NotOpenError):
        objections.take_back(first.pk, by=published.owners[loser], now=noon(LAST_DAY))
    assert second.state == "filed"


def test_the_office_decides_once_with_a_reason(published: Round, hire: Hire) -> None:
    han, noh = hire("한관리", Role.OFFICER), hire("노감사", Role.AUDITOR)
    loser = published.first("not_selected")
    made = filed(published, loser)
    with pytest.raises(ReasonMissingError):
        objections.dismiss(made.pk, "  ", by=han, now=noon(AFTER))
    with pytest.raises(PermissionDenied):
        objections.dismiss(made.pk, "이유 없음", by=noh, now=noon(AFTER))
    done = objections.refer(made.pk, "발표 자료가 빠진 것을 확인했습니다.", by=han, now=noon(AFTER))
    assert (done.state, done.decided_by, done.reason) == ("referred", han, "발표 자료가 빠진 것을 확인했습니다.")
    message = Message.objects.get(account=published.owners[loser], channel="inbox", template="objection_decided")
    assert "다른 평가단이 다시 평가합니다" in message.text
    with pytest.raises(NotOpenError):
        objections.dismiss(made.pk, "다시 보니 아님", by=han, now=noon(AFTER))
    acts = Entry.objects.filter(act__startswith="objection_").order_by("number").values_list("act", flat=True)
    assert list(acts) == ["objection_filed", "objection_referred"]


def test_who_was_never_scored_is_not_scored_anew(published: Round, hire: Hire) -> None:
    made = filed(published, published.first("ineligible"))
    han = hire("한관리", Role.OFFICER)
    with pytest.raises(AfterError, match=r"not scored|평가"):
        objections.refer(made.pk, "다시 봅니다", by=han, now=noon(AFTER))
    assert objections.dismiss(made.pk, "세금 체납이 그대로입니다.", by=han, now=noon(AFTER)).state == "dismissed"


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("UPDATE selection_objection SET text = 'anders', state = 'withdrawn'", "keeps what it says"),
        ("UPDATE selection_objection SET state = 'judged'", "cannot become"),
        ("DELETE FROM selection_objection", "cannot become"),
    ],
)
def test_the_database_keeps_objections(statement: str, refused: str, published: Round) -> None:
    filed(published, published.first("not_selected"))
    with pytest.raises(IntegrityError, match=refused), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_applicants_page_keeps_what_was_typed(
    published: Round, as_user: Callable[[User], Client], settings: Settings
) -> None:
    loser = published.first("not_selected")
    client = as_user(published.owners[loser])
    address = f"/my/objections/{published.applications[loser].pk}/"
    settings.PRETENDED_DAY = AFTER
    late = client.post(address, {"text": TEXT})
    assert late.status_code == 422
    assert TEXT in late.content.decode()
    settings.PRETENDED_DAY = LAST_DAY
    assert client.post(address, {"text": ""}).status_code == 422
    assert client.post(address, {"text": TEXT}).status_code == 302
    assert TEXT in client.get(address).content.decode()
    assert client.post(address, {"act": "take_back"}).status_code == 302
    assert Objection.objects.get().state == "withdrawn"
    stranger = as_user(published.owners[published.first("lapsed")])
    assert [stranger.get(address).status_code, stranger.post(address, {"text": TEXT}).status_code] == [404, 404]


def test_the_offices_pages(published: Round, hire: Hire, as_user: Callable[[User], Client]) -> None:
    loser = published.first("not_selected")
    made = filed(published, loser)
    han, noh = as_user(hire("한관리", Role.OFFICER)), as_user(hire("노감사", Role.AUDITOR))
    address = f"/office/objections/{made.pk}/"
    assert address in han.get("/office/objections/").content.decode()
    assert TEXT in han.get(address).content.decode()
    assert AccessNote.objects.get().what == "objection_opened"
    assert noh.post(address, {"act": "dismiss", "reason": "-"}).status_code == 404
    assert han.post(address, {"act": "dismiss"}).status_code == 422
    wrong = han.post(address, {"act": "correct", "reason": "다시 봅니다", "requirement": "eligible"})
    assert wrong.status_code == 422
    assert "다시 봅니다" in wrong.content.decode()
    assert han.post(address, {"act": "dismiss", "reason": "자료를 모두 보았습니다."}).status_code == 302
    made.refresh_from_db()
    assert made.state == "dismissed"
    assert as_user(published.owners[loser]).get(address).status_code == 403
