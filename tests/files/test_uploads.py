"""Files in pieces: lost, repeated, out of order, from two tabs at once, put together twice, given up."""

import hashlib
import threading
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django_ox.models import OxTask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from files.made import NOW, PAPER, PDF, somebody
from files.test_store import Says, keys
from panro.accounts.models import User
from panro.files import actions, examination, storage, sweeping, uploads
from panro.files.models import Piece, StoredFile, Upload
from panro.files.refusals import FileRefusedError, Refusal
from panro.record.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)
BODY = PDF.replace(b"endobj", b"x" * 9000 + b"endobj")


def begin(owner: User, body: bytes = BODY, now: datetime = NOW) -> Upload:
    return uploads.begin(owner=owner.pk, purpose_code="paper", name="../계획서.pdf", size=len(body), now=now)


def add(upload: Upload, offset: int, data: bytes, now: datetime = NOW) -> int:
    return uploads.add(upload.pk, owner=upload.owner_id, offset=offset, data=data, now=now)


def finish(upload: Upload, now: datetime = NOW) -> StoredFile:
    return uploads.finish(upload.pk, owner=upload.owner_id, now=now)


def whole(owner: User, cuts: tuple[int, ...] = (5000,)) -> Upload:
    upload = begin(owner)
    for start, end in pairwise([0, *cuts, len(BODY)]):
        add(upload, start, BODY[start:end])
    return upload


@pytest.mark.usefixtures("place")
def test_pieces_become_the_file_they_came_from(shop: User) -> None:
    upload = whole(shop, (1, 4096, 4097))
    file = finish(upload)
    assert (file.size, file.sha256, file.name) == (len(BODY), hashlib.sha256(BODY).hexdigest(), "계획서.pdf")
    assert (Piece.objects.count(), keys()) == (0, [file.key])
    assert examination.examine(file.pk, scanner=Says(), clock=lambda: NOW) == "clean"
    assert [entry.act for entry in Entry.objects.all()] == ["file_received", "file_examined"]


@pytest.mark.usefixtures("folder")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, len(BODY) - 1), unique=True, max_size=8))
def test_however_it_is_cut(shop: User, cuts: list[int]) -> None:
    Upload.objects.all().delete()
    StoredFile.objects.all().delete()
    file = finish(whole(shop, tuple(sorted(cuts))))
    assert file.sha256 == hashlib.sha256(BODY).hexdigest()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("offset", [0, 4999, 5001, 9000])
def test_a_piece_that_is_repeated_skips_or_overlaps_is_refused_with_where_to_go_on(shop: User, offset: int) -> None:
    upload = begin(shop)
    add(upload, 0, BODY[:5000])
    with pytest.raises(uploads.OffsetError) as wrong:
        add(upload, offset, BODY[offset : offset + 10])
    assert wrong.value.expected == 5000
    assert uploads.find(upload.pk, owner=shop.pk).received == 5000
    assert len(keys()) == 1
    add(upload, 5000, BODY[5000:])
    assert finish(upload).size == len(BODY)


@pytest.mark.usefixtures("folder")
def test_after_a_lost_answer_the_sender_asks_and_goes_on(shop: User) -> None:
    upload = begin(shop)
    add(upload, 0, BODY[:3000])  # the answer is lost
    held = uploads.find(upload.pk, owner=shop.pk)
    assert add(upload, held.received, BODY[held.received :]) == len(BODY)
    assert finish(upload).size == len(BODY)


@pytest.mark.usefixtures("place")
def test_of_two_tabs_that_send_the_same_piece_one_wins(shop: User) -> None:
    upload = begin(shop)
    barrier, results = threading.Barrier(4), []

    def work() -> None:
        try:
            barrier.wait(10)
            results.append(add(upload, 0, BODY[:5000]))
        except uploads.OffsetError as wrong:
            results.append(-wrong.expected)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [-5000, -5000, -5000, 5000]
    assert (Piece.objects.count(), len(keys())) == (1, 1)


@pytest.mark.usefixtures("place")
def test_finishing_from_two_tabs_at_once_and_again_makes_one_file(shop: User) -> None:
    upload = whole(shop)
    barrier, results = threading.Barrier(4), []

    def work() -> None:
        try:
            barrier.wait(10)
            results.append(str(finish(upload).pk))
        except uploads.BusyError:
            results.append("busy")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file = StoredFile.objects.get()
    assert set(results) <= {"busy", str(file.pk)}
    assert str(file.pk) in results
    assert finish(upload).pk == file.pk
    assert (keys(), OxTask.objects.count()) == ([file.key], 1)


