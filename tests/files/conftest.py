"""Fixtures of files: storages (a folder, and a bucket of an S3 service on the wire) and scanners (clamd itself)."""

import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest

from files.made import EICAR, PAPER, somebody
from panro.accounts.models import User
from panro.files import access, purposes
from panro.files.conf import UnixSocket, storage
from panro.files.scanner import ClamdScanner
from panro.files.standin.clamd import StandIn

_START_SECONDS = 30
CLAMD_LIMIT = 2 * 1024 * 1024


@pytest.fixture(scope="session")
def s3_service() -> Iterator[str]:
    """The address of an S3 service of this test run, speaking the protocol on the wire."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with tempfile.TemporaryFile() as log:
        service = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_for(lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close(), service)
            yield f"http://127.0.0.1:{port}"
        finally:
            service.terminate()
            service.wait(10)


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest) -> str:
    """Every test that asks for it is run with both storages."""
    request.getfixturevalue(request.param)
    return request.param


@pytest.fixture
def folder(tmp_path: Path, settings: SimpleNamespace) -> Path:
    settings.STORAGES = settings.STORAGES | {"default": storage(tmp_path / "kept")}
    return tmp_path / "kept"


@pytest.fixture
def bucket(s3_service: str, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    name = f"panro-{uuid4()}"
    connection = HTTPConnection(s3_service.removeprefix("http://"), timeout=10)
    connection.request("PUT", f"/{name}")
    assert connection.getresponse().status == 200
    connection.close()
    given = {"BUCKET": name, "ENDPOINT": s3_service, "KEY": "test-key", "SECRET": "test-secret"}
    for variable, value in given.items():
        monkeypatch.setenv(f"PANRO_S3_{variable}", value)
    settings.STORAGES = settings.STORAGES | {"default": storage(tmp_path)}
    return name


@pytest.fixture(scope="session")
def clamd_socket() -> Iterator[UnixSocket]:
    """A real clamd with signatures of the EICAR test file alone."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    assert program, "clamd was not found; install it (Debian: apt-get install clamav-daemon)"
    home = Path(tempfile.mkdtemp(prefix="clamd-"))
    (home / "db").mkdir()
    (home / "db" / "eicar.ndb").write_text(f"Eicar.Test:0:*:{EICAR.hex()}\n")
    (home / "clamd.conf").write_text(
        f"Foreground yes\nDatabaseDirectory {home}/db\nLocalSocket {home}/socket\nStreamMaxLength {CLAMD_LIMIT}\n"
        f"TemporaryDirectory {home}\nPidFile {home}/pid\nConcurrentDatabaseReload no\n"
    )
    with (home / "log").open("wb") as log:
        service = subprocess.Popen([program, "-c", str(home / "clamd.conf")], stdout=log, stderr=log)
    try:
        _wait_for(lambda: _connect(str(home / "socket")), service)
        yield UnixSocket(str(home / "socket"))
    finally:
        service.terminate()
        service.wait(10)
        shutil.rmtree(home)


@pytest.fixture
def clamd(clamd_socket: UnixSocket) -> ClamdScanner:
    return ClamdScanner(clamd_socket, timeout=20)


@pytest.fixture
def standin() -> Iterator[StandIn]:
    server = StandIn(0, silence=1.0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _purpose(monkeypatch: pytest.MonkeyPatch) -> None:
    """One purpose and its rule, of these tests alone."""
    monkeypatch.setattr(purposes, "_purposes", {})
    monkeypatch.setattr(access, "_rules", {})
    purposes.register(PAPER)
    access.register("paper", access.owns)


@pytest.fixture
def shop(request: pytest.FixtureRequest) -> User:
    request.getfixturevalue("db")
    return somebody()


def _connect(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)


def _wait_for(attempt: object, service: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            attempt()
        except OSError:
            assert service.poll() is None, f"{service.args} ended with status {service.returncode}"
            assert time.monotonic() < until, f"{service.args} does not answer"
            time.sleep(0.05)
        else:
            return
