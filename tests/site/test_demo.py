from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from panro.site import demo_database, own_database
from panro.site.cli.errors import CommandError
from panro.site.ports import answers, first_free, is_free
from panro.site.postgres import EmbeddedPostgres, State
from panro.site.supervisor import ChildEndedError, Supervisor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse

PANRO = str(Path(sys.executable).with_name("panro"))


@contextmanager
def demonstration(var: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running demonstration and its address."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with subprocess.Popen(
        [PANRO, "demo", "--port", "18000"],
        env={**inherited, "PANRO_VAR": str(var), "LANG": "ko_KR.UTF-8", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if found := re.search(r"http://localhost:\d+/", line):
                break
        else:
            pytest.fail(f"the demonstration ended: {said}")
        try:
            yield process, found.group()
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=180)


def open_page(address: str) -> HTTPResponse:
    opened: HTTPResponse = urllib.request.urlopen(address, timeout=20)  # noqa: S310 - the address begins with http
    return opened


def test_two_demonstrations_in_a_row_and_one_beside(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres")
    try:
        with demonstration(tmp_path) as (first, address):
            with open_page(address) as page:
                assert page.status == 200
                assert "style-src 'self'" in page.headers["Content-Security-Policy"]
            server_pid = server.status().pid
            children = _children(first.pid)
            assert len(children) == 7  # web server, worker, and the five services of the outside world
            with demonstration(tmp_path) as (second, other_address):
                assert other_address != address
            assert second.returncode == 0
            assert server.status().pid == server_pid  # it was not the second's to stop
        assert first.returncode == 0
        assert server.status().state is State.STOPPED
        assert not any(Path(f"/proc/{child}/exe").exists() for child in children)

        began = time.monotonic()
        with demonstration(tmp_path) as (third, address), open_page(address) as page:
            assert page.status == 200
            assert time.monotonic() - began < 60  # seconds on a machine that has nothing else to do
        assert third.returncode == 0
    finally:
        server.destroy()


def test_a_database_with_anything_real_in_it_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    try:
        server.start()
        monkeypatch.setenv("DATABASE_URL", server.url())
        with demo_database.running():
            pass  # empty: it becomes a database of demonstrations
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE anything (n int)")
        with demo_database.running():
            pass  # marked: it may hold what a demonstration put there
        server.create_database("real")
        with psycopg.connect(server.url("real"), autocommit=True) as connection:
            connection.execute("CREATE TABLE applicants (n int)")
        monkeypatch.setenv("DATABASE_URL", server.url("real"))
        with (
            pytest.raises(CommandError, match="the database real was not made by a demonstration"),
            demo_database.running(),
        ):
            pytest.fail("it was entered")
    finally:
        server.destroy()


def test_the_last_demonstration_to_end_stops_the_server_whichever_started_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    monkeypatch.setattr(own_database, "VAR", tmp_path)
    monkeypatch.setattr(own_database.embedded, "server", lambda: server)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    first, second = ExitStack(), ExitStack()
    try:
        first.enter_context(demo_database.running())
        monkeypatch.delenv("DATABASE_URL")  # as another process would find it
        second.enter_context(demo_database.running())
        first.close()
        assert server.status().state is State.RUNNING
        second.close()
        assert server.status().state is State.STOPPED
        server.start()  # an engineer's own doing
        with demo_database.running():
            pass
        assert server.status().state is State.RUNNING
    finally:
        first.close()
        second.close()
        server.destroy()


class TestSupervisor:
    def test_a_child_that_ends_is_named(self) -> None:
        with Supervisor() as supervisor:
            supervisor.start("the short one", [sys.executable, "-c", "raise SystemExit(3)"])
            with pytest.raises(ChildEndedError, match="the short one ended with status 3"):
                supervisor.wait()

    def test_a_child_that_does_not_listen_to_reason_is_ended_all_the_same(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("panro.site.supervisor._STOP_SECONDS", 0.2)
        stubborn = (
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
        )
        with Supervisor() as supervisor:
            supervisor.start("stubborn", [sys.executable, "-c", stubborn])
            (child,) = supervisor._children.values()
            time.sleep(0.5)
            supervisor.stop()
            assert child.returncode == -signal.SIGKILL

    def test_what_a_child_started_ends_with_it_even_if_it_left_it_behind(self) -> None:
        grandchild = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
        child = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {grandchild!r}]); time.sleep(9)"
        with Supervisor() as supervisor:
            supervisor.start("careless", [sys.executable, "-c", child])
            (careless,) = supervisor._children.values()
            until = time.monotonic() + 20
            while not (left := _children(careless.pid)) and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(0.5)  # it does not listen to reason by now
            supervisor.stop()
        assert len(left) == 1
        until = time.monotonic() + 10
        while (ended := not Path(f"/proc/{left[0]}/exe").exists()) is False and time.monotonic() < until:
            time.sleep(0.05)
        assert ended

    def test_a_request_to_stop_ends_the_watch_quietly(self) -> None:
        with Supervisor() as supervisor:
            supervisor.start("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
            (child,) = supervisor._children.values()
            signal.raise_signal(signal.SIGTERM)
            pytest.fail("the watch went on")
        assert child.returncode == -signal.SIGTERM


class TestPorts:
    def test_a_taken_port_is_passed_over(self) -> None:
        first = first_free("127.0.0.1", 19000)
        with subprocess.Popen(
            [sys.executable, "-m", "http.server", str(first), "--bind", "127.0.0.1"], stderr=subprocess.DEVNULL
        ) as taker:
            until = time.monotonic() + 20
            while not answers("127.0.0.1", first) and time.monotonic() < until:
                time.sleep(0.05)
            assert is_free("127.0.0.1", first) is False
            assert first_free("127.0.0.1", first) > first
            taker.kill()

    def test_there_is_no_port_after_the_last(self) -> None:
        with pytest.raises(OSError, match="no free port between 65536"):
            first_free("127.0.0.1", 65536)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
