"""A demonstration has a database of its own, and never touches one that holds real cases."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from panro.site.cli.errors import USAGE, CommandError
from panro.site.own_database import contents, own_database, write_mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

NAME = "panro_demo"
_MARK = "Panro demonstration: everything in here is invented"


@contextmanager
def running() -> Iterator[None]:
    """Have ``DATABASE_URL`` name a database of demonstrations, as :func:`panro.site.own_database.own_database` does.

    Raises:
        CommandError: the database named in ``DATABASE_URL`` holds something else, or does not answer.
        PostgresError: the embedded server does not start.
    """
    with own_database(NAME, _claim):
        yield


def _claim(connection: psycopg.Connection) -> None:
    """Mark the database as one of demonstrations if it is empty; accept it if it is marked."""
    found = contents(connection)
    if found.mark == _MARK:
        return
    if found.has_tables:
        raise CommandError(
            f"the database {found.name} was not made by a demonstration: name an empty one in DATABASE_URL, or unset "
            "it",
            code=USAGE,
        )
    write_mark(connection, _MARK)
