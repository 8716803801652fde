"""Handing in, examining, destroying: what is accepted, what is written down, what is left when something fails."""

import io
import json
import threading
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django_ox.models import OxTask

from files.made import EICAR, HWP3, KINDS, NOW, PAPER, PDF, compound, packed, xlsx
from panro.accounts.lifecycles import WrongStateError, check
from panro.accounts.models import User
from panro.files import actions, examination, purposes, storage, tasks
from panro.files.content import Kind
from panro.files.models import StoredFile, Upload
from panro.files.purposes import Purpose, UnknownPurposeError
from panro.files.refusals import FileRefusedError, Refusal, explain
from panro.files.scanner import ClamdScanner, NoScanner, Scan, Verdict
from panro.files.standin.clamd import Fault, StandIn
from panro.files.states import TRANSITIONS, UPLOAD_TRANSITIONS, State, UploadState
from panro.record.actions import payload_of
from panro.record.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


class Says:
    """A scanner that says what it is told."""

    def __init__(self, verdict: Verdict = Verdict.CLEAN) -> None:
        self.verdict = verdict

    def scan(self, stream: object) -> Scan:
        del stream
        return Scan(self.verdict, "told so")


def hand_in(owner: User, body: bytes = PDF, name: str = "확인서.pdf", purpose: str = "paper") -> StoredFile:
    return actions.store(owner=owner.pk, purpose_code=purpose, name=name, stream=io.BytesIO(body), now=NOW)


def examine(file: StoredFile, scanner: object = None, *, after: timedelta = timedelta(0)) -> tuple[str, str]:
    examination.examine(file.pk, scanner=scanner or Says(), clock=lambda: NOW + after)
    file.refresh_from_db()
    return file.state, file.reason


def keys() -> list[str]:
    """Everything that lies in the storage."""
    store = storage.files_storage()
    found = []
    for kind in (storage.FILES, storage.PIECES):
        with suppress(FileNotFoundError):
            days = sorted(store.listdir(kind)[0])
            found += [f"{kind}/{day}/{name}" for day in days for name in sorted(store.listdir(f"{kind}/{day}")[1])]
    return found


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("case", KINDS)
def test_every_kind_is_taken_in_and_becomes_clean(shop: User, clamd: ClamdScanner, case: str) -> None:
    name, body, kind = KINDS[case]
    file = hand_in(shop, body, name)
    assert (file.state, file.name, file.size) == ("pending", name, len(body))
    assert examine(file, clamd) == ("clean", "")
    assert file.type == kind.media_type


@pytest.mark.usefixtures("folder")
def test_taking_in_writes_an_entry_without_name_and_asks_for_an_examination(shop: User) -> None:
    file = hand_in(shop)
    entry = Entry.objects.get()
    assert (entry.act, entry.actor, entry.subject) == ("file_received", str(shop.pk), f"file:{file.pk}")
    assert json.loads(entry.document)["public"] == {"purpose": "paper"}
    assert payload_of(entry) == {"sha256": file.sha256, "size": len(PDF)}
    queued = OxTask.objects.get()
    assert (queued.task_path, queued.args) == ("panro.files.tasks.examine", [str(file.pk)])


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"", Refusal.EMPTY),
        (b"MZ\x90\x00" * 10, Refusal.WRONG_TYPE),
        (PDF.ljust(PAPER.max_bytes + 1), Refusal.TOO_LARGE),
    ],
)
def test_what_is_refused_leaves_nothing_behind(shop: User, body: bytes, refusal: Refusal) -> None:
    with pytest.raises(FileRefusedError) as refused:
        hand_in(shop, body)
    assert refused.value.refusal is refusal
    assert (StoredFile.objects.count(), Entry.objects.count(), OxTask.objects.count(), keys()) == (0, 0, 0, [])


@pytest.mark.usefixtures("folder")
def test_the_largest_file_fits(shop: User) -> None:
    assert hand_in(shop, PDF.ljust(PAPER.max_bytes)).size == PAPER.max_bytes


@pytest.mark.usefixtures("folder")
def test_a_purpose_takes_only_its_kinds(shop: User) -> None:
    purposes.register(Purpose("photo", frozenset({Kind.PNG, Kind.JPEG}), 1000, 2))
    with pytest.raises(FileRefusedError):
        hand_in(shop, PDF, "사진.png", "photo")
    with pytest.raises(UnknownPurposeError, match="nothing"):
        hand_in(shop, PDF, purpose="nothing")


