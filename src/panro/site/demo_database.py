"""A demonstration has a database of its own, and never touches one that holds real cases."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from panro.site import embedded
from panro.site.cli.errors import USAGE, CommandError
from panro.site.paths import VAR
from panro.site.postgres import State

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "panro_demo"
_MARK = "Panro demonstration: everything in here is invented"


@contextmanager
def running() -> Iterator[None]:
    """Have ``DATABASE_URL`` name a database of demonstrations; afterwards stop the server if one of them started it.

    Entered before Django reads the settings. Without ``DATABASE_URL`` the embedded server holds it. Several may run
    on one installation: the last to end stops the server, whichever of them started it.

    Raises:
        CommandError: the database named in ``DATABASE_URL`` holds something else, or does not answer.
        PostgresError: the embedded server does not start.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        _claim(given)
        yield
        return
    server = embedded.server()
    users = Users()
    try:
        if server.status().state is not State.RUNNING:
            users.note_start()
        server.start()
        server.create_database(NAME)
        url = server.url(NAME)
        _claim(url)
        os.environ["DATABASE_URL"] = url
        yield
    finally:
        os.environ.pop("DATABASE_URL", None)
        if users.leave_as_last():  # also when the start itself was interrupted
            server.stop()
        users.close()


class Users:
    """Who uses the embedded server: a lock shared by demonstrations, in a file that says whether one started it.

    The kernel gives a dead one's lock back. A server that an engineer started is left running.
    """

    def __init__(self) -> None:
        VAR.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(VAR / "demonstrations", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def note_start(self) -> None:
        """Write down that the server is started by a demonstration."""
        os.pwrite(self._handle, b"started", 0)

    def leave_as_last(self) -> bool:
        """Whether the server is to be stopped now; until :meth:`close` no other demonstration begins."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        started = os.fstat(self._handle).st_size > 0
        os.ftruncate(self._handle, 0)
        return started

    def close(self) -> None:
        """Let others begin."""
        os.close(self._handle)


def _claim(url: str) -> None:
    """Mark the database as one of demonstrations if it is empty; accept it if it is marked."""
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            _mark(connection)
    except psycopg.OperationalError as failure:
        raise CommandError(f"DATABASE_URL: the database does not answer: {failure}") from failure


def _mark(connection: psycopg.Connection) -> None:
    found = connection.execute(
        "SELECT shobj_description(oid, 'pg_database'), "
        "EXISTS (SELECT FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')) "
        "FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    mark, has_tables = found or (None, True)
    if mark == _MARK:
        return
    name = connection.info.dbname
    if has_tables:
        raise CommandError(
            f"the database {name} was not made by a demonstration: name an empty one in DATABASE_URL, or unset it",
            code=USAGE,
        )
    connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(_MARK)))
