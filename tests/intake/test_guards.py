"""The database refuses what the acts would never do, whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from intake import world
from intake.world import CLOSES, OPENS, Shop, noon
from panro.editions.models import EditionVersion
from panro.intake import actions
from panro.intake.models import Application, Pool, Receipt, Snapshot
from panro.intake.states import TRANSITIONS, State
from panro.record.models import Seal
from panro.record.roles import append_only_tables, emptied_columns


def refused(sql: str, words: str, *given: object) -> None:
    with pytest.raises(IntegrityError, match=words):
        attempt(sql, given)


def attempt(sql: str, given: tuple[object, ...]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, given)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_application_goes_only_where_its_lifecycle_leads(notice: EditionVersion, minji: Shop) -> None:
    row = world.draft(minji, notice)
    for after in set(State) - TRANSITIONS[State.DRAFT] - {State.DRAFT}:
        refused("UPDATE intake_application SET state = %s WHERE id = %s", "cannot go from draft", after, row.pk)


@pytest.mark.django_db
def test_the_trigger_holds_the_same_table_as_the_program() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'intake_application_guard'")
        (source,) = cursor.fetchone()
    told = {(before, after) for before in State for after in State if f"('{before}', '{after}')" in source}
    assert told == {(before, after) for before, following in TRANSITIONS.items() for after in following}


def test_what_was_handed_in_stays_as_it_was(notice: EditionVersion, minji: Shop) -> None:
    row = world.handed_in(minji, notice)
    for sql, words in (
        ("UPDATE intake_application SET track = 'detail_page'", "keeps what its receipt says"),
        ("UPDATE intake_application SET submitted_on = submitted_on - 1", "keeps what its receipt says"),
        ("UPDATE intake_application SET programme = '2-1'", "keeps its applicant and its round"),
        ("DELETE FROM intake_application", "is submitted and stays"),
        ("UPDATE intake_snapshot SET document = '{}'", "append-only"),
        ("DELETE FROM intake_receipt", "append-only"),
        ("UPDATE intake_pool SET issued = 0", "would lose numbers"),
        ("DELETE FROM intake_pool", "frozen or would lose"),
    ):
        refused(sql, words)
    assert (Receipt.objects.count(), Snapshot.objects.count(), row.state) == (1, 1, "submitted")


def test_nothing_comes_in_after_the_applicants_last_day(notice: EditionVersion, minji: Shop) -> None:
    row = world.handed_in(minji, notice, CLOSES)
    other = world.draft(world.shop("옆가게"), notice)
    late = CLOSES + timedelta(days=1)
    refused(
        "UPDATE intake_application SET state = 'submitted', submitted_at = now(), submitted_on = %s,"
        " submitted_by_id = created_by_id, applicant = 'x' WHERE id = %s",
        "application_in_time",
        late,
        other.pk,
    )
    assert row.submitted_on == CLOSES


def test_one_applicant_has_one_application_in_a_round(notice: EditionVersion, minji: Shop) -> None:
    row, other = world.handed_in(minji, notice), world.draft(world.shop("옆가게"), notice)
    refused(
        "UPDATE intake_application SET state = 'submitted', submitted_at = now(), submitted_on = closes,"
        " submitted_by_id = created_by_id, applicant = %s WHERE id = %s",
        "application_one_per_applicant",
        row.applicant,
        other.pk,
    )


def test_a_frozen_pool_is_whole_and_stays_so(notice: EditionVersion, minji: Shop) -> None:
    world.handed_in(minji, notice)
    whole = "counts 1, but holds 0 places"
    refused("UPDATE intake_pool SET frozen_at = now(), count = 1, root = %s", whole, "0" * 64)
    after = CLOSES + timedelta(days=1)
    actions.freeze_pool(notice, "3-1", "R1", by="system:freezer", now=noon(after), today=after)
    refused("UPDATE intake_pool SET issued = issued + 1", "is frozen")
    refused("UPDATE intake_application SET pool_id = NULL, state = 'submitted'", "cannot go from closed")
    refused("DELETE FROM intake_place", "append-only")
    assert Pool.objects.get().count == 1


def test_the_runtime_role_has_no_right_to_change_what_only_grows() -> None:
    mine = {table: rights for table, rights in append_only_tables().items() if table.startswith("intake_")}
    assert mine == dict.fromkeys(
        ("intake_snapshot", "intake_receipt", "intake_place", "intake_extension", "intake_nomination"),
        ("SELECT", "INSERT"),
    )
    assert {table: emptied_columns(table) for table in ("intake_snapshot", "intake_receipt", "intake_place")} == {
        "intake_snapshot": ("document", "destroyed_at"),
        "intake_receipt": ("salt", "payload", "destroyed_at"),
        "intake_place": (),
    }


def test_the_head_of_the_record_is_in_the_mail(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    Seal.objects.create(number=1, previous="0" * 64, root="1" * 64, count=0, head="2" * 64, sealed=noon(OPENS))
    world.hand_in(row, minji)
    (mail,) = world.inbox("application_received")
    assert "2" * 64 in mail.text
    assert Application.objects.get().state == "submitted"
