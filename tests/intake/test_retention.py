"""What outlived its term goes, a day after its last and not before; what was proved by it can still be proved."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from intake import world
from intake.test_at_once import together
from intake.test_guards import refused
from intake.world import CLOSES, OPENS, Shop, noon
from panro.intake import actions, retention
from panro.intake.actions import Answered, Asked
from panro.intake.checks import destroyed_contents, hashes, roots
from panro.intake.models import Application, ItemKind, Pool, Receipt, Snapshot, SupplementItem
from panro.intake.queries import asked_from, resting_on
from panro.proof.merkle import text_root
from panro.record.doctor import examine
from panro.record.models import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

AFTER = CLOSES + timedelta(days=1)
NEW_YEAR_3, NEW_YEAR_5 = date(2025, 1, 1), date(2027, 1, 1)
"""Terms of three and five years after a round that closed in 2021 end the day before."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seams(monkeypatch: pytest.MonkeyPatch) -> None:
    """No room above needs anything or knows who was not selected; a test that wants one says so."""
    monkeypatch.setattr(retention.needed, "_parts", {})
    monkeypatch.setattr(retention.not_selected, "_parts", {})


def frozen(notice: EditionVersion, *shops: Shop) -> list[Application]:
    rows = [world.handed_in(who, notice) for who in shops]
    actions.freeze_pool(notice, "3-1", "R1", by="system:freezer", now=noon(AFTER), today=AFTER)
    return [Application.objects.get(pk=row.pk) for row in rows]


def night(day: date) -> int:
    return retention.destroy_outlived(day, now=noon(day))


def broken() -> list[object]:
    return [finding for finding in examine(slow=True) if finding.broken]


def test_a_draft_that_missed_its_round_is_kept_for_a_year(notice: EditionVersion, minji: Shop) -> None:
    world.filled(minji, notice)
    other = world.shop("바다식품", "정바다")
    world.draft(other, notice, "2-3", "R1", day=date(2021, 4, 1))
    actions.close_missed(AFTER, now=noon(AFTER))
    assert night(date(2022, 4, 9)) == 0
    assert [night(date(2022, 4, 10)) for _night in range(2)] == [1, 0]
    assert [row.programme for row in Application.objects.all()] == ["2-3"]
    (entry,) = Entry.objects.filter(act="drafts_destroyed")
    assert entry.subject == "retention:drafts"
    assert json.loads(entry.document)["public"]["count"] == 1


def test_a_draft_still_being_written_is_never_destroyed(notice: EditionVersion, minji: Shop) -> None:
    world.draft(minji, notice)
    assert night(date(2040, 1, 1)) == 0


def test_contents_go_on_new_years_day_after_five_years_and_the_pool_keeps_its_root(
    notice: EditionVersion, minji: Shop
) -> None:
    row, other = frozen(notice, minji, world.shop("바다식품", "정바다"))
    root, numbers = Pool.objects.get().root, sorted(Receipt.objects.values_list("receipt_no", flat=True))
    assert night(NEW_YEAR_5 - timedelta(days=1)) == 0
    assert [night(NEW_YEAR_5) for _night in range(2)] == [2, 0]
    row.refresh_from_db()
    assert (row.answers, row.declared, row.destroyed_at) == ({}, {}, noon(NEW_YEAR_5))
    assert set(Receipt.objects.values_list("salt", "payload")) == {("", "")}
    assert set(Snapshot.objects.values_list("document", flat=True)) == {""}
    assert sorted(Receipt.objects.values_list("receipt_no", flat=True)) == numbers
    commitments = list(Receipt.objects.order_by("place__result_no").values_list("commitment", flat=True))
    assert text_root(commitments) == root
    (entry,) = Entry.objects.filter(act="contents_destroyed")
    told = json.loads(entry.document)["public"]
    assert (entry.subject, told["applications"]) == (
        "retention:applications_selected",
        sorted([str(row.pk), str(other.pk)]),
    )
    assert broken() == []


def test_who_withdrew_or_was_not_selected_is_forgotten_two_years_earlier(notice: EditionVersion, minji: Shop) -> None:
    left = world.shop("바다식품", "정바다")
    world.handed_in(left, notice)
    actions.withdraw(
        Application.objects.get(party=left.party).pk, by=left.owner, now=noon(OPENS), today=OPENS, why="폐업합니다."
    )
    lost, won = frozen(notice, world.shop("숲공방", "한나무"), minji)
    retention.not_selected.register("test", lambda ids: set(ids) & {lost.pk})
    assert night(NEW_YEAR_3 - timedelta(days=1)) == 0
    assert night(NEW_YEAR_3) == 2
    assert [row.party_id for row in Application.objects.filter(destroyed_at=None)] == [won.party_id]
    assert Application.objects.get(party=left.party).withdrawn_why == ""
    assert night(NEW_YEAR_5) == 1
    assert broken() == []


