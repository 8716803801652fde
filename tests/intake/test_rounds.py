"""The end of an intake: reminders, drafts that missed it, more time for one applicant, nominations, the frozen pool."""

import json
from datetime import UTC, timedelta

import pytest

from intake import world
from intake.world import CLOSES, OPENS, SUPPLEMENT_UNTIL, Shop, noon
from panro.accounts.models import User
from panro.editions.models import EditionVersion
from panro.intake import actions
from panro.intake.checks import hashes, numbers, open_requests, receipts_of_handed_in, roots
from panro.intake.errors import DayError, NotNominatedError, NotOpenError, NotYetError
from panro.intake.models import Application, Extension, Pool, Receipt
from panro.proof.chain import Entry as ChainEntry
from panro.proof.merkle import text_root
from panro.record.models import Entry

AFTER = CLOSES + timedelta(days=1)
LATER = CLOSES + timedelta(days=5)


def longer(who: Shop, notice: EditionVersion, officer: User, day: object = CLOSES, until: object = LATER) -> Extension:
    return actions.extend(
        who.party,
        notice,
        "3-1",
        "R1",
        until=until,
        reason="수해로 사업장이 잠겼습니다.",
        by=officer,
        now=noon(day),
        today=day,
    )


def freeze(notice: EditionVersion, day: object = AFTER) -> list[Receipt]:
    return actions.freeze_pool(notice, "3-1", "R1", by="system:freezer", now=noon(day), today=day)


def test_who_is_still_writing_is_reminded_once_a_day_that_is_announced(notice: EditionVersion, minji: Shop) -> None:
    world.draft(minji, notice)
    told = [
        actions.remind_drafts(CLOSES - timedelta(days=left), now=noon(CLOSES - timedelta(days=left)))
        for left in (8, 7, 6, 3, 3, 1, 0)
    ]
    assert told == [0, 1, 0, 1, 1, 1, 1]
    assert len(world.inbox("draft_closing_soon")) == 4
    assert "2021-04-09" in world.inbox("draft_closing_soon")[0].subject


