"""김민지 hands in while the tax office still has her certificates; they follow, or they do not."""

import json
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from intake import world
from intake.world import CLOSES, OPENS, SUPPLEMENT_UNTIL, Shop, noon
from panro.accounts.models import User
from panro.editions.models import EditionVersion
from panro.intake import actions, queries
from panro.intake.actions import Answered, Asked
from panro.intake.calls import call_of
from panro.intake.errors import IncompleteError, NotOpenError, PromiseError, StaleError, WrongStateError
from panro.intake.following import check_promise
from panro.intake.models import Application, ItemKind, PromisedPaper, Receipt, Snapshot, Supplement
from panro.proof.hashing import commitment, tagged_hash
from panro.record.models import Entry

NATIONAL, LOCAL = "national_tax_clearance", "local_tax_clearance"
AFTER = SUPPLEMENT_UNTIL + timedelta(days=1)
STOCK = Asked(ItemKind.DOCUMENT, "stock_list", "재고 표의 글자가 보이지 않습니다.")


def promising(
    who: Shop, notice: EditionVersion, *codes: str, day: date = OPENS, given: bool = True, **where: str
) -> Application:
    """A draft in which everything is there but some certificates, which are to follow."""
    row = world.filled(who, notice, day=day, **where)
    promise(row, who, *codes, given=given, day=day)
    return row


def promise(row: Application, who: Shop, *codes: str, given: bool = True, day: date = OPENS) -> None:
    """Take certificates out of a draft, and say that they will follow."""
    actions.choose_papers(
        row.pk,
        {code: [] for code in codes},
        revision=row.revision,
        by=who.owner,
        now=noon(day),
        promises=dict.fromkeys(codes, given),
    )
    row.refresh_from_db()


def handed_in(who: Shop, notice: EditionVersion, *codes: str) -> tuple[Application, Supplement]:
    row = promising(who, notice, *codes)
    world.hand_in(row, who)
    row.refresh_from_db()
    return row, Supplement.objects.get(application=row)


def bring(asked: Supplement, who: Shop, codes: Sequence[str], day: date = OPENS) -> None:
    papers = [Answered(ItemKind.DOCUMENT, code, paper=who.papers[code]) for code in codes]
    actions.answer_supplement(asked.pk, papers, by=who.owner, now=noon(day), today=day)


def said(row: Application) -> list[str]:
    return [one.what.ko for one in queries.timeline(row)]


