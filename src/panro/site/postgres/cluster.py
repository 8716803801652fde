"""One embedded server from first start to removal."""

from __future__ import annotations

import enum
import fcntl
import os
import secrets
import select
import shutil
import signal
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from panro.site.postgres.places import Place, PostgresError, find_place
from panro.site.postgres.processes import (
    command_line,
    exists,
    proven_postmaster,
    read_pid_file,
    working_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER = "panro"
DATABASE = "panro"
_HOST = "127.0.0.1"
_SETTINGS = "panro.conf"
_PORTS = range(15432, 16432)  # below the range from which Linux lends ports to outgoing connections
_START_TRIES = 8
_START_SECONDS = 90
_FAST_STOP_SECONDS = 30
_IMMEDIATE_STOP_SECONDS = 10
_SURVIVOR_SECONDS = 15.0
_LOG_KEPT_BYTES = 4_000_000
_UNDURABLE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class State(enum.Enum):
    """What can be said about the server without starting it."""

    ABSENT = "absent"
    STOPPED = "stopped"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Status:
    """A moment's answer; ``pid`` only while running, ``port`` once one was chosen."""

    state: State
    pid: int | None
    port: int | None


class EmbeddedPostgres:
    """The server whose password and lock lie in ``keep``; see :mod:`panro.site.postgres`.

    ``durable=False`` is for clusters of tests alone: it trades every promise of surviving a crash for speed.
    """

    def __init__(self, keep: Path, *, durable: bool = True) -> None:
        self._keep = keep
        self._durable = durable

    def start(self) -> bool:
        """Make the server run and accept connections, creating the cluster if there is none.

        Safe to call from any number of processes at once. Returns True if this call started it, False if it
        ran already.

        Raises:
            PostgresError: it could not be created or started; the message carries the end of its log.
        """
        place = find_place(self._keep)
        with _locked(place):
            if proven_postmaster(place.cluster, place.programs):
                return False
            self._create_if_absent(place)
            _await_survivors(place)
            _remove_foreign_pid_file(place)
            self._launch(place)
            _create_database(self._url(place, "postgres"), DATABASE)
            return True

    def create_database(self, name: str) -> bool:
        """Create one more database on the running server. Returns False if there is one of that name."""
        place = find_place(self._keep)
        with _locked(place):
            return _create_database(self._url(place, "postgres"), name)

    def stop(self) -> bool:
        """Stop the server, letting no new work in. Returns False if it did not run.

        The signal goes to a handle of the process (pidfd) taken *before* it is proven to be ours, so a
        number that changes hands in between can hurt nobody.

        Raises:
            PostgresError: it does not stop.
        """
        place = find_place(self._keep)
        with _locked(place):
            return _stop_proven(place)

    def status(self) -> Status:
        """Say whether the server runs, is stopped, or was never created. Starts nothing."""
        place = find_place(self._keep)
        running = proven_postmaster(place.cluster, place.programs)
        if running:
            return Status(State.RUNNING, running.pid, running.port or _remembered_port(place))
        if place.cluster.exists():
            return Status(State.STOPPED, None, _remembered_port(place))
        return Status(State.ABSENT, None, None)

    def url(self, database: str = DATABASE) -> str:
        """The address of the server as ``DATABASE_URL`` takes it, password included. Starts nothing.

        Raises:
            PostgresError: there is no cluster yet.
        """
        return self._url(find_place(self._keep), database)

    def log_file(self) -> Path:
        """Where the server writes its messages."""
        return find_place(self._keep).log

    def destroy(self) -> None:
        """Stop the server and remove the cluster, the log and the password. There is no way back."""
        place = find_place(self._keep)
        with _locked(place):
            _stop_proven(place)
            _await_survivors(place)
        shutil.rmtree(place.ground)
        shutil.rmtree(place.keep, ignore_errors=True)

    def _url(self, place: Place, database: str) -> str:
        running = proven_postmaster(place.cluster, place.programs)
        port = (running.port if running else None) or _remembered_port(place)
        if port is None:
            raise PostgresError("there is no embedded database yet: run 'panro db start'")
        return f"postgresql://{USER}:{_read_password(place)}@{_HOST}:{port}/{database}"

    def _create_if_absent(self, place: Place) -> None:
        if place.cluster.exists() and not place.password_file.exists():
            # The folder with the password was removed: its owner starts anew. Data is never deleted unasked.
            place.cluster.rename(place.ground / f"cluster.set-aside-{time.time_ns()}")
        if place.cluster.exists():
            return
        unfinished = place.ground / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        place.hand_over(unfinished)
        password = place.ground / "cluster.password"
        _write_private(password, _create_password(place))
        place.hand_over(password)
        try:
            self._initialise(place, unfinished, password)
        finally:
            password.unlink()
        with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(f"\ninclude_if_exists = '{_SETTINGS}'\n")
        unfinished.rename(place.cluster)

    def _initialise(self, place: Place, folder: Path, password: Path) -> None:
        done = place.run(
            "initdb",
            f"--pgdata={folder}",
            f"--username={USER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",  # orders Hangul as the alphabet does, on every machine alike
            "--locale=C",
            "--no-instructions",
            *([] if self._durable else ["--no-sync"]),
        )
        if done.returncode:
            raise PostgresError(f"the embedded database could not be created: {_last_lines(done.stdout)}")

    def _launch(self, place: Place) -> None:
        _prepare_log(place)
        port = _remembered_port(place)
        for _ in range(_START_TRIES):
            port = port if port and _is_free(port) else _free_port()
            self._write_settings(place, port)
            written_before = place.log.stat().st_size
            done = place.run(
                "pg_ctl",
                f"--pgdata={place.cluster}",
                f"--log={place.log}",
                f"--timeout={_START_SECONDS}",
                "--wait",
                "--silent",
                "start",
                seconds=_START_SECONDS + 30,
            )
            if done.returncode == 0:
                return
            said = place.log.read_bytes()[written_before:].decode(errors="replace")
            if "Address already in use" not in said:
                raise PostgresError(
                    f"the embedded database did not start: {_last_lines(said or done.stdout)} (whole log: {place.log})"
                )
            port = None
        raise PostgresError("the embedded database found no free port: stop a server, or set DATABASE_URL")

    def _write_settings(self, place: Place, port: int) -> None:
        lines = [
            f"listen_addresses = '{_HOST}'",
            f"port = {port}",
            "unix_socket_directories = ''",
            "password_encryption = 'scram-sha-256'",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            "lc_messages = 'C'",
            *(() if self._durable else _UNDURABLE),
        ]
        fresh = place.cluster / f"{_SETTINGS}.new"
        _write_private(fresh, "\n".join(lines) + "\n")
        place.hand_over(fresh)
        fresh.rename(place.cluster / _SETTINGS)


@contextmanager
def _locked(place: Place) -> Iterator[None]:
    """Let one process at a time start, stop or remove the server; the kernel frees a dead one's lock."""
    handle = os.open(place.keep / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _stop_proven(place: Place) -> bool:
    claim = read_pid_file(place.cluster)
    if claim is None:
        return False
    try:
        handle = os.pidfd_open(claim.pid)
    except ProcessLookupError:
        return False
    try:
        if proven_postmaster(place.cluster, place.programs) != claim:
            return False
        for order, seconds in (
            (signal.SIGINT, _FAST_STOP_SECONDS),
            (signal.SIGQUIT, _IMMEDIATE_STOP_SECONDS),
        ):
            signal.pidfd_send_signal(handle, order)
            if _ended(handle, seconds):
                return True
    finally:
        os.close(handle)
    raise PostgresError(f"the embedded database does not stop; its process is {claim.pid}, its log {place.log}")


def _ended(handle: int, seconds: float) -> bool:
    """Wait for the process behind a pidfd; true also where nobody reaps it."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def _await_survivors(place: Place) -> None:
    """Wait until the processes of a killed postmaster are gone: two servers must never share a cluster."""
    own = str(place.programs / "postgres")
    until = time.monotonic() + _SURVIVOR_SECONDS
    while True:
        survivors = [
            pid
            for pid in working_in(place.cluster)
            if (arguments := command_line(pid)) and (arguments[0] == own or arguments[0].startswith("postgres:"))
        ]
        if not survivors:
            return
        if time.monotonic() > until:
            raise PostgresError(
                f"processes {survivors} still use {place.cluster}: end them, then start the database again"
            )
        time.sleep(0.05)


def _remove_foreign_pid_file(place: Place) -> None:
    """Remove a pid file that PostgreSQL would take for a running server because its number is in use.

    Only called when the server is proven not to run and no process of it is left. A pid file whose number
    is free is left to PostgreSQL, which then also checks its shared memory.
    """
    path = place.cluster / "postmaster.pid"
    claim = read_pid_file(place.cluster)
    if path.exists() and (claim is None or exists(claim.pid)):
        path.unlink()


def _create_database(maintenance_url: str, name: str) -> bool:
    with psycopg.connect(maintenance_url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return found is None


def _remembered_port(place: Place) -> int | None:
    try:
        text = (place.cluster / _SETTINGS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    values = [line.partition("=")[2].strip() for line in text.splitlines() if line.startswith("port ")]
    return int(values[0]) if values and values[0].isdecimal() else None


def _free_port() -> int:
    first = secrets.randbelow(len(_PORTS))
    for step in range(len(_PORTS)):
        port = _PORTS[(first + step) % len(_PORTS)]
        if _is_free(port):
            return port
    raise PostgresError(f"no port between {_PORTS.start} and {_PORTS.stop - 1} is free; set DATABASE_URL")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            return False
        return True


def _prepare_log(place: Place) -> None:
    if place.log.exists() and place.log.stat().st_size > _LOG_KEPT_BYTES:
        place.log.replace(place.log.with_suffix(".log.1"))
    place.log.touch(mode=0o600)
    place.hand_over(place.log)


def _create_password(place: Place) -> str:
    if not place.password_file.exists():
        _write_private(place.password_file, secrets.token_urlsafe(32))
    return _read_password(place)


def _read_password(place: Place) -> str:
    try:
        return place.password_file.read_text(encoding="ascii")
    except FileNotFoundError:
        raise PostgresError(
            f"{place.password_file} is missing: 'panro db start' makes a new one with a new, empty database"
        ) from None


def _write_private(path: Path, text: str) -> None:
    """Write a file that no other account can read at any moment, all of it or nothing."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    draft.rename(path)


def _last_lines(text: str) -> str:
    return " / ".join(line.strip() for line in text.strip().splitlines()[-4:]) or "it said nothing"
