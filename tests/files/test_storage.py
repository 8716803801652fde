"""Both storages alike: whole or not at all, never over something else, and listed by day."""

import hashlib
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from files.made import NOW
from panro.files import storage
from panro.files.conf import storage as configured
from panro.files.refusals import FileRefusedError, Refusal

KEY = "files/20210409/one"
LARGE = 11 * 1024 * 1024


def kept(key: str) -> bytes:
    with storage.files_storage().open(key) as file:
        return file.read()


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("body", [b"a", b"x" * LARGE], ids=["small", "in parts"])
def test_what_was_written_is_read_back(body: bytes) -> None:
    chunks = [body[at : at + storage.CHUNK] for at in range(0, len(body), storage.CHUNK)]
    measured = storage.write(KEY, chunks, limit=len(body))
    assert (measured.length, measured.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    store = storage.files_storage()
    assert (store.exists(KEY), store.size(KEY), kept(KEY) == body) == (True, len(body), True)
    assert store.get_modified_time(KEY).year >= 2021
    storage.forget(KEY)
    storage.forget(KEY)
    assert not store.exists(KEY)
    with pytest.raises(FileNotFoundError):
        kept(KEY)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(("chunk", "number"), [(5, 2), (storage.CHUNK, LARGE // storage.CHUNK)])
def test_more_than_the_limit_leaves_nothing_behind(chunk: int, number: int) -> None:
    with pytest.raises(FileRefusedError) as refused:
        storage.write(KEY, (bytes(chunk) for _ in range(number)), limit=chunk * number - 1)
    assert refused.value.refusal is Refusal.TOO_LARGE
    assert not storage.files_storage().exists(KEY)


def breaking(length: int) -> Iterator[bytes]:
    for _ in range(length // storage.CHUNK):
        yield bytes(storage.CHUNK)
    raise ConnectionResetError("the sender went away")


@pytest.mark.parametrize("length", [storage.CHUNK, LARGE])
def test_a_sender_that_goes_away_leaves_nothing_behind(place: str, length: int, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="the sender went away"):
        storage.write(KEY, breaking(length), limit=2 * LARGE)
    assert not storage.files_storage().exists(KEY)
    if place == "folder":
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.usefixtures("place")
def test_a_key_that_is_taken_is_never_written_over() -> None:
    storage.write(KEY, [b"first"], limit=10)
    with pytest.raises(OSError, match="has files/20210409/one already"):
        storage.write(KEY, [b"second"], limit=10)
    assert kept(KEY) == b"first"
    assert storage.files_storage().listdir("files/20210409") == ([], ["one"])


@pytest.mark.usefixtures("place")
def test_keys_are_listed_by_day() -> None:
    for day, name in (("20210408", "a"), ("20210409", "b"), ("20210409", "c")):
        storage.write(f"files/{day}/{name}", [b"x"], limit=1)
    store = storage.files_storage()
    assert [sorted(names) for names in store.listdir("files")] == [["20210408", "20210409"], []]
    assert [sorted(names) for names in store.listdir("files/20210409")] == [[], ["b", "c"]]


def test_files_of_a_folder_are_for_the_program_alone(folder: Path) -> None:
    storage.write(KEY, [b"a"], limit=1)
    assert {oct(path.stat().st_mode & 0o777) for path in folder.rglob("*") if path.is_file()} == {"0o600"}


def test_a_program_killed_while_writing_leaves_no_file_under_the_name(folder: Path) -> None:
    script = textwrap.dedent(f"""
        import os, signal
        from django.conf import settings
        settings.configure(STORAGES={{"default": {{"BACKEND": "panro.files.storage.LocalStorage",
            "OPTIONS": {{"location": {str(folder)!r}}}}}}})
        from panro.files import storage
        def chunks():
            yield b"half"
            os.kill(os.getpid(), signal.SIGKILL)
        storage.write({KEY!r}, chunks(), limit=100)
    """)
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    assert not storage.files_storage().exists(KEY)


def test_keys_say_nothing_and_are_never_the_same() -> None:
    identity = UUID("019a0000-0000-7000-8000-000000000000")
    one, two = (storage.new_key("files", identity, NOW) for _ in range(2))
    assert one.startswith("files/20210409/019a0000-0000-7000-8000-000000000000-")
    assert (len(one), one != two) == (len("files/20210409/") + 36 + 17, True)


def test_a_storage_of_its_own_is_used_if_the_settings_have_one(folder: Path, settings: SimpleNamespace) -> None:
    settings.STORAGES = settings.STORAGES | {"files": configured(folder / "own")}
    storage.write(f"files/20210409/{uuid4()}", [b"a"], limit=1)
    assert [path.name for path in folder.iterdir()] == ["own"]


@pytest.mark.usefixtures("bucket")
def test_a_service_that_is_not_there_is_an_error_of_the_system(
    monkeypatch: pytest.MonkeyPatch, settings: SimpleNamespace, tmp_path: Path
) -> None:
    monkeypatch.setenv("PANRO_S3_ENDPOINT", "http://127.0.0.1:9")
    settings.STORAGES = settings.STORAGES | {"default": configured(tmp_path)}
    with pytest.raises(OSError, match="9"):
        storage.write(KEY, [b"a"], limit=1)


@pytest.mark.parametrize(("name", "said"), [("PANRO_S3_KEY", "PANRO_S3_KEY"), ("PANRO_S3_SECRET", "PANRO_S3_SECRET")])
def test_a_bucket_without_keys_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, said: str
) -> None:
    for variable in ("PANRO_S3_BUCKET", "PANRO_S3_KEY", "PANRO_S3_SECRET"):
        monkeypatch.setenv(variable, "x")
    monkeypatch.delenv(name)
    with pytest.raises(Exception, match=said):
        configured(tmp_path)
