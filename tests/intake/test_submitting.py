"""김민지 hands her application in."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake import world
from intake.world import CLOSES, OPENS, Shop, noon
from panro.editions.models import EditionVersion
from panro.intake import actions
from panro.intake.errors import IncompleteError, NoConsentError, NotOpenError, StaleError, WrongStateError
from panro.intake.models import Application, Pool, Receipt, Snapshot
from panro.notify.models import Message
from panro.parties.states import Standing
from panro.proof.hashing import commitment, tagged_hash
from panro.record.models import Entry

SALT = "ab" * 32


def test_a_whole_application_gets_a_numbered_receipt_that_commits_to_it(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    receipt = actions.submit(
        row.pk, revision=row.revision, by=minji.owner, now=noon(OPENS), today=OPENS, salts=lambda _: SALT
    )
    snapshot = Snapshot.objects.get(application=row)
    assert receipt.receipt_no == "2021-3-1-R1-000001"
    assert json.loads(receipt.payload) == {
        "receipt_no": "2021-3-1-R1-000001",
        "applicant": minji.party.business.business_number,
        "applicant_type": "merchant",
        "name": "미래상회",
        "round": "2021/3-1/R1",
        "track": "listing",
        "on": "2021-03-17",
        "snapshot": snapshot.digest,
    }
    assert receipt.commitment == commitment(SALT, json.loads(receipt.payload))
    assert snapshot.digest == tagged_hash("panro-snapshot-1", snapshot.document)
    row.refresh_from_db()
    assert (row.state, row.submitted_on, row.submitted_by) == ("submitted", OPENS, minji.owner)
    assert Receipt.objects.get(application=row).payload == receipt.payload


def test_the_snapshot_holds_what_was_given_and_nothing_the_rules_do_not_read(
    notice: EditionVersion, minji: Shop
) -> None:
    row = world.filled(minji, notice)
    actions.save_step(
        row.pk, "plan", {"statement_paper_plan": "한글"}, revision=row.revision, by=minji.owner, now=noon(OPENS)
    )
    row.refresh_from_db()
    world.know(minji, "region", "11", OPENS)
    world.know(minji, "channel_url", "https://example.com/", OPENS)
    world.hand_in(row, minji)
    document = json.loads(Snapshot.objects.get(application=row).document)
    assert {key: document[key] for key in ("version", "programme", "round", "track", "answers")} == {
        "version": notice.digest,
        "programme": "3-1",
        "round": "R1",
        "track": "listing",
        "answers": {"statement_paper_plan": "한글"},
    }
    assert [product["name"] for product in document["products"]] == ["들기름"]
    assert document["facts"] == [{"key": "region", "value": "11", "as_of": "2021-03-17", "source": "applicant"}]
    papers = {paper["code"]: paper for paper in document["papers"]}
    assert papers["stock_list"] == {
        "code": "stock_list",
        "issued_on": "2021-03-15",
        "number": "제2021-stock_list호",
        "sha256": "",
    }
    words = row.declared["pledge"]["terms"]
    assert papers["pledge"] == {"code": "pledge", "issued_on": "2021-03-17", "number": "", "sha256": words}


def test_the_record_and_the_outbox_tell_of_it_and_the_record_names_nobody(notice: EditionVersion, minji: Shop) -> None:
    row = world.handed_in(minji, notice)
    entry = Entry.objects.get(act="application_submitted")
    document = json.loads(entry.document)
    assert (entry.subject, entry.actor) == (f"application:{row.pk}", str(minji.owner.pk))
    assert document["public"] == {"round": "2021/3-1/R1", "receipt": row.receipt.commitment}
    message = Message.objects.get(template="application_received", channel="inbox")
    assert message.account == minji.owner
    assert row.receipt.receipt_no in message.subject
    assert f"/my/applications/{row.pk}/" in message.text


def test_a_double_click_gets_the_same_receipt_and_one_number(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    first = world.hand_in(row, minji)
    again = world.hand_in(row, minji)
    assert first == again
    assert [receipt.receipt_no for receipt in Receipt.objects.all()] == ["2021-3-1-R1-000001"]
    assert Pool.objects.get().issued == 1
    assert Entry.objects.filter(act="application_submitted").count() == 1
    assert Message.objects.filter(template="application_received", channel="inbox").count() == 1


def test_numbers_follow_the_order_of_handing_in_and_each_round_counts_for_itself(notice: EditionVersion) -> None:
    names = ["미래상회", "바다식품", "숲공방"]
    rows = [world.handed_in(world.shop(name), notice) for name in names]
    other = world.handed_in(world.shop("들녘농원"), notice, programme="2-1")
    assert [row.receipt.receipt_no[-6:] for row in rows] == ["000001", "000002", "000003"]
    assert other.receipt.receipt_no == "2021-2-1-R1-000001"


def test_what_is_missing_is_named_with_its_step_and_nothing_is_half_written(
    notice: EditionVersion, minji: Shop
) -> None:
    row = world.filled(minji, notice)
    row.papers.filter(code="stock_list").delete()
    row.products.all().delete()
    with pytest.raises(IncompleteError) as refused:
        world.hand_in(row, minji)
    assert [(one.step, one.code) for one in refused.value.lacking] == [
        ("choose_products", "products"),
        ("documents", "stock_list"),
    ]
    assert "재고 표" in refused.value.text.ko
    submitted = Entry.objects.filter(act="application_submitted")
    assert (Pool.objects.count(), Snapshot.objects.count(), submitted.count()) == (0, 0, 0)
    row.refresh_from_db()
    assert row.state == "draft"


def test_an_officer_takes_in_as_it_comes_what_was_sent_on_paper(notice: EditionVersion, minji: Shop) -> None:
    row = world.draft(minji, notice)
    submission = actions.Submission(row.pk, minji.owner.pk, OPENS)
    (receipt,) = actions.submit_many([submission], now=noon(OPENS), checks=actions.NO_CHECKS, tell=False)
    assert receipt.receipt_no == "2021-3-1-R1-000001"
    assert not Message.objects.exists()


def test_without_the_consent_nothing_is_taken_in(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    minji.party.consents.filter(purpose="collect").update(
        withdrawn_at=noon(OPENS), withdrawn_on=OPENS, withdrawn_by=minji.owner
    )
    with pytest.raises(NoConsentError, match="동의"):
        world.hand_in(row, minji)


def test_what_another_page_saved_is_shown_before_it_is_handed_in(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    actions.save_step(row.pk, "plan", {"why": "새 내용"}, revision=row.revision, by=minji.owner, now=noon(OPENS))
    with pytest.raises(StaleError) as refused:
        world.hand_in(row, minji)
    assert (refused.value.fields, refused.value.stored.answers) == (("why",), {"why": "새 내용"})


@pytest.mark.parametrize(
    ("minutes", "taken"),
    [(-1, True), (0, False)],
    ids=["one minute before midnight", "midnight"],
)
def test_the_last_day_lasts_until_midnight_in_seoul(
    notice: EditionVersion, minji: Shop, minutes: int, *, taken: bool
) -> None:
    row = world.filled(minji, notice)
    at = world.midnight_after(CLOSES) + timedelta(minutes=minutes)
    if taken:
        receipt = actions.submit(row.pk, revision=row.revision, by=minji.owner, now=at)
        assert json.loads(receipt.payload)["on"] == "2021-04-09"
    else:
        with pytest.raises(NotOpenError, match="2021-04-09 24시"):
            actions.submit(row.pk, revision=row.revision, by=minji.owner, now=at)


@pytest.mark.parametrize(("minutes", "open_"), [(-1, False), (0, True)])
def test_the_first_day_begins_at_midnight_in_seoul(
    notice: EditionVersion, minji: Shop, minutes: int, *, open_: bool
) -> None:
    at = world.midnight_after(OPENS - timedelta(days=1)) + timedelta(minutes=minutes)
    if open_:
        assert actions.open_draft(minji.party, notice, "3-1", "R1", by=minji.owner, now=at).state == "draft"
    else:
        with pytest.raises(NotOpenError, match="2021-03-17에 시작"):
            actions.open_draft(minji.party, notice, "3-1", "R1", by=minji.owner, now=at)


def test_the_receipt_of_a_number_that_was_never_proved_names_the_party_instead(notice: EditionVersion) -> None:
    stranger = world.shop("남의상회", "최도용", standing=Standing.UNVERIFIED)
    row = world.handed_in(stranger, notice)
    assert json.loads(row.receipt.payload)["applicant"] == str(stranger.party.pk)


def test_it_is_bound_to_the_notice_in_force_when_it_is_handed_in(minji: Shop) -> None:
    old = world.publish("3-1")
    row = world.filled(minji, old)
    new = world.publish("3-1", changed=True)
    world.hand_in(row, minji)
    row.refresh_from_db()
    assert row.version_id == new.pk
    assert json.loads(Snapshot.objects.get(application=row).document)["version"] == new.digest


def test_a_withdrawn_application_is_not_handed_in_again(notice: EditionVersion, minji: Shop) -> None:
    row = world.handed_in(minji, notice)
    actions.withdraw(row.pk, by=minji.owner, now=noon(OPENS), today=OPENS)
    with pytest.raises(WrongStateError):
        world.hand_in(row, minji)


def test_who_is_not_there_cannot_be_handed_in(notice: EditionVersion, minji: Shop) -> None:
    with pytest.raises(Application.DoesNotExist, match=str(minji.party.pk)):
        actions.submit(minji.party.pk, revision=1, by=minji.owner, now=noon(OPENS), today=OPENS)
    assert notice.number == 1


def test_handing_in_takes_as_many_statements_for_three_as_for_one(notice: EditionVersion) -> None:
    alone = world.filled(world.shop("미래상회"), notice)
    three = [world.filled(world.shop(name), notice) for name in ("바다식품", "숲공방", "들녘농원")]

    def statements(rows: list[Application]) -> int:
        wanted = [actions.Submission(row.pk, row.created_by_id, OPENS, row.revision) for row in rows]
        with CaptureQueriesContext(connection) as seen:
            actions.submit_many(wanted, now=noon(OPENS))
        said = [query["sql"] for query in seen if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        return len([sql for sql in said if "record_entry" not in sql])

    assert (statements([alone]), statements(three)) == (6, 6)
