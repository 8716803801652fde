"""Two at once: real threads, each with a connection of its own."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from intake import world
from intake.world import CLOSES, OPENS, Shop, noon
from panro.accounts.models import User
from panro.editions.models import EditionVersion
from panro.intake import actions
from panro.intake.errors import IntakeError, NotOpenError, WrongStateError
from panro.intake.models import Application, ItemKind, Pool, Receipt, Snapshot, Supplement
from panro.notify.models import Message
from panro.record.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)
AFTER = CLOSES.replace(day=CLOSES.day + 1)


def together(*acts: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment and return what came of each: a value, or what was raised."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            start.wait(10)
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - handed to the test
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_eight_clicks_at_once_make_one_receipt(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    receipts = together(*[lambda: world.hand_in(row, minji)] * 8)
    assert len(set(receipts)) == 1
    assert (Receipt.objects.count(), Snapshot.objects.count(), Pool.objects.get().issued) == (1, 1, 1)
    assert Entry.objects.filter(act="application_submitted").count() == 1
    assert Message.objects.filter(template="application_received", channel="inbox").count() == 1


def test_eight_clicks_at_once_wait_once_for_what_was_promised(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    late = "national_tax_clearance"
    actions.choose_papers(
        row.pk, {late: []}, revision=row.revision, by=minji.owner, now=noon(OPENS), promises={late: True}
    )
    row.refresh_from_db()
    receipts = together(*[lambda: world.hand_in(row, minji)] * 8)
    assert len(set(receipts)) == 1
    asked = Supplement.objects.get()
    assert (asked.promised, [item.code for item in asked.items.all()]) == (True, [late])
    assert Entry.objects.filter(act="papers_promised").count() == 1
    assert Message.objects.filter(template="application_received_in_part", channel="inbox").count() == 1


def test_a_paper_that_comes_in_the_night_its_day_ends_counts_or_lapses_never_both(
    notice: EditionVersion, minji: Shop
) -> None:
    row = world.filled(minji, notice)
    late, last = "national_tax_clearance", world.SUPPLEMENT_UNTIL
    actions.choose_papers(
        row.pk, {late: []}, revision=row.revision, by=minji.owner, now=noon(OPENS), promises={late: True}
    )
    row.refresh_from_db()
    world.hand_in(row, minji)
    asked = Supplement.objects.get()
    paper = actions.Answered(ItemKind.DOCUMENT, late, paper=minji.papers[late])
    night = world.midnight_after(last)
    answered, expired = together(
        lambda: actions.answer_supplement(asked.pk, [paper], by=minji.owner, now=night, today=last),
        lambda: actions.expire_supplements(night.date(), now=night),
    )
    asked.refresh_from_db()
    row.refresh_from_db()
    came = asked.items.get().answered_at is not None
    assert (asked.state, expired, came) in {("answered", 0, True), ("expired", 1, False)}
    assert isinstance(answered, Supplement if came else WrongStateError)
    assert (row.state, Snapshot.objects.count()) == ("submitted", 1 + came)


def test_shops_that_hand_in_at_once_get_one_number_each(notice: EditionVersion) -> None:
    shops = [world.shop(f"가게 {number}") for number in range(6)]
    rows = [world.filled(who, notice) for who in shops]
    receipts = together(
        *[lambda row=row, who=who: world.hand_in(row, who) for row, who in zip(rows, shops, strict=True)]
    )
    assert sorted(receipt.receipt_no[-6:] for receipt in receipts) == [f"{number:06d}" for number in range(1, 7)]


def test_two_windows_that_begin_at_once_go_on_with_one_draft(notice: EditionVersion, minji: Shop) -> None:
    drafts = together(*[lambda: world.draft(minji, notice)] * 4)
    assert len({draft.pk for draft in drafts}) == 1
    assert Application.objects.count() == 1


def test_two_windows_that_save_the_same_answer_at_once_do_not_overwrite_each_other(
    notice: EditionVersion, minji: Shop
) -> None:
    row = world.draft(minji, notice)

    def save(words: str) -> actions.Saved:
        return actions.save_step(row.pk, "plan", {"why": words}, revision=1, by=minji.owner, now=noon(OPENS))

    results = together(lambda: save("왼쪽"), lambda: save("오른쪽"))
    (kept,) = [words for words, result in zip(("왼쪽", "오른쪽"), results, strict=True) if hasattr(result, "revision")]
    assert Application.objects.get(pk=row.pk).answers == {"why": kept}
    assert sum(isinstance(result, IntakeError) for result in results) == 1


def test_handing_in_while_the_draft_is_saved_never_hands_in_what_was_not_looked_at(
    notice: EditionVersion, minji: Shop
) -> None:
    row = world.filled(minji, notice)
    saved, handed_in = together(
        lambda: actions.save_step(
            row.pk, "plan", {"why": "새 글"}, revision=row.revision, by=minji.owner, now=noon(OPENS)
        ),
        lambda: world.hand_in(row, minji),
    )
    refused = [isinstance(result, IntakeError) for result in (saved, handed_in)]
    assert refused in ([True, False], [False, True])
    answers = Application.objects.get(pk=row.pk).answers
    assert answers == ({"why": "새 글"} if isinstance(handed_in, IntakeError) else {})


def test_freezing_while_shops_hand_in_leaves_nobody_half_inside(notice: EditionVersion) -> None:
    shops = [world.shop(f"가게 {number}") for number in range(4)]
    rows = [world.filled(who, notice) for who in shops]
    results = together(
        *[
            lambda row=row, who=who: actions.submit(
                row.pk, revision=row.revision, by=who.owner, now=noon(CLOSES), today=CLOSES
            )
            for row, who in zip(rows, shops, strict=True)
        ],
        lambda: actions.freeze_pool(notice, "3-1", "R1", by="system:freezer", now=noon(AFTER), today=AFTER),
    )
    frozen = results.pop()
    inside = [result for result in results if isinstance(result, Receipt)]
    outside = [result for result in results if isinstance(result, NotOpenError)]
    assert len(inside) + len(outside) == 4
    assert {receipt.pk for receipt in frozen} == {receipt.pk for receipt in inside}
    pool = Pool.objects.get()
    assert (pool.issued, pool.count, pool.applications.filter(state="closed").count()) == (len(inside),) * 3


def test_withdrawing_while_an_officer_asks_ends_withdrawn_or_asked_never_both(
    notice: EditionVersion, minji: Shop, officer: User
) -> None:
    row = world.handed_in(minji, notice)
    items = [actions.Asked(ItemKind.QUESTION, "why", "이유")]
    withdrawn, asked = together(
        lambda: actions.withdraw(row.pk, by=minji.owner, now=noon(OPENS), today=OPENS),
        lambda: actions.ask_supplement(row.pk, items, due=CLOSES, by=officer, now=noon(OPENS), today=OPENS),
    )
    assert isinstance(withdrawn, Application)
    assert isinstance(asked, Supplement | WrongStateError)
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert not Supplement.objects.filter(state="asked").exists()
