"""김민지 withdraws, corrects, and applies again in the same round."""

import json
from datetime import timedelta

import pytest

from intake import world
from intake.world import CLOSES, OPENS, RESULTS_ON, Shop, noon
from panro.accounts.models import User
from panro.editions.models import EditionVersion
from panro.intake import actions
from panro.intake.errors import NotOpenError, WrongStateError
from panro.intake.models import Application, ItemKind, Supplement
from panro.notify.models import Message
from panro.record.models import Entry

NOW = noon(OPENS)
NEXT_DAY = OPENS + timedelta(days=1)


def test_what_was_withdrawn_keeps_its_receipt_and_is_told_once(notice: EditionVersion, minji: Shop) -> None:
    row = world.handed_in(minji, notice)
    for _click in range(2):
        gone = actions.withdraw(row.pk, by=minji.owner, now=NOW, today=OPENS, why="다른 사업에 집중하려고요.")
    assert (gone.state, gone.withdrawn_why, gone.receipt.receipt_no[-6:]) == (
        "withdrawn",
        "다른 사업에 집중하려고요.",
        "000001",
    )
    entry = Entry.objects.get(act="application_withdrawn")
    assert json.loads(entry.document)["public"] == {"round": "2021/3-1/R1", "receipt": row.receipt.commitment}
    assert Message.objects.filter(template="application_withdrawn", channel="inbox").count() == 1


def test_a_draft_cannot_be_withdrawn(notice: EditionVersion, minji: Shop) -> None:
    row = world.draft(minji, notice)
    with pytest.raises(WrongStateError):
        actions.withdraw(row.pk, by=minji.owner, now=NOW, today=OPENS)


@pytest.mark.parametrize(("days", "may"), [(-1, True), (0, False)], ids=["the day before", "the day of the results"])
def test_until_the_results_an_application_may_be_withdrawn(
    notice: EditionVersion, minji: Shop, days: int, *, may: bool
) -> None:
    row, day = world.handed_in(minji, notice), RESULTS_ON + timedelta(days=days)
    if may:
        assert actions.withdraw(row.pk, by=minji.owner, now=noon(day), today=day).state == "withdrawn"
    else:
        with pytest.raises(WrongStateError, match="결과가 발표된 뒤"):
            actions.withdraw(row.pk, by=minji.owner, now=noon(day), today=day)


def test_withdrawing_drops_what_was_asked(notice: EditionVersion, minji: Shop, officer: User) -> None:
    row = world.handed_in(minji, notice)
    asked = actions.ask_supplement(
        row.pk,
        [actions.Asked(ItemKind.DOCUMENT, "stock_list", "재고 표가 흐립니다.")],
        due=CLOSES,
        by=officer,
        now=NOW,
        today=OPENS,
    )
    actions.withdraw(row.pk, by=minji.owner, now=noon(NEXT_DAY), today=NEXT_DAY)
    asked.refresh_from_db()
    assert (asked.state, asked.clock_started) == ("dropped", noon(NEXT_DAY))


def test_who_withdrew_begins_again_with_everything_typed_before(notice: EditionVersion, minji: Shop) -> None:
    first = world.filled(minji, notice)
    actions.save_step(first.pk, "plan", {"why": "이유"}, revision=first.revision, by=minji.owner, now=NOW)
    first.refresh_from_db()
    world.hand_in(first, minji)
    actions.withdraw(first.pk, by=minji.owner, now=NOW, today=OPENS)
    second = world.draft(minji, notice, day=NEXT_DAY)
    assert (second.answers, second.track, second.declared) == ({"why": "이유"}, "listing", first.declared)
    assert set(second.papers.values_list("code", "paper_id")) == set(first.papers.values_list("code", "paper_id"))
    assert set(second.steps.values_list("step", flat=True)) == set(first.steps.values_list("step", flat=True))
    world.hand_in(second, minji, NEXT_DAY)
    first.refresh_from_db()
    assert (first.state, first.replaced) == ("withdrawn", True)


def test_a_correction_takes_the_place_of_the_first_when_it_is_handed_in_and_not_before(
    notice: EditionVersion, minji: Shop
) -> None:
    first = world.handed_in(minji, notice)
    draft = actions.open_draft(
        minji.party, notice, "3-1", "R1", by=minji.owner, now=noon(NEXT_DAY), today=NEXT_DAY, correcting=True
    )
    actions.choose_track(draft.pk, "detail_page", revision=draft.revision, by=minji.owner, now=noon(NEXT_DAY))
    paper = {"source_images": [minji.papers["source_images"]]}
    actions.choose_papers(draft.pk, paper, revision=2, by=minji.owner, now=noon(NEXT_DAY))
    first.refresh_from_db()
    assert first.state == "submitted"
    draft.refresh_from_db()
    world.hand_in(draft, minji, NEXT_DAY)
    first.refresh_from_db()
    draft.refresh_from_db()
    assert (first.state, first.replaced, draft.state, draft.track) == ("withdrawn", True, "submitted", "detail_page")
    assert draft.receipt.receipt_no == "2021-3-1-R1-000002"
    entry = Entry.objects.filter(act="application_submitted").latest("number")
    assert json.loads(entry.document)["public"] == {
        "round": "2021/3-1/R1",
        "receipt": draft.receipt.commitment,
        "replaces": [str(first.pk)],
    }


def test_a_correction_drops_what_was_asked_of_the_first(notice: EditionVersion, minji: Shop, officer: User) -> None:
    first = world.handed_in(minji, notice)
    asked = [actions.Asked(ItemKind.QUESTION, "why", "이유를 더 적어 주세요.")]
    actions.ask_supplement(first.pk, asked, due=CLOSES, by=officer, now=NOW, today=OPENS)
    draft = actions.open_draft(
        minji.party, notice, "3-1", "R1", by=minji.owner, now=noon(NEXT_DAY), today=NEXT_DAY, correcting=True
    )
    world.hand_in(draft, minji, NEXT_DAY)
    assert Supplement.objects.get().state == "dropped"
    assert Application.objects.get(pk=first.pk).state == "withdrawn"


def test_after_the_pool_is_frozen_nothing_is_corrected(notice: EditionVersion, minji: Shop) -> None:
    world.handed_in(minji, notice)
    after = CLOSES + timedelta(days=1)
    actions.freeze_pool(notice, "3-1", "R1", by="system:freezer", now=noon(after), today=after)
    with pytest.raises(NotOpenError):
        actions.open_draft(
            minji.party, notice, "3-1", "R1", by=minji.owner, now=noon(CLOSES), today=CLOSES, correcting=True
        )


def test_many_are_withdrawn_at_once(notice: EditionVersion) -> None:
    shops = [world.shop(name) for name in ("미래상회", "바다식품", "숲공방")]
    rows = [world.handed_in(who, notice) for who in shops]
    gone = actions.withdraw_many([row.pk for row in rows], by=shops[0].owner.pk, now=NOW, today=OPENS, tell=False)
    assert [row.state for row in gone] == ["withdrawn"] * 3
    assert Entry.objects.filter(act="application_withdrawn").count() == 3
