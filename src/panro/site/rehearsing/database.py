"""A rehearsal through the rooms has a database of its own, and never touches one that holds anything else."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg import sql

from panro.site import embedded
from panro.site.cli.errors import USAGE, CommandError
from panro.site.demo_database import Users
from panro.site.postgres import State

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "panro_rehearsal"
BEGUN: Final = "Panro rehearsal, begun: everything in here is invented"
ENDED: Final = "Panro rehearsal, ended: everything in here is invented"


@contextmanager
def running(*, anew: bool = False) -> Iterator[None]:
    """Have ``DATABASE_URL`` name an empty database of rehearsals; one that ends well is marked so.

    Entered before Django reads the settings. Without ``DATABASE_URL`` the embedded server holds it.

    Args:
        anew: throw away what an earlier rehearsal left in it.

    Raises:
        CommandError: the database holds something else, or an earlier rehearsal; or it does not answer.
        PostgresError: the embedded server does not start.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        claim(given, anew=anew)
        yield
        mark(given, ENDED)
        return
    server = embedded.server()
    users = Users()
    try:
        if server.status().state is not State.RUNNING:
            users.note_start()
        server.start()
        server.create_database(NAME)
        url = server.url(NAME)
        claim(url, anew=anew)
        os.environ["DATABASE_URL"] = url
        yield
        mark(url, ENDED)
    finally:
        os.environ.pop("DATABASE_URL", None)
        if users.leave_as_last():
            server.stop()
        users.close()


def claim(url: str, *, anew: bool) -> None:
    """Mark an empty database as one of rehearsals.

    Raises:
        CommandError: it is not empty; says what to do. Or it does not answer.
    """
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            _refuse(connection, anew=anew)
    except psycopg.OperationalError as failure:
        raise CommandError(f"DATABASE_URL: the database does not answer: {failure}") from failure
    mark(url, BEGUN)


def mark(url: str, words: str) -> None:
    """Write into the database what it is."""
    with psycopg.connect(url, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(words)))


def _refuse(connection: psycopg.Connection, *, anew: bool) -> None:
    found = connection.execute(
        "SELECT shobj_description(oid, 'pg_database'), "
        "EXISTS (SELECT FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')) "
        "FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    words, has_tables = found or (None, True)
    name = connection.info.dbname
    if words not in {None, BEGUN, ENDED} or (has_tables and words is None):
        raise CommandError(
            f"the database {name} was not made by a rehearsal: name an empty one in DATABASE_URL, or unset it",
            code=USAGE,
        )
    if has_tables and not anew:
        what = "a rehearsal that was broken off" if words == BEGUN else "an earlier rehearsal"
        raise CommandError(
            f"the database {name} holds {what}: add --anew to throw it away and begin again, or name an empty one in "
            "DATABASE_URL",
            code=USAGE,
        )
    if has_tables:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
