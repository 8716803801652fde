"""A site that runs on its own database, to be killed piece by piece: the web server, the worker, the postmaster."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import psycopg

from panro.site.ports import answers, first_free
from panro.site.postgres import EmbeddedPostgres
from panro.site.web import server_command, worker_command

if TYPE_CHECKING:
    from types import TracebackType

HOST: Final = "127.0.0.1"
TESTS: Final = Path(__file__).resolve().parents[1]
DEAD_AFTER: Final = 2.0
"""Seconds within which a killed process is gone."""
UP_AFTER: Final = 60.0
ANSWER_AFTER: Final = 30.0
_TOKEN: Final = "a" * 32
_RECEIPT: Final = re.compile("2021-3-1-R1-[0-9]{6}")


class Ready(NamedTuple):
    """A draft that can be handed in, and the session of who may."""

    application: str
    revision: int
    session: str


class Site:
    """Web server, worker and database, each of which can be killed and started again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = first_free(HOST, 18600)
        self._web: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self._environment = kept | {
            "PANRO_VAR": str(home),
            "PANRO_PRETENDED_DAY": "2021-03-17",
            "PANRO_LOG_LEVEL": "CRITICAL",  # a killed database makes long stories
            "PYTHONPATH": f"{TESTS.parent / 'src'}:{TESTS}",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (self._web, self._worker):
            if process is not None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        EmbeddedPostgres(self.home / "postgres").destroy()

    def prepare(self, count: int) -> list[Ready]:
        """Make the database and a crowd in it; then make the database durable, which it need not be until here."""
        quick = EmbeddedPostgres(self.home / "postgres", durable=False)
        quick.start()
        made = self.run(sys.executable, "-m", "faults.crowd", str(count), address=quick.url())
        quick.stop()
        self.database.start()
        return [Ready(**one) for one in json.loads(made)]

    @property
    def database(self) -> EmbeddedPostgres:
        """The database, as it is in earnest: what was acknowledged survives a kill."""
        return EmbeddedPostgres(self.home / "postgres")

    def run(self, *command: str, address: str = "") -> str:
        """Run a program of this site to its end and return what it printed."""
        environment = self._environment | {"DATABASE_URL": address or self.database.url()}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start_web(self) -> None:
        self._web = self._start(server_command(host=HOST, port=self.port, workers=2))
        until = time.monotonic() + UP_AFTER
        while not answers(HOST, self.port):
            assert time.monotonic() < until, "the web server does not answer"
            time.sleep(0.05)

    def start_worker(self) -> None:
        self._worker = self._start(worker_command())

    def stop_worker(self) -> None:
        assert self._worker is not None
        self._worker.terminate()
        self._worker.wait(30)

    def kill_web_process(self) -> None:
        """Kill one of the processes that answer; the server itself puts another in its place."""
        assert self._web is not None
        server = self._web.pid
        serving = [int(pid) for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split()]
        _kill(next(pid for pid in serving if _lives(pid)))

    def kill_worker(self) -> None:
        """Kill the worker; whoever supervises it starts it again."""
        assert self._worker is not None
        _kill(self._worker.pid)
        self._worker.wait(DEAD_AFTER)
        self.start_worker()

    def kill_database(self) -> None:
        """Kill the postmaster; whoever supervises it starts it again."""
        pid = self.database.status().pid
        assert pid is not None
        _kill(pid)
        self.database.start()

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.database.url(), autocommit=True)

    def hand_in(self, one: Ready) -> bool:
        """Press the button once; whether an answer said that it was taken."""
        posted = f"revision={one.revision}&csrfmiddlewaretoken={_TOKEN}"
        answer = self._ask("POST", f"/my/applications/{one.application}/submit/", one, posted)
        return answer is not None and answer[:2] == (302, f"/my/applications/{one.application}/receipt/")

    def number(self, one: Ready) -> str:
        """The number on the receipt that the applicant can load; empty if there is none."""
        answer = self._ask("GET", f"/my/applications/{one.application}/receipt.pdf", one)
        found = _RECEIPT.search(answer[2]) if answer is not None and answer[0] == 200 else None
        return found.group() if found else ""

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        environment = self._environment | {"DATABASE_URL": self.database.url()}
        with (self.home / "processes.log").open("ab") as log:
            return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _ask(self, method: str, path: str, one: Ready, body: str = "") -> tuple[int, str, str] | None:
        connection = HTTPConnection(HOST, self.port, timeout=ANSWER_AFTER)
        headers = {"Cookie": f"sessionid={one.session}; csrftoken={_TOKEN}", "Host": "localhost"}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(connection), suppress(OSError, HTTPException):
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location") or "", answer.headers.get("Content-Disposition") or ""
        return None


def _kill(pid: int) -> None:
    """Kill a process of ours by its number and wait until it is dead (a zombie is)."""
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + DEAD_AFTER
    while _lives(pid):
        assert time.monotonic() < until, f"process {pid} is alive {DEAD_AFTER} s after it was killed"
        time.sleep(0.01)


def _lives(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}