def test_what_a_room_above_needs_and_what_is_in_no_pool_stays(notice: EditionVersion, minji: Shop) -> None:
    row, other = frozen(notice, minji, world.shop("바다식품", "정바다"))
    running = world.handed_in(world.shop("숲공방", "한나무"), notice, date(2021, 4, 1), programme="2-3")
    retention.needed.register("objection", lambda ids: set(ids) & {row.pk})
    assert night(date(2040, 1, 1)) == 1
    assert {one.pk for one in Application.objects.filter(destroyed_at=None)} == {row.pk, running.pk}
    retention.needed.forget("objection")
    assert night(date(2040, 1, 1)) == 1
    assert Application.objects.get(destroyed_at=None).pk == running.pk
    assert other.pk != row.pk


def test_a_supplement_loses_what_it_said(notice: EditionVersion, minji: Shop, officer: User) -> None:
    row = world.handed_in(minji, notice)
    question = Asked(ItemKind.QUESTION, "contact_phone", "전화번호가 맞지 않습니다.")
    asked = actions.ask_supplement(row.pk, [question], due=CLOSES, by=officer, now=noon(OPENS), today=OPENS)
    actions.answer_supplement(
        asked.pk,
        [Answered(ItemKind.QUESTION, "contact_phone", value="01012345678")],
        by=minji.owner,
        now=noon(OPENS),
        today=OPENS,
    )
    actions.freeze_pool(notice, "3-1", "R1", by="system:freezer", now=noon(AFTER), today=AFTER)
    assert night(NEW_YEAR_5) == 1
    assert list(SupplementItem.objects.values_list("why", "value")) == [(retention.GONE, None)]
    assert broken() == []


def test_a_paper_may_go_once_nothing_rests_on_it(notice: EditionVersion, minji: Shop) -> None:
    (row,) = frozen(notice, minji)
    paper = row.papers.first()
    assert paper is not None
    assert (resting_on([paper.paper_id]), asked_from([minji.party.pk])) == (
        {paper.paper_id},
        {minji.party.pk: OPENS},
    )
    night(NEW_YEAR_5)
    assert (resting_on([paper.paper_id]), asked_from([minji.party.pk])) == (set(), {})


def test_killed_half_way_the_next_night_does_the_rest(notice: EditionVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen(notice, *(world.shop(name) for name in ("미래상회", "바다식품", "숲공방")))
    monkeypatch.setattr(retention, "BATCH", 1)
    emptied = retention._empty
    calls: list[int] = []

    def dies(ids: list[object], **more: object) -> None:
        calls.append(1)
        emptied(ids, **more)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(retention, "_empty", dies)
    with pytest.raises(KeyboardInterrupt):
        night(NEW_YEAR_5)
    assert Application.objects.filter(destroyed_at=None).count() == 2
    assert [*destroyed_contents(), *hashes(), *roots()] == []
    assert night(NEW_YEAR_5) == 2
    assert broken() == []


def test_nothing_else_of_a_receipt_can_be_changed_and_nothing_comes_back(notice: EditionVersion, minji: Shop) -> None:
    (row,) = frozen(notice, minji)

    refused("UPDATE intake_receipt SET payload = '{}'", "append-only")
    refused("UPDATE intake_receipt SET payload = '', salt = '', destroyed_at = now(), receipt_no = 'x'", "append-only")
    refused("UPDATE intake_receipt SET destroyed_at = now()", "receipt_text_or_destroyed")
    refused("UPDATE intake_snapshot SET document = ''", "append-only")
    refused("DELETE FROM intake_receipt", "append-only")
    night(NEW_YEAR_5)
    refused("UPDATE intake_receipt SET payload = 'back', destroyed_at = now()", "append-only")
    refused('UPDATE intake_application SET answers = \'{"a": "b"}\'', "are destroyed")
    assert row.pk


def test_the_doctor_finds_contents_that_are_gone_without_a_word(notice: EditionVersion, minji: Shop) -> None:
    (row,) = frozen(notice, minji)
    retention._empty([row.pk], now=noon(NEW_YEAR_5))
    (found,) = destroyed_contents()
    assert (found.where, found.found) == (f"application {row.pk}, contents", "gone")


def test_the_merchant_reads_that_it_was_destroyed_and_when(
    notice: EditionVersion, minji: Shop, settings: Settings
) -> None:
    (row,) = frozen(notice, minji)
    night(NEW_YEAR_5)
    settings.PRETENDED_DAY = date(2027, 1, 5)
    client = Client(headers={"accept-language": "en"})
    client.force_login(minji.owner)
    for page in (f"/my/applications/{row.pk}/", f"/my/applications/{row.pk}/receipt/"):
        answer = client.get(page)
        assert (answer.status_code, "Destroyed on" in answer.text) == (200, True)
    assert row.receipt.receipt_no in client.get("/my/applications/").text
    assert client.get(f"/my/applications/{row.pk}/receipt.pdf").headers["Content-Type"] == "application/pdf"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_destroy_each_application_once(
    notice: EditionVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen(notice, *(world.shop(name) for name in ("미래상회", "바다식품", "숲공방", "들녘농원")))
    monkeypatch.setattr(retention, "BATCH", 1)
    act: Callable[[], int] = lambda: night(NEW_YEAR_5)  # noqa: E731 - said to both
    counted = together(act, act)
    assert sum(count for count in counted if isinstance(count, int)) == 4
    told = [json.loads(entry.document)["public"]["count"] for entry in Entry.objects.filter(act="contents_destroyed")]
    assert told == [1, 1, 1, 1]
    assert broken() == []
