"""Sealing: batches in order, a chain that cannot fork, late commits, and what a superuser's edit leaves behind."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from panro.proof.chain import Entry as ChainEntry
from panro.proof.chain import seal_batch
from panro.proof.merkle import verify_path
from panro.record.actions import as_chain_seal, record, record_round, seal_pending
from panro.record.models import Entry, Payload, Seal, SealedEntry
from panro.record.queries import broken_places, head_before, proof_of

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)


def write(subject: str, *, secret: str | None = None) -> Entry:
    payload = None if secret is None else {"secret": secret}
    with transaction.atomic():
        return record("case_screened", actor="officer-kim", subject=subject, at=NOON, now=NOON, payload=payload)


def write_round(act: str, minutes: int) -> Entry:
    at = NOON + timedelta(minutes=minutes)
    with transaction.atomic():
        return record_round(act, actor="system:round", at=at, now=at, count=1, root="a" * 64, round_id="2021/3-1/R1")


@contextmanager
def as_superuser_without_triggers() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield


def test_nothing_to_seal_makes_no_seal() -> None:
    assert seal_pending(NOON) is None
    assert Seal.objects.count() == 0


def test_seals_chain_and_hold_entries_in_the_order_of_their_numbers() -> None:
    first, second = write("case:1"), write("case:2")
    one = seal_pending(NOON)
    third = write("case:3")
    two = seal_pending(NOON + timedelta(days=1))
    assert one is not None
    assert two is not None
    expected_one = seal_batch([ChainEntry(first.document.encode()), ChainEntry(second.document.encode())], None)
    expected_two = seal_batch([ChainEntry(third.document.encode())], expected_one)
    assert as_chain_seal(one) == expected_one
    assert as_chain_seal(two) == expected_two
    places = list(SealedEntry.objects.values_list("entry_id", "seal_id", "index"))
    assert places == [(first.number, 1, 0), (second.number, 1, 1), (third.number, 2, 0)]
    assert head_before(NOON + timedelta(hours=1)) == one
    assert head_before(NOON) is None


def test_an_entry_that_commits_late_comes_into_the_next_seal() -> None:
    """It drew its number first; a seal made meanwhile must neither take nor lose it, nor wait for it."""
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                record("case_screened", actor="officer-lee", subject="case:slow", at=NOON, now=NOON)
                written.set()
                go_on.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    write("case:fast")
    meanwhile = seal_pending(NOON)
    go_on.set()
    thread.join()
    after = seal_pending(NOON)
    assert (meanwhile is not None, after is not None) == (True, True)
    places = SealedEntry.objects.select_related("entry")
    assert [(place.seal_id, place.entry.subject) for place in places] == [(1, "case:fast"), (2, "case:slow")]
    assert places[0].entry_id > places[1].entry_id
    assert list(broken_places()) == []


def test_two_sealers_at_once_make_one_chain() -> None:
    for number in range(20):
        write(f"case:{number}")
    barrier = threading.Barrier(4)

    def seal() -> None:
        try:
            barrier.wait(10)
            seal_pending(NOON)
        finally:
            connection.close()

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(seal.number, seal.count) for seal in Seal.objects.all()] == [(1, 20)]
    assert list(broken_places()) == []


def test_the_database_refuses_a_seal_that_does_not_follow() -> None:
    write("case:1")
    seal_pending(NOON)
    head = Seal.objects.get().head
    for number, previous in [(2, "b" * 64), (3, head), (1, "0" * 64)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Seal.objects.create(number=number, previous=previous, root="c" * 64, count=0, head="d" * 64, sealed=NOON)
    assert Seal.objects.count() == 1


def test_the_database_refuses_a_seal_that_counts_wrongly() -> None:
    write("case:1")
    with pytest.raises(IntegrityError, match="counts 1 entries but holds 0"), transaction.atomic():
        Seal.objects.create(number=1, previous="0" * 64, root="c" * 64, count=1, head="d" * 64, sealed=NOON)


def test_nothing_can_be_pushed_into_an_old_seal() -> None:
    write("case:1")
    seal = seal_pending(NOON)
    late = write("case:2")
    with pytest.raises(IntegrityError, match="has no place 1"), transaction.atomic():
        SealedEntry.objects.create(entry=late, seal=seal, index=1)


def test_three_entries_of_a_round_are_proven_to_the_last_head() -> None:
    numbers = []
    for minutes, act in enumerate(["pool_frozen", "evaluation_sealed", "round_published"]):
        write(f"case:{minutes}")
        numbers.append(write_round(act, minutes).number)
        seal_pending(NOON)
    write("case:after")
    last = seal_pending(NOON)
    assert last is not None
    proof = proof_of(numbers)
    assert proof.head == last.head
    assert [seal.number for seal in proof.seals] == [1, 2, 3, 4]
    for sealed, seal in zip(proof.entries, proof.seals[:3], strict=True):
        assert verify_path(sealed.entry.canonical, sealed.index, seal.count, sealed.path, seal.root)


@pytest.mark.parametrize(
    ("edit", "where"),
    [
        ("UPDATE record_entry SET document = replace(document, 'case:2', 'case:9')", "seal 1, root"),
        ("UPDATE record_entry SET act = 'case_forgotten' WHERE subject = 'case:2'", "entry {second}, act"),
        ("UPDATE record_entry SET actor = 'nobody' WHERE subject = 'case:2'", "entry {second}, actor"),
        ("UPDATE record_entry SET occurred = occurred - interval '9 h' WHERE subject = 'case:2'", "entry {second}, at"),
        ("UPDATE record_entry SET commitment = NULL WHERE subject = 'case:2'", "entry {second}, commitment"),
        ('UPDATE record_payload SET body = \'{{"secret":"changed"}}\'', "payload of entry {second}"),
        ("UPDATE record_seal SET root = repeat('e', 64)", "seal 1, root"),
        ("DELETE FROM record_sealedentry WHERE index = 1", "seal 1, root"),
    ],
)
def test_a_superusers_edit_is_found(edit: str, where: str) -> None:
    write("case:1")
    second = write("case:2", secret="kept")
    seal_pending(NOON)
    assert list(broken_places()) == []
    with as_superuser_without_triggers(), connection.cursor() as cursor:
        cursor.execute(edit.format())
    found = [broken.where for broken in broken_places()]
    assert found[0] == where.format(second=second.number)


def test_a_destroyed_payload_breaks_nothing() -> None:
    entry = write("case:1", secret="kept")
    seal_pending(NOON)
    Payload.objects.filter(entry=entry).delete()
    assert list(broken_places()) == []