@pytest.mark.usefixtures("folder")
def test_finishing_too_early_says_how_much_is_there(shop: User) -> None:
    upload = begin(shop)
    add(upload, 0, BODY[:100])
    with pytest.raises(uploads.IncompleteError, match=f"100 of {len(BODY)} bytes"):
        finish(upload)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("moment", ["while a piece arrives", "while it is put together"])
def test_a_storage_that_fails_half_way_leaves_nothing_half_written(
    shop: User, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    upload = begin(shop) if moment == "while a piece arrives" else whole(shop)
    before = keys()
    store = type(storage.files_storage())
    with monkeypatch.context() as patch:
        patch.setattr(store, "_save", _failing_half_way)
        with pytest.raises(OSError, match="disk full"):
            add(upload, 0, BODY[:5000]) if moment == "while a piece arrives" else finish(upload)
    assert (keys(), StoredFile.objects.count()) == (before, 0)
    held = uploads.find(upload.pk, owner=shop.pk)
    assert held.state == "open"
    if held.received == 0:
        add(upload, 0, BODY)
    assert finish(upload).size == len(BODY)


def _failing_half_way(_store: object, _name: str, content: object) -> str:
    next(iter(content.chunks()))
    raise OSError("disk full")


@pytest.mark.usefixtures("folder")
def test_a_database_that_fails_after_the_file_was_put_together_leaves_the_pieces(
    shop: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = whole(shop)
    before = keys()
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "write_down", lambda *_, **__: (_ for _ in ()).throw(IntegrityError("told so")))
        with pytest.raises(IntegrityError):
            finish(upload)
    assert keys() == before
    assert finish(upload).size == len(BODY)


@pytest.mark.usefixtures("folder")
def test_a_worker_that_dies_while_putting_together_holds_the_upload_no_longer_than_its_lease(shop: User) -> None:
    upload = whole(shop)
    uploads._claim(upload.pk, shop.pk, NOW)
    with pytest.raises(uploads.BusyError):
        finish(upload, NOW + uploads.LEASE - timedelta(seconds=1))
    assert finish(upload, NOW + uploads.LEASE).size == len(BODY)


@pytest.mark.usefixtures("folder")
def test_whoever_took_over_after_the_lease_wins_and_the_late_one_gets_the_same_file(
    shop: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = whole(shop)
    real, taken = uploads._put_together, []

    def slow(held: Upload, now: datetime) -> StoredFile:
        made = real(held, now)
        if not taken:
            taken.append(1)
            taken.append(finish(upload, NOW + uploads.LEASE))
        return made

    monkeypatch.setattr(uploads, "_put_together", slow)
    assert finish(upload).pk == taken[1].pk
    assert (StoredFile.objects.count(), keys()) == (1, [taken[1].key])


@pytest.mark.usefixtures("place")
def test_a_piece_that_vanished_ends_the_upload_and_says_so(shop: User) -> None:
    upload = whole(shop)
    storage.forget(Piece.objects.order_by("offset").last().key)
    with pytest.raises(FileRefusedError) as refused:
        finish(upload)
    assert refused.value.refusal is Refusal.LOST
    assert (uploads.find(upload.pk, owner=shop.pk).state, keys(), Piece.objects.count()) == ("cancelled", [], 0)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("size", "refusal"), [(0, Refusal.EMPTY), (PAPER.max_bytes + 1, Refusal.TOO_LARGE)])
def test_a_size_that_is_not_allowed_is_refused_at_the_start(shop: User, size: int, refusal: Refusal) -> None:
    with pytest.raises(FileRefusedError) as refused:
        uploads.begin(owner=shop.pk, purpose_code="paper", name="a", size=size, now=NOW)
    assert refused.value.refusal is refusal


@pytest.mark.usefixtures("folder")
def test_more_than_was_announced_is_refused(shop: User) -> None:
    upload = begin(shop)
    with pytest.raises(FileRefusedError) as refused:
        add(upload, 0, BODY + b"x")
    assert (refused.value.refusal, keys()) == (Refusal.TOO_LARGE, [])


@pytest.mark.usefixtures("folder")
def test_a_wrong_kind_is_told_with_the_first_piece_or_at_the_end(shop: User) -> None:
    early = begin(shop, bytes(9000))
    with pytest.raises(FileRefusedError) as refused:
        add(early, 0, bytes(5000))
    assert (refused.value.refusal, keys()) == (Refusal.WRONG_TYPE, [])
    late = begin(shop, bytes(20))
    add(late, 0, bytes(10))
    add(late, 10, bytes(10))
    with pytest.raises(FileRefusedError):
        finish(late)
    assert (uploads.find(late.pk, owner=shop.pk).state, keys()) == ("cancelled", [])


@pytest.mark.usefixtures("folder")
def test_arriving_files_count_as_files(shop: User) -> None:
    for _ in range(PAPER.max_files):
        begin(shop)
    with pytest.raises(FileRefusedError) as refused:
        begin(shop)
    assert refused.value.refusal is Refusal.TOO_MANY
    uploads.cancel(Upload.objects.all()[0].pk, owner=shop.pk)
    begin(shop)


@pytest.mark.usefixtures("folder")
def test_another_accounts_upload_is_not_there(shop: User) -> None:
    upload, stranger = whole(shop), somebody("b@example.com")
    acts = (
        lambda: uploads.find(upload.pk, owner=stranger.pk),
        lambda: uploads.add(upload.pk, owner=stranger.pk, offset=0, data=b"x", now=NOW),
        lambda: uploads.finish(upload.pk, owner=stranger.pk, now=NOW),
        lambda: uploads.cancel(upload.pk, owner=stranger.pk),
    )
    for act in acts:
        with pytest.raises(Upload.DoesNotExist):
            act()
    with pytest.raises(Upload.DoesNotExist):
        uploads.find(UUID(int=1), owner=shop.pk)


@pytest.mark.usefixtures("place")
def test_a_cancelled_upload_is_gone_and_takes_nothing_more(shop: User) -> None:
    upload = whole(shop)
    uploads.cancel(upload.pk, owner=shop.pk)
    assert keys() == []
    for act in (lambda: add(upload, 0, b"x"), lambda: finish(upload), lambda: uploads.cancel(upload.pk, owner=shop.pk)):
        with pytest.raises(uploads.NotOpenError):
            act()


def test_pieces_are_never_stored_inside_of_a_transaction(shop: User) -> None:
    upload = begin(shop)
    for act in (lambda: add(upload, 0, b"x"), lambda: finish(upload)):
        with pytest.raises(actions.InTransactionError), transaction.atomic():
            act()


@pytest.mark.usefixtures("place")
def test_an_abandoned_upload_is_given_up_a_day_after_its_last_piece(shop: User) -> None:
    upload = begin(shop)
    add(upload, 0, BODY[:5000], now=NOW + timedelta(hours=1))
    deadline = NOW + timedelta(hours=25)
    assert sweeping.expire_uploads(now=deadline) == 0
    assert sweeping.expire_uploads(now=deadline + timedelta(seconds=1)) == 1
    assert (uploads.find(upload.pk, owner=shop.pk).state, keys()) == ("expired", [])


@pytest.mark.usefixtures("place")
def test_the_sweep_deletes_what_no_row_knows_and_nothing_else(shop: User) -> None:
    upload, file = whole(shop), finish(whole(shop))
    destroyed = finish(whole(shop))
    actions.destroy([destroyed.pk], actor="a", reason="r", now=NOW)
    for kind in (storage.FILES, storage.PIECES):
        storage.write(storage.new_key(kind, uuid4(), NOW), [b"orphan"], limit=10)
    fresh = storage.new_key(storage.FILES, uuid4(), NOW + timedelta(days=1))
    storage.write(fresh, [b"of a transaction that has not ended"], limit=100)
    assert sweeping.sweep(now=NOW + timedelta(days=1)) == 0
    assert sweeping.sweep(now=NOW + timedelta(days=2)) == 3
    pieces = Piece.objects.filter(upload=upload).values_list("key", flat=True)
    assert sorted(keys()) == sorted([file.key, fresh, *pieces])
    assert sweeping.sweep(now=NOW + timedelta(days=3)) == 1


@pytest.mark.usefixtures("place")
def test_a_sweep_of_nothing_is_no_error() -> None:
    assert sweeping.sweep(now=NOW) == 0


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "lost"}, "upload_state_known"),
        ({"received": -1}, "upload_within_its_size"),
        ({"received": len(BODY) + 1}, "upload_within_its_size"),
        ({"state": "finishing", "claimed": NOW}, "upload_finished_is_whole"),
        ({"state": "finishing", "received": len(BODY)}, "upload_finishing_is_claimed"),
        ({"state": "finished", "received": len(BODY)}, "upload_finished_has_a_file"),
        ({"expires": NOW}, "upload_expires_later"),
    ],
)
def test_the_database_refuses_an_impossible_upload(shop: User, change: dict[str, object], constraint: str) -> None:
    upload = begin(shop)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(**change)


def test_two_pieces_cannot_stand_in_one_place(shop: User) -> None:
    upload = begin(shop)
    Piece.objects.create(upload=upload, offset=0, size=1, key="a")
    with pytest.raises(IntegrityError, match="piece_one_per_offset"), transaction.atomic():
        Piece.objects.create(upload=upload, offset=0, size=1, key="b")
