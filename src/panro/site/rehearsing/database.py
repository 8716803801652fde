"""A rehearsal through the rooms has a database of its own, and never touches one that holds anything else."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

import psycopg

from panro.site.cli.errors import USAGE, CommandError
from panro.site.own_database import contents, own_database, write_mark

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "panro_rehearsal"
BEGUN: Final = "Panro rehearsal, begun: everything in here is invented"
ENDED: Final = "Panro rehearsal, ended: everything in here is invented"


@contextmanager
def running(*, anew: bool = False) -> Iterator[None]:
    """Have ``DATABASE_URL`` name an empty database of rehearsals; one that ends well is marked so.

    Args:
        anew: throw away what an earlier rehearsal left in it.

    Raises:
        CommandError: the database holds something else, or an earlier rehearsal; or it does not answer.
        PostgresError: the embedded server does not start.
    """
    with own_database(NAME, partial(claim, anew=anew)) as url:
        yield
        with psycopg.connect(url, autocommit=True) as connection:
            write_mark(connection, ENDED)


def claim(connection: psycopg.Connection, *, anew: bool) -> None:
    """Mark an empty database as one of rehearsals.

    Raises:
        CommandError: it is not empty; says what to do.
    """
    found = contents(connection)
    if found.mark not in {None, BEGUN, ENDED} or (found.has_tables and found.mark is None):
        raise CommandError(
            f"the database {found.name} was not made by a rehearsal: name an empty one in DATABASE_URL, or unset it",
            code=USAGE,
        )
    if found.has_tables and not anew:
        what = "a rehearsal that was broken off" if found.mark == BEGUN else "an earlier rehearsal"
        raise CommandError(
            f"the database {found.name} holds {what}: add --anew to throw it away and begin again, or name an empty "
            "one in DATABASE_URL",
            code=USAGE,
        )
    if found.has_tables:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    write_mark(connection, BEGUN)
