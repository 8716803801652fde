"""Writing entries: what is stored, what is committed to, what the database refuses."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from panro.proof.hashing import commitment
from panro.record.actions import NotInTransactionError, destroy_payload, payload_of, record, record_round
from panro.record.models import Entry, Payload
from panro.record.roles import NoRoleError, grant_runtime

NOON = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
SALT = "ab" * 32


def write(act: str = "case_screened", **changes: object) -> Entry:
    given = {
        "actor": "officer-kim",
        "subject": "case:1",
        "at": NOON,
        "now": LATER,
        "payload": {"name": "김판로", "answer": "yes"},
        "salt": lambda: SALT,
    }
    with transaction.atomic():
        return record(act, **(given | changes))


@pytest.mark.django_db
def test_an_entry_says_who_what_and_both_times() -> None:
    entry = write()
    assert json.loads(entry.document) == {
        "act": "case_screened",
        "actor": "officer-kim",
        "at": "2021-04-09T03:00:00Z",
        "commitment": commitment(SALT, {"answer": "yes", "name": "김판로"}),
        "recorded": "2021-04-09T03:05:00Z",
        "subject": "case:1",
    }
    assert "김판로" not in entry.document
    assert payload_of(entry) == {"name": "김판로", "answer": "yes"}


@pytest.mark.django_db
def test_public_facts_are_sealed_as_they_stand_and_have_no_commitment() -> None:
    entry = write("edition_published", payload=None, public={"digest": "x"})
    assert json.loads(entry.document)["public"] == {"digest": "x"}
    assert entry.commitment is None
    assert Payload.objects.count() == 0


@pytest.mark.django_db
def test_a_rounds_entry_has_exactly_the_shape_of_the_specification() -> None:
    with transaction.atomic():
        entry = record_round(
            "pool_frozen", actor="system:pool", at=NOON, now=LATER, count=3, root="0" * 64, round_id="2021/3-1/R1"
        )
    assert entry.document == (
        '{"act":"pool_frozen","at":"2021-04-09T03:00:00Z","count":3,"root":"' + "0" * 64 + '","round":"2021/3-1/R1"}'
    )


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused_and_nothing_stays() -> None:
    with pytest.raises(NotInTransactionError):
        record("case_screened", actor="officer-kim", subject="case:1", at=NOON, now=LATER)
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_decomposed_hangul_is_committed_to_in_its_composed_form() -> None:
    entry = write(payload={"name": "\u1100\u1161"})
    assert payload_of(entry) == {"name": "가"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"act": "Case Screened"}, "entry_act_is_a_word"),
        ({"actor": ""}, "entry_says_who_and_what"),
        ({"subject": ""}, "entry_says_who_and_what"),
        ({"at": LATER + timedelta(seconds=1)}, "entry_not_from_the_future"),
    ],
)
def test_the_database_refuses_an_impossible_entry(changes: dict[str, object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        write(**changes)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE record_entry SET actor = 'nobody'", "DELETE FROM record_entry"])
def test_even_the_owner_can_neither_change_nor_delete_an_entry(change: str) -> None:
    entry = write(payload=None)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Entry.objects.get().document == entry.document


@pytest.mark.django_db
def test_a_payload_can_be_destroyed_but_not_changed_and_the_destruction_is_an_entry() -> None:
    entry = write()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Payload.objects.update(body="{}")
    told = destroy_payload(entry.number, actor="system:retention", reason="purpose ended", now=LATER)
    assert not Payload.objects.filter(entry=entry).exists()
    assert Entry.objects.get(number=entry.number).commitment == entry.commitment
    assert (told.act, told.subject) == ("payload_destroyed", f"entry:{entry.number}")
    assert json.loads(told.document)["public"] == {"entry": entry.number, "reason": "purpose ended"}


@pytest.mark.django_db
def test_destroying_twice_is_an_error_and_writes_nothing() -> None:
    entry = write()
    destroy_payload(entry.number, actor="system:retention", reason="purpose ended", now=LATER)
    with pytest.raises(Payload.DoesNotExist):
        destroy_payload(entry.number, actor="system:retention", reason="purpose ended", now=LATER)
    assert Entry.objects.filter(act="payload_destroyed").count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("runtime_role")
@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("SELECT count(*) FROM record_entry", True),
        ("UPDATE record_entry SET actor = 'nobody'", False),
        ("DELETE FROM record_entry", False),
        ("TRUNCATE record_entry CASCADE", False),
        ("UPDATE record_seal SET root = head", False),
        ("DELETE FROM record_sealedentry", False),
        ("UPDATE record_payload SET body = ''", False),
        ("DELETE FROM record_payload", True),
        ("CREATE TABLE mine (id int)", False),
        ("ALTER TABLE record_entry DISABLE TRIGGER ALL", False),
        ("UPDATE accounts_user SET name = ''", True),
    ],
)
def test_the_runtime_role_has_exactly_its_rights(statement: str, *, allowed: bool) -> None:
    write()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE panro_runtime")
        if allowed:
            cursor.execute(statement)
        else:
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
                cursor.execute(statement)
        cursor.execute("RESET ROLE")


@pytest.mark.django_db
@pytest.mark.usefixtures("runtime_role")
def test_an_account_that_may_not_make_the_role_is_told_what_to_run() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE tenant NOLOGIN")
        cursor.execute("SET LOCAL ROLE tenant")
        with pytest.raises(NoRoleError, match="let an administrator run: CREATE ROLE panro_runtime"):
            grant_runtime(cursor)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.usefixtures("runtime_role")
def test_the_runtime_role_can_write_an_entry() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE panro_runtime")
        entry = write()
        cursor.execute("RESET ROLE")
    assert Entry.objects.get().number == entry.number