def without_days_for_supplements(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same year, whose first round of 3-1 waits for nothing after its last day."""
    year = world.year()
    programme = year.programme("3-1")
    first, *others = programme.rounds
    rounds = [first.model_copy(update={"supplement_until": first.closes}), *others]
    others_of_year = [one for one in year.programmes if one.code != "3-1"]
    changed = year.model_copy(update={"programmes": [programme.model_copy(update={"rounds": rounds}), *others_of_year]})
    monkeypatch.setattr(world, "year", lambda: changed)


def test_what_is_promised_is_waited_for_and_everybody_is_told(notice: EditionVersion, minji: Shop) -> None:
    row, asked = handed_in(minji, notice, LOCAL, NATIONAL)
    assert (row.state, asked.state, asked.promised, asked.due) == ("supplementing", "asked", True, SUPPLEMENT_UNTIL)
    assert (asked.clock_stopped, asked.asked_by) == (noon(OPENS), minji.owner)
    assert [(item.kind, item.code) for item in asked.items.all()] == [("document", NATIONAL), ("document", LOCAL)]
    payload = json.loads(row.receipt.payload)
    assert (payload["pending"], payload["pending_until"]) == ([NATIONAL, LOCAL], "2021-04-19")
    assert row.receipt.commitment == commitment(row.receipt.salt, payload)
    snapshot = Snapshot.objects.get(application=row)
    assert json.loads(snapshot.document)["pending"] == [NATIONAL, LOCAL]
    assert (snapshot.digest, payload["snapshot"]) == (tagged_hash("panro-snapshot-1", snapshot.document),) * 2
    entry = Entry.objects.get(act="papers_promised")
    assert json.loads(entry.document)["public"] == {
        "round": "2021/3-1/R1",
        "receipt": row.receipt.commitment,
        "due": "2021-04-19",
    }
    (message,) = world.inbox("application_received_in_part")
    assert message.account == minji.owner
    for words in (
        row.receipt.receipt_no,
        "국세 납세증명서",
        "지방세 납세증명서",
        "2021-04-19",
        f"/my/applications/{row.pk}/",
    ):
        assert words in message.text
    assert world.inbox("application_received") == []
    assert said(row)[-1] == "나중에 내기로 한 서류: 국세 납세증명서, 지방세 납세증명서"


def test_what_is_neither_there_nor_promised_is_missing(notice: EditionVersion, minji: Shop) -> None:
    row = promising(minji, notice, NATIONAL)
    promise(row, minji, LOCAL, given=False)
    with pytest.raises(IncompleteError, match="지방세 납세증명서") as refused:
        world.hand_in(row, minji)
    assert [(one.step, one.code) for one in refused.value.lacking] == [("documents", LOCAL)]
    assert (Receipt.objects.count(), Supplement.objects.count()) == (0, 0)


def test_a_promise_is_taken_back(notice: EditionVersion, minji: Shop) -> None:
    row = promising(minji, notice, NATIONAL)
    promise(row, minji, NATIONAL, given=False)
    assert PromisedPaper.objects.count() == 0
    with pytest.raises(IncompleteError):
        world.hand_in(row, minji)


@pytest.mark.parametrize("code", ["stock_list", "event_offer", "privacy_consent", "nobody_asks"])
def test_only_what_somebody_else_issues_may_follow(notice: EditionVersion, minji: Shop, code: str) -> None:
    row = world.filled(minji, notice)
    held = set(row.papers.values_list("code", flat=True))
    with pytest.raises(PromiseError, match="나중에 낼 수 없는 서류"):
        promise(row, minji, code)
    row.refresh_from_db()
    assert (PromisedPaper.objects.count(), set(row.papers.values_list("code", flat=True))) == (0, held)


@pytest.mark.parametrize(
    ("code", "follows"),
    [
        ("financial_statements", True),
        ("space_proof", True),
        ("national_tax_clearance", True),
        ("business_plan", False),
        ("consortium_agreement", False),
    ],
)
def test_what_an_institution_gets_from_others_may_follow_and_what_it_writes_may_not(
    db: None, code: str, *, follows: bool
) -> None:
    del db
    call = call_of(world.publish("2-2"), "2-2", "R1")
    if follows:
        check_promise(call, code)
    else:
        with pytest.raises(PromiseError, match="나중에 낼 수 없는 서류"):
            check_promise(call, code)


def test_where_the_round_waits_for_nothing_nothing_can_be_promised(
    minji: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_days_for_supplements(monkeypatch)
    row = world.filled(minji, world.publish("3-1"))
    with pytest.raises(PromiseError, match="2021-04-09까지 서류를 갖추어"):
        promise(row, minji, NATIONAL)


def test_a_promise_lapses_when_an_amended_notice_waits_no_more(minji: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    row = promising(minji, world.publish("3-1"), NATIONAL)
    without_days_for_supplements(monkeypatch)
    world.publish("3-1")
    with pytest.raises(IncompleteError, match="국세 납세증명서"):
        world.hand_in(row, minji)


def test_a_promise_of_what_is_there_is_not_needed(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    actions.choose_papers(row.pk, {}, revision=row.revision, by=minji.owner, now=noon(OPENS), promises={NATIONAL: True})
    row.refresh_from_db()
    world.hand_in(row, minji)
    row.refresh_from_db()
    assert (row.state, Supplement.objects.count()) == ("submitted", 0)
    assert "pending" not in json.loads(row.receipt.payload)
    assert "pending" not in json.loads(row.receipt.snapshot.document)
    assert len(world.inbox("application_received")) == 1


def test_one_paper_comes_and_the_other_later(notice: EditionVersion, minji: Shop) -> None:
    row, asked = handed_in(minji, notice, NATIONAL, LOCAL)
    bring(asked, minji, [LOCAL], OPENS + timedelta(days=2))
    row.refresh_from_db()
    second = json.loads(Snapshot.objects.get(application=row, number=2).document)
    assert (row.state, second["pending"]) == ("supplementing", [NATIONAL])
    bring(asked, minji, [NATIONAL], OPENS + timedelta(days=3))
    row.refresh_from_db()
    third = json.loads(Snapshot.objects.get(application=row, number=3).document)
    assert row.state == "submitted"
    assert "pending" not in third
    assert {NATIONAL, LOCAL} <= {paper["code"] for paper in third["papers"]}
    assert said(row)[-1] == "나중에 내기로 한 서류를 모두 냈습니다."


@pytest.mark.parametrize(("day", "taken"), [(SUPPLEMENT_UNTIL, True), (AFTER, False)], ids=["last day", "day after"])
def test_the_last_day_for_what_follows_is_included(
    notice: EditionVersion, minji: Shop, day: date, *, taken: bool
) -> None:
    row, asked = handed_in(minji, notice, NATIONAL)
    frozen_on = CLOSES + timedelta(days=1)
    actions.freeze_pool(notice, "3-1", "R1", by="system:freezer", now=noon(frozen_on), today=frozen_on)
    if taken:
        bring(asked, minji, [NATIONAL], day)
    else:
        with pytest.raises(NotOpenError, match="2021-04-19 24시"):
            bring(asked, minji, [NATIONAL], day)
    row.refresh_from_db()
    assert row.state == ("closed" if taken else "supplementing")


def test_what_never_comes_lapses_and_the_application_goes_on(notice: EditionVersion, minji: Shop) -> None:
    row, asked = handed_in(minji, notice, NATIONAL, LOCAL)
    bring(asked, minji, [LOCAL])
    assert actions.expire_supplements(SUPPLEMENT_UNTIL, now=noon(SUPPLEMENT_UNTIL)) == 0
    assert actions.expire_supplements(AFTER, now=noon(AFTER)) == 1
    row.refresh_from_db()
    asked.refresh_from_db()
    assert (row.state, asked.state, asked.clock_started) == ("submitted", "expired", noon(AFTER))
    assert row.papers.filter(code=LOCAL).count() == 1
    assert said(row)[-1] == ("나중에 내기로 한 서류의 기한이 지났습니다. 내지 않은 것은 확인하지 못한 것으로 남습니다.")
    assert len(world.inbox("supplement_expired")) == 1


def test_who_hands_in_on_the_last_day_may_promise_too(notice: EditionVersion, minji: Shop) -> None:
    row = promising(minji, notice, NATIONAL, day=CLOSES)
    world.hand_in(row, minji, CLOSES)
    assert Supplement.objects.get().due == SUPPLEMENT_UNTIL


def test_an_officer_asks_beside_a_promise_and_both_must_end(notice: EditionVersion, minji: Shop, officer: User) -> None:
    row, promised = handed_in(minji, notice, NATIONAL)
    day, due = OPENS + timedelta(days=2), OPENS + timedelta(days=4)
    asked = actions.ask_supplement(row.pk, [STOCK], due=due, by=officer, now=noon(day), today=day)
    with pytest.raises(WrongStateError):
        actions.ask_supplement(row.pk, [STOCK], due=due, by=officer, now=noon(day), today=day)
    bring(asked, minji, ["stock_list"], due)
    row.refresh_from_db()
    assert row.state == "supplementing"
    bring(promised, minji, [NATIONAL], due)
    row.refresh_from_db()
    assert row.state == "submitted"
    later = noon(due + timedelta(days=3))
    assert queries.time_taken(row, until=later) == timedelta(days=3)  # the clock stood once, not twice


def test_a_correction_carries_the_promise_and_drops_the_first_request(notice: EditionVersion, minji: Shop) -> None:
    row, first = handed_in(minji, notice, NATIONAL)
    day = OPENS + timedelta(days=1)
    again = actions.open_draft(
        minji.party, notice, "3-1", "R1", by=minji.owner, now=noon(day), today=day, correcting=True
    )
    assert list(again.promises.values_list("code", flat=True)) == [NATIONAL]
    world.hand_in(again, minji, day)
    again.refresh_from_db()
    row.refresh_from_db()
    first.refresh_from_db()
    assert (row.state, row.replaced, first.state, again.state) == ("withdrawn", True, "dropped", "supplementing")
    assert Supplement.objects.get(application=again).items.get().code == NATIONAL


def test_a_correction_after_the_paper_came_waits_for_nothing(notice: EditionVersion, minji: Shop) -> None:
    _row, first = handed_in(minji, notice, NATIONAL)
    bring(first, minji, [NATIONAL])
    again = actions.open_draft(
        minji.party, notice, "3-1", "R1", by=minji.owner, now=noon(OPENS), today=OPENS, correcting=True
    )
    world.hand_in(again, minji)
    again.refresh_from_db()
    assert (again.state, Supplement.objects.filter(application=again).count()) == ("submitted", 0)


def test_withdrawing_ends_the_wait(notice: EditionVersion, minji: Shop) -> None:
    row, asked = handed_in(minji, notice, NATIONAL)
    actions.withdraw(row.pk, by=minji.owner, now=noon(OPENS), today=OPENS)
    asked.refresh_from_db()
    assert asked.state == "dropped"
    assert "나중에 내기로 한 서류를 더 기다리지 않습니다." in said(row)


def test_what_was_promised_stays_once_it_is_handed_in(notice: EditionVersion, minji: Shop) -> None:
    row, _asked = handed_in(minji, notice, NATIONAL)
    promised = PromisedPaper.objects.get(application=row)
    for attempt in (
        lambda: PromisedPaper.objects.create(application=row, code=LOCAL, promised_at=noon(OPENS)),
        lambda: PromisedPaper.objects.filter(pk=promised.pk).update(code=LOCAL),
        promised.delete,
    ):
        with pytest.raises(IntegrityError, match="keeps what it promised"), transaction.atomic():
            attempt()


def test_a_discarded_draft_takes_its_promises_along(notice: EditionVersion, minji: Shop) -> None:
    row = promising(minji, notice, NATIONAL)
    actions.discard(row.pk, by=minji.owner)
    assert PromisedPaper.objects.count() == 0


def test_two_windows_that_disagree_about_a_promise_are_told(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    shown = row.revision
    promise(row, minji, NATIONAL)
    late = {"revision": shown, "by": minji.owner, "now": noon(OPENS)}
    actions.choose_papers(row.pk, {}, promises={LOCAL: True}, **late)  # another paper disturbs nobody
    with pytest.raises(StaleError) as stale:
        actions.choose_papers(row.pk, {}, promises={NATIONAL: False}, **late)
    assert stale.value.fields == (f"promises.{NATIONAL}",)
    assert set(row.promises.values_list("code", flat=True)) == {NATIONAL, LOCAL}


def test_waiting_takes_three_statements_more_however_many_hand_in(notice: EditionVersion) -> None:
    plain, alone, *others = [world.shop(name) for name in ("새벽농장", "미래상회", "바다식품", "숲공방", "들녘농원")]
    without = [world.filled(plain, notice)]
    one = [promising(alone, notice, NATIONAL)]
    three = [promising(who, notice, NATIONAL, LOCAL) for who in others]

    def statements(rows: list[Application]) -> int:
        wanted = [actions.Submission(row.pk, row.created_by_id, OPENS, row.revision) for row in rows]
        with CaptureQueriesContext(connection) as seen:
            actions.submit_many(wanted, now=noon(OPENS))
        texts = [query["sql"] for query in seen if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        return len([sql for sql in texts if "record_entry" not in sql])

    counted = statements(without)
    assert (statements(one), statements(three)) == (counted + 3, counted + 3)