def test_a_draft_that_missed_its_day_is_put_aside_and_kept(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    assert actions.close_missed(CLOSES, now=noon(CLOSES)) == 0
    assert [actions.close_missed(AFTER, now=noon(AFTER)) for _night in range(2)] == [1, 0]
    row.refresh_from_db()
    assert (row.state, row.papers.count() > 5) == ("missed", True)
    (entry,) = Entry.objects.filter(act="drafts_missed")
    assert (entry.subject, json.loads(entry.document)["public"]) == ("round:2021/3-1/R1", {"count": 1})
    assert [message.account for message in world.inbox("draft_missed")] == [minji.owner]


def test_one_applicant_gets_more_time_and_the_others_do_not(notice: EditionVersion, minji: Shop, officer: User) -> None:
    other = world.shop("바다식품", "정바다")
    rows = {who.party.name: world.filled(who, notice) for who in (minji, other)}
    longer(minji, notice, officer)
    for row in rows.values():
        row.refresh_from_db()
    assert rows["미래상회"].closes == LATER
    receipt = world.hand_in(rows["미래상회"], minji, LATER)
    assert json.loads(receipt.payload)["on"] == "2021-04-14"
    with pytest.raises(NotOpenError):
        world.hand_in(rows["바다식품"], other, AFTER)
    assert [message.account for message in world.inbox("extension_granted")] == [minji.owner]


def test_a_missed_draft_comes_back_with_more_time(notice: EditionVersion, minji: Shop, officer: User) -> None:
    row = world.filled(minji, notice)
    actions.close_missed(AFTER, now=noon(AFTER))
    longer(minji, notice, officer, day=AFTER)
    row.refresh_from_db()
    assert (row.state, row.closes) == ("draft", LATER)
    assert world.draft(minji, notice, day=LATER).pk == row.pk


@pytest.mark.parametrize(
    ("until", "fits"),
    [(CLOSES, False), (AFTER, True), (SUPPLEMENT_UNTIL, True), (SUPPLEMENT_UNTIL + timedelta(days=1), False)],
)
def test_more_time_lies_between_the_closing_day_and_the_last_day_for_supplements(
    notice: EditionVersion, minji: Shop, officer: User, until: object, *, fits: bool
) -> None:
    if fits:
        assert longer(minji, notice, officer, until=until).until == until
    else:
        with pytest.raises(DayError):
            longer(minji, notice, officer, until=until)


def test_who_is_nominated_is_asked_to_apply_and_has_not_applied_yet(
    notice: EditionVersion, minji: Shop, officer: User
) -> None:
    for _click in range(2):
        (named,) = actions.nominate(
            [minji.party], notice, "2-3", "R1", reason="구독 상품으로 알맞음", by=officer, now=noon(OPENS), today=OPENS
        )
    assert (named.party, named.named_on) == (minji.party, OPENS)
    assert [message.account for message in world.inbox("applicant_nominated")] == [minji.owner]
    assert "/apply/2021/2-3/R1/" in world.inbox("applicant_nominated")[0].text
    assert Entry.objects.filter(act="applicant_nominated").count() == 1
    assert not Application.objects.exists()
    with pytest.raises(NotNominatedError):
        actions.nominate([minji.party], notice, "3-1", "R1", reason="-", by=officer, now=noon(OPENS), today=OPENS)


def test_the_frozen_pool_holds_every_receipt_in_the_order_of_commitments(notice: EditionVersion) -> None:
    shops = [world.shop(name) for name in ("미래상회", "바다식품", "숲공방", "들녘농원", "산골찻집")]
    rows = [world.handed_in(who, notice) for who in shops]
    actions.withdraw(rows[0].pk, by=shops[0].owner, now=noon(OPENS), today=OPENS)
    corrected = actions.open_draft(
        shops[1].party, notice, "3-1", "R1", by=shops[1].owner, now=noon(OPENS), today=OPENS, correcting=True
    )
    world.hand_in(corrected, shops[1])
    world.draft(world.shop("늦은가게"), notice)
    receipts = freeze(notice)
    commitments = [receipt.commitment for receipt in receipts]
    assert commitments == sorted(commitments)
    assert {receipt.application_id for receipt in receipts} == {row.pk for row in [*rows, corrected]} - {rows[1].pk}
    assert [receipt.place.result_no for receipt in receipts] == [1, 2, 3, 4, 5]
    pool = Pool.objects.get()
    assert (pool.issued, pool.count, pool.root) == (6, 5, text_root(commitments))
    entry = Entry.objects.get(act="pool_frozen")
    due = ChainEntry.of_round(
        "pool_frozen", at=noon(AFTER).astimezone(UTC), count=5, root=pool.root, round_id="2021/3-1/R1"
    )
    assert entry.document == due.canonical.decode()
    states = Application.objects.filter(pool=pool).values_list("state", flat=True)
    assert sorted(states) == ["closed"] * 4 + ["withdrawn"]
    for check in (receipts_of_handed_in, open_requests, numbers, roots, hashes):
        assert list(check()) == []


def test_freezing_again_changes_nothing_and_nothing_comes_in_afterwards(
    notice: EditionVersion, minji: Shop, officer: User
) -> None:
    world.handed_in(minji, notice)
    late = world.filled(world.shop("늦은가게"), notice)
    first, again = freeze(notice), freeze(notice, LATER)
    assert first == again
    assert Entry.objects.filter(act="pool_frozen").count() == 1
    submission = actions.Submission(late.pk, late.created_by_id, CLOSES)
    with pytest.raises(NotOpenError, match="확정"):
        actions.submit_many([submission], now=noon(AFTER))
    with pytest.raises(NotOpenError, match="확정"):
        longer(minji, notice, officer)


def test_an_empty_round_freezes_too(notice: EditionVersion) -> None:
    assert freeze(notice) == []
    assert (Pool.objects.get().count, Pool.objects.get().root) == (0, text_root([]))


def test_a_pool_waits_for_whoever_may_still_hand_in(notice: EditionVersion, minji: Shop, officer: User) -> None:
    with pytest.raises(NotYetError, match="2021-04-09"):
        freeze(notice, CLOSES)
    row = world.filled(minji, notice)
    longer(minji, notice, officer)
    with pytest.raises(NotYetError, match="2021-04-14"):
        freeze(notice, AFTER)
    world.hand_in(row, minji, AFTER)
    assert len(freeze(notice, AFTER)) == 1