@pytest.mark.usefixtures("folder")
def test_a_document_in_an_archives_clothes_is_found_out_by_the_worker(shop: User) -> None:
    purposes.register(Purpose("sheet", frozenset({Kind.XLSX}), 100_000, 5))
    assert examine(hand_in(shop, xlsx(), "a.xlsx", "sheet")) == ("clean", "")
    assert examine(hand_in(shop, packed({"a": b"a"}), "a.xlsx", "sheet")) == ("refused", "wrong_type: zip")


@pytest.mark.usefixtures("folder")
def test_as_many_files_as_allowed_and_not_one_more_even_at_once(shop: User) -> None:
    results: list[str] = []
    barrier = threading.Barrier(6)

    def work(number: int) -> None:
        try:
            barrier.wait(10)
            hand_in(shop, PDF + str(number).encode())
            results.append("taken")
        except FileRefusedError as refused:
            results.append(refused.refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["taken"] * 3 + ["too_many"] * 3
    assert len(keys()) == 3
    actions.destroy([StoredFile.objects.all()[0].pk], actor="a", reason="r", now=NOW)
    hand_in(shop)


def test_bytes_are_never_stored_inside_of_a_transaction(shop: User) -> None:
    with pytest.raises(actions.InTransactionError), transaction.atomic():
        hand_in(shop)
    with pytest.raises(examination.InTransactionError), transaction.atomic():
        examination.examine(shop.pk, scanner=Says(), clock=lambda: NOW)


@pytest.mark.usefixtures("place")
def test_a_database_that_fails_after_the_bytes_leaves_nothing_behind(
    shop: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "record", lambda *_, **__: (_ for _ in ()).throw(IntegrityError("told so")))
    with pytest.raises(IntegrityError):
        hand_in(shop)
    assert (StoredFile.objects.count(), OxTask.objects.count(), keys()) == (0, 0, [])


@pytest.mark.usefixtures("folder")
def test_the_test_virus_is_found_by_clamd_and_the_reason_is_told(shop: User, clamd: ClamdScanner) -> None:
    file = hand_in(shop, EICAR, "메모.txt")
    assert examine(file, clamd) == ("infected", "virus: Eicar.Test.UNOFFICIAL")
    assert explain(file.reason).startswith("파일에서 바이러스가 발견되었습니다")
    public = json.loads(Entry.objects.get(act="file_examined").document)["public"]
    assert public == {"state": "infected"}


@pytest.mark.usefixtures("folder")
def test_a_file_too_large_for_the_scanner_is_never_clean(shop: User, clamd: ClamdScanner) -> None:
    purposes.register(Purpose("film", frozenset({Kind.PDF}), 10_000_000, 5))
    file = hand_in(shop, PDF + bytes(3_000_000), purpose="film")
    assert examine(file, clamd) == ("failed", "too_large_to_check: INSTREAM size limit exceeded. ERROR")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.RESET, Fault.HANG_UP, Fault.NONSENSE, Fault.HALF_AN_ANSWER])
