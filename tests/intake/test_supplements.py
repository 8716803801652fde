"""박담당 asks 김민지 for what is missing; the agency's clock stands still until she answers."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake import world
from intake.world import CLOSES, OPENS, SUPPLEMENT_UNTIL, Shop, noon
from panro.accounts.models import User
from panro.editions.models import EditionVersion
from panro.intake import actions, queries
from panro.intake.actions import Answered, Asked
from panro.intake.errors import DayError, NotOpenError, StrangerError, WrongStateError
from panro.intake.models import Application, ItemKind, Snapshot, Supplement
from panro.notify.models import Message
from panro.record.models import Entry, Payload

ASKED_ON, DUE = OPENS + timedelta(days=5), OPENS + timedelta(days=12)
STOCK = Asked(ItemKind.DOCUMENT, "stock_list", "재고 표의 글자가 보이지 않습니다.")
WHY = Asked(ItemKind.QUESTION, "why", "신청 이유를 더 적어 주세요.")


def ask(row: Application, officer: User, *items: Asked) -> Supplement:
    return actions.ask_supplement(
        row.pk, items or (STOCK, WHY), due=DUE, by=officer, now=noon(ASKED_ON), today=ASKED_ON
    )


def newer(who: Shop, kind: str = "stock_list") -> Answered:
    """A fresh paper as the answer to a document."""
    paper = world.paper_of(who.party, who.owner, kind, ASKED_ON, number="새 번호")
    paper.save()
    return Answered(ItemKind.DOCUMENT, kind, paper=paper.pk)


def test_who_is_asked_hears_why_and_until_when(notice: EditionVersion, minji: Shop, officer: User) -> None:
    row = world.handed_in(minji, notice)
    asked = ask(row, officer)
    row.refresh_from_db()
    assert (row.state, asked.state, asked.due) == ("supplementing", "asked", DUE)
    message = Message.objects.get(template="supplement_requested", channel="inbox")
    assert message.account == minji.owner
    for words in ("재고 표의 글자가 보이지 않습니다.", "신청 이유를 더 적어 주세요.", "2021-03-29"):
        assert words in message.text


def test_once_everything_is_answered_the_clock_goes_on_and_a_second_snapshot_is_kept(
    notice: EditionVersion, minji: Shop, officer: User
) -> None:
    row = world.handed_in(minji, notice)
    asked, day = ask(row, officer), ASKED_ON + timedelta(days=2)
    stock = newer(minji)
    actions.answer_supplement(asked.pk, [stock], by=minji.owner, now=noon(day), today=day)
    row.refresh_from_db()
    asked.refresh_from_db()
    assert (row.state, asked.state, asked.clock_started) == ("supplementing", "asked", None)
    why = Answered(ItemKind.QUESTION, "why", value="들기름을 온라인으로 팔고 싶습니다.")
    actions.answer_supplement(asked.pk, [why], by=minji.owner, now=noon(day), today=day)
    row.refresh_from_db()
    asked.refresh_from_db()
    assert (row.state, asked.state, asked.clock_started) == ("submitted", "answered", noon(day))
    last = Snapshot.objects.filter(application=row).latest("number")
    document = json.loads(last.document)
    assert last.number == 3
    assert document["answers"]["why"] == "들기름을 온라인으로 팔고 싶습니다."
    assert [one["number"] for one in document["papers"] if one["code"] == "stock_list"] == ["새 번호"]
    assert row.receipt.snapshot.number == 1
    entry = Entry.objects.filter(act="supplement_answered").latest("number")
    assert json.loads(Payload.objects.get(entry=entry).body) == {"number": 3, "snapshot": last.digest}
    assert Message.objects.filter(template="supplement_received", channel="inbox").count() == 1


def test_the_time_of_waiting_is_not_the_agencys(notice: EditionVersion, minji: Shop, officer: User) -> None:
    row = world.handed_in(minji, notice)
    asked, answered = ask(row, officer, WHY), ASKED_ON + timedelta(days=3)
    waiting = noon(ASKED_ON + timedelta(days=1))
    assert queries.time_taken(row, until=waiting) == timedelta(days=5)
    why = Answered(ItemKind.QUESTION, "why", value="이유")
    actions.answer_supplement(asked.pk, [why], by=minji.owner, now=noon(answered), today=answered)
    assert queries.time_taken(row, until=noon(answered + timedelta(days=2))) == timedelta(days=7)


@pytest.mark.parametrize(("days", "taken"), [(0, True), (1, False)], ids=["on the last day", "the day after"])
def test_the_last_day_for_an_answer_is_included(
    notice: EditionVersion, minji: Shop, officer: User, days: int, *, taken: bool
) -> None:
    asked, day = ask(world.handed_in(minji, notice), officer, WHY), DUE + timedelta(days=days)
    why = [Answered(ItemKind.QUESTION, "why", value="이유")]
    if taken:
        answered = actions.answer_supplement(asked.pk, why, by=minji.owner, now=noon(day), today=day)
        assert answered.state == "answered"
    else:
        with pytest.raises(NotOpenError, match="2021-03-29 24시"):
            actions.answer_supplement(asked.pk, why, by=minji.owner, now=noon(day), today=day)


def test_what_is_not_answered_in_time_runs_out_once(notice: EditionVersion, minji: Shop, officer: User) -> None:
    row = world.handed_in(minji, notice)
    asked = ask(row, officer)
    assert actions.expire_supplements(DUE, now=noon(DUE)) == 0
    after = DUE + timedelta(days=1)
    assert [actions.expire_supplements(after, now=noon(after)) for _night in range(2)] == [1, 0]
    row.refresh_from_db()
    asked.refresh_from_db()
    assert (row.state, asked.state, asked.clock_started) == ("submitted", "expired", noon(after))
    assert Entry.objects.filter(act="supplement_expired").count() == 1
    assert Message.objects.filter(template="supplement_expired", channel="inbox").count() == 1


def test_after_the_intake_a_pool_goes_on_asking_and_the_application_stays_in_it(
    notice: EditionVersion, minji: Shop, officer: User
) -> None:
    row, after = world.handed_in(minji, notice), CLOSES + timedelta(days=1)
    actions.freeze_pool(notice, "3-1", "R1", by="system:freezer", now=noon(after), today=after)
    asked = actions.ask_supplement(row.pk, [WHY], due=SUPPLEMENT_UNTIL, by=officer, now=noon(after), today=after)
    row.refresh_from_db()
    assert row.state == "supplementing"
    why = [Answered(ItemKind.QUESTION, "why", value="이유")]
    actions.answer_supplement(asked.pk, why, by=minji.owner, now=noon(after), today=after)
    row.refresh_from_db()
    assert (row.state, row.pool.count) == ("closed", 1)


@pytest.mark.parametrize(
    ("due", "fits"),
    [
        (ASKED_ON - timedelta(days=1), False),
        (ASKED_ON, True),
        (SUPPLEMENT_UNTIL, True),
        (SUPPLEMENT_UNTIL + timedelta(days=1), False),
    ],
)
def test_the_last_day_lies_within_the_rounds_time_for_supplements(
    notice: EditionVersion, minji: Shop, officer: User, due: object, *, fits: bool
) -> None:
    row = world.handed_in(minji, notice)
    if fits:
        actions.ask_supplement(row.pk, [WHY], due=due, by=officer, now=noon(ASKED_ON), today=ASKED_ON)
        assert Supplement.objects.get().due == due
    else:
        with pytest.raises(DayError, match="2021-03-22부터 2021-04-19까지"):
            actions.ask_supplement(row.pk, [WHY], due=due, by=officer, now=noon(ASKED_ON), today=ASKED_ON)


def test_nobody_is_asked_twice_at_once_or_about_a_draft(notice: EditionVersion, minji: Shop, officer: User) -> None:
    draft = world.draft(minji, notice, "2-1")
    row = world.handed_in(minji, notice)
    ask(row, officer)
    for one in (row, draft):
        with pytest.raises(WrongStateError):
            ask(one, officer)


def test_answers_are_to_what_was_asked_and_with_own_papers(notice: EditionVersion, minji: Shop, officer: User) -> None:
    asked = ask(world.handed_in(minji, notice), officer)
    foreign = newer(world.shop("옆가게", "이웃"))
    for wrong in (
        foreign,
        Answered(ItemKind.QUESTION, "how", value="묻지 않은 것"),
        Answered(ItemKind.DOCUMENT, "stock_list"),
        Answered(ItemKind.QUESTION, "why", value=None),
    ):
        with pytest.raises(StrangerError):
            actions.answer_supplement(asked.pk, [wrong], by=minji.owner, now=noon(ASKED_ON), today=ASKED_ON)
    assert Snapshot.objects.count() == 1


def test_many_are_asked_and_answer_in_as_many_statements_as_one(notice: EditionVersion, officer: User) -> None:
    shops = [world.shop(name) for name in ("미래상회", "바다식품", "숲공방", "들녘농원")]
    rows = [world.handed_in(who, notice) for who in shops]

    def statements(chosen: list[Application]) -> tuple[int, int]:
        wanted = [actions.Request(row.pk, (STOCK, WHY), DUE) for row in chosen]
        with CaptureQueriesContext(connection) as asking:
            asked = actions.ask_supplements(wanted, by=officer.pk, now=noon(ASKED_ON), today=ASKED_ON)
        papers = {row.pk: newer(shops[rows.index(row)]) for row in chosen}
        given = {
            one.pk: [papers[one.application_id], Answered(ItemKind.QUESTION, "why", value="이유")] for one in asked
        }
        with CaptureQueriesContext(connection) as answering:
            actions.answer_supplements(given, by=officer.pk, now=noon(ASKED_ON), today=ASKED_ON)
        return tuple(
            len([one for one in seen if "SAVEPOINT" not in one["sql"] and "record_" not in one["sql"]])
            for seen in (asking, answering)
        )

    assert statements(rows[:1]) == statements(rows[1:])
