"""A database of its own for what is invented: found or made, told apart from real cases by its comment, and ended."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import psycopg
from psycopg import sql

from panro.site import embedded
from panro.site.cli.errors import CommandError
from panro.site.paths import VAR
from panro.site.postgres import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    type Claim = Callable[[psycopg.Connection], None]


@contextmanager
def own_database(name: str, claim: Claim) -> Iterator[str]:
    """Have ``DATABASE_URL`` name a database that ``claim`` accepts, and yield that address.

    Entered before Django reads the settings. Without ``DATABASE_URL`` the embedded server holds it. Several may run
    on one installation: the last to end stops the server, whichever of them started it.

    Args:
        name: of the database in the embedded server.
        claim: looks at the database and refuses it with a CommandError, or marks it.

    Raises:
        CommandError: as ``claim`` raises it, or the database does not answer.
        PostgresError: the embedded server does not start.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        _have_claimed(given, claim)
        yield given
        return
    server = embedded.server()
    users = Users()
    try:
        if server.status().state is not State.RUNNING:
            users.note_start()
        server.start()
        server.create_database(name)
        url = server.url(name)
        _have_claimed(url, claim)
        os.environ["DATABASE_URL"] = url
        yield url
    finally:
        os.environ.pop("DATABASE_URL", None)
        if users.leave_as_last():  # also when the start itself was interrupted
            server.stop()
        users.close()


class Users:
    """Who uses the embedded server: a lock shared by all of them, in a file that says whether one started it.

    The kernel gives a dead one's lock back. A server that an engineer started is left running.
    """

    def __init__(self) -> None:
        VAR.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(VAR / "demonstrations", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def note_start(self) -> None:
        """Write down that the server is started by one of them."""
        os.pwrite(self._handle, b"started", 0)

    def leave_as_last(self) -> bool:
        """Whether the server is to be stopped now; until :meth:`close` no other begins."""
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


class Contents(NamedTuple):
    """What a database says of itself."""

    name: str
    mark: str | None
    """Its comment."""
    has_tables: bool


def contents(connection: psycopg.Connection) -> Contents:
    """Look at the database."""
    found = connection.execute(
        "SELECT shobj_description(oid, 'pg_database'), "
        "EXISTS (SELECT FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')) "
        "FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    mark, has_tables = found or (None, True)
    return Contents(connection.info.dbname, mark, has_tables)


def write_mark(connection: psycopg.Connection, words: str) -> None:
    """Write into the database what it is."""
    name = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(words)))


def _have_claimed(url: str, claim: Claim) -> None:
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            claim(connection)
    except psycopg.OperationalError as failure:
        raise CommandError(f"DATABASE_URL: the database does not answer: {failure}") from failure