def test_a_scanner_at_fault_leaves_the_file_pending_and_it_is_tried_again(
    shop: User, standin: StandIn, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANRO_CLAMD", f"tcp:127.0.0.1:{standin.server_address[1]}")
    scanner = tasks.scanner()
    scanner._timeout = 0.3
    file = hand_in(shop)
    standin.fault = fault
    state, reason = examine(file, scanner)
    assert (state, reason.partition(":")[0]) == ("pending", "not_checked")
    standin.fault = Fault.NONE
    assert examination.waiting(NOW + examination.LEASE) == []
    assert examination.waiting(NOW + examination.LEASE + timedelta(seconds=1)) == [file.pk]
    assert examine(file, scanner, after=examination.LEASE + timedelta(seconds=1)) == ("clean", "")


@pytest.mark.usefixtures("folder")
def test_after_six_attempts_a_file_has_failed_and_an_officer_may_have_it_examined_again(shop: User) -> None:
    file = hand_in(shop)
    step = examination.LEASE + timedelta(seconds=1)
    states = [examine(file, NoScanner(), after=step * number)[0] for number in range(6)]
    assert states == ["pending"] * 5 + ["failed"]
    assert examination.waiting(NOW + step * 10) == []
    assert actions.examine_again([file.pk], actor="officer-kim", now=NOW) == 1
    assert examine(file, after=step * 11) == ("clean", "")
    assert Entry.objects.filter(act="file_examined_again", actor="officer-kim").count() == 1
    with pytest.raises(WrongStateError):
        actions.examine_again([file.pk], actor="officer-kim", now=NOW)


@pytest.mark.usefixtures("place")
def test_bytes_that_changed_or_vanished_are_noticed(shop: User) -> None:
    changed, lost = hand_in(shop), hand_in(shop)
    storage.forget(changed.key)
    storage.write(changed.key, [PDF.replace(b"1.7", b"1.6")], limit=1000)
    storage.forget(lost.key)
    assert examine(changed) == ("failed", "lost: the stored bytes are not those that were handed in")
    assert examine(lost) == ("failed", "lost: the storage does not have it")


@pytest.mark.usefixtures("folder")
def test_two_workers_at_one_file_examine_it_once(shop: User) -> None:
    file = hand_in(shop)
    barrier, scans = threading.Barrier(2), []

    class Slow(Says):
        def scan(self, stream: object) -> Scan:
            scans.append(1)
            return super().scan(stream)

    def work() -> None:
        try:
            barrier.wait(10)
            examination.examine(file.pk, scanner=Slow(), clock=lambda: NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(scans), Entry.objects.filter(act="file_examined").count()) == (1, 1)


@pytest.mark.usefixtures("folder")
def test_a_file_destroyed_while_it_is_examined_stays_destroyed(shop: User) -> None:
    file = hand_in(shop)

    class Destroys(Says):
        def scan(self, stream: object) -> Scan:
            actions.destroy([file.pk], actor="a", reason="withdrawn", now=NOW)
            return super().scan(stream)

    assert examine(file, Destroys()) == ("destroyed", "")


@pytest.mark.usefixtures("folder")
def test_the_room_of_the_purpose_is_told_in_the_same_transaction(shop: User) -> None:
    told: list[tuple[str, bool]] = []
    heard = lambda file, _: told.append((file.state, connection.in_atomic_block))  # noqa: E731 - shorter than a def
    purposes.register(Purpose("told", frozenset({Kind.PDF}), 1000, 5, settled=heard))
    examine(hand_in(shop, purpose="told"))
    assert told == [("clean", True)]


@pytest.mark.usefixtures("place")
def test_destroying_takes_name_and_bytes_and_is_written_down_once(shop: User) -> None:
    file = hand_in(shop)
    examine(file)
    assert actions.destroy([file.pk], actor="system:retention", reason="kept long enough", now=NOW) == 1
    assert actions.destroy([file.pk], actor="system:retention", reason="again", now=NOW) == 0
    file.refresh_from_db()
    assert (file.state, file.name, file.destroyed) == ("destroyed", "", NOW)
    entry = Entry.objects.get(act="file_destroyed")
    assert json.loads(entry.document)["public"] == {"purpose": "paper", "reason": "kept long enough"}
    erase = OxTask.objects.get(task_path="panro.files.tasks.erase")
    tasks.erase.call(*erase.args)
    assert keys() == []


@pytest.mark.usefixtures("folder")
def test_the_tasks_do_as_their_names_say(
    shop: User, standin: StandIn, monkeypatch: pytest.MonkeyPatch, settings: SimpleNamespace
) -> None:
    del settings
    monkeypatch.setenv("PANRO_CLAMD", f"tcp:127.0.0.1:{standin.server_address[1]}")
    file, other = hand_in(shop, compound(), "a.hwp"), hand_in(shop, HWP3, "b.hwp")
    assert tasks.examine.call(str(file.pk)) == "clean"
    assert tasks.examine.call(str(file.pk)) == ""
    before = set(OxTask.objects.values_list("pk", flat=True))
    assert tasks.examine_waiting.call() == 1
    assert [task.args for task in OxTask.objects.exclude(pk__in=before)] == [[str(other.pk)]]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "lost"}, "file_state_known"),
        ({"state": "clean"}, "file_clean_was_examined"),
        ({"state": "infected"}, "file_refusal_says_why"),
        ({"state": "destroyed"}, "file_destroyed_has_a_time"),
        ({"name": ""}, "file_has_a_name"),
        ({"size": 0}, "file_not_empty"),
        ({"sha256": "x"}, "file_hash_is_a_hash"),
        ({"purpose": "Not A Word"}, "file_purpose_is_a_word"),
    ],
)
def test_the_database_refuses_an_impossible_file(shop: User, change: dict[str, object], constraint: str) -> None:
    file = hand_in(shop)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(**change)


def test_both_tables_of_states_are_whole() -> None:
    assert (set(TRANSITIONS), set(UPLOAD_TRANSITIONS)) == (set(State), set(UploadState))
    for before in State:
        for after in set(State) - TRANSITIONS[before]:
            with pytest.raises(WrongStateError):
                check(TRANSITIONS, before, after)
    for opened in UploadState:
        for ended in set(UploadState) - UPLOAD_TRANSITIONS[opened]:
            with pytest.raises(WrongStateError):
                check(UPLOAD_TRANSITIONS, opened, ended)
    assert Upload.objects.count() == 0


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_has_a_sentence(refusal: Refusal) -> None:
    assert len(explain(f"{refusal}: detail")) > 10
    assert explain("something else") != ""
    assert explain("") == ""
