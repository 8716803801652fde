"""The runtime role: what the web and the workers may do to the database, and what they may not.

Migrations run as the owner of the tables. Everything else runs as ``panro_runtime``, which may not create tables, and
may neither update nor delete what is append-only. Triggers say the same to the owner; against a superuser only the
published head helps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import ProgrammingError
from psycopg import errors, sql

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

RUNTIME: Final = "panro_runtime"
ALL_RIGHTS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")

_rights: dict[str, tuple[str, ...]] = {}
_emptied: dict[str, tuple[str, ...]] = {}


class NoRoleError(RuntimeError):
    """The runtime role is missing and this account may not make it."""


def append_only(table: str, *, destroyable: bool = False, emptied: tuple[str, ...] = ()) -> None:
    """Declare a table append-only (a seam: each room declares its own in ``AppConfig.ready``).

    Args:
        table: its name in the database.
        destroyable: whether rows may be deleted, for personal data whose purpose has ended.
        emptied: columns that may be emptied where the row itself must stay, with the one that says when.
    """
    _emptied[table] = emptied
    _rights[table] = ("SELECT", "INSERT", "DELETE") if destroyable else ("SELECT", "INSERT")


def append_only_tables() -> dict[str, tuple[str, ...]]:
    """Return the declared tables with the rights that the runtime role has on them."""
    return dict(_rights)


def emptied_columns(table: str) -> tuple[str, ...]:
    """Return the columns of a table that the runtime role may empty; none of most."""
    return _emptied.get(table, ())


def grant_runtime(cursor: CursorWrapper) -> None:
    """Make the runtime role where it is missing and give it exactly its rights; run after migrations, as the owner.

    Raises:
        NoRoleError: the role is missing and may not be made; says what an administrator should run.
    """
    _make_role(cursor)
    role = sql.Identifier(RUNTIME)
    cursor.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role))
    cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
    cursor.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    for (table,) in cursor.fetchall():
        rights = sql.SQL(", ").join(sql.SQL(right) for right in _rights.get(table, ALL_RIGHTS))
        cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(rights, sql.Identifier(table), role))
        if columns := _emptied.get(table):
            named = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
            cursor.execute(sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(named, sql.Identifier(table), role))


def _make_role(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = %s", [RUNTIME])
    found = cursor.fetchone()
    try:
        if found is None:
            # Another database of this cluster may be making it at the same time: roles belong to the cluster.
            cursor.execute(
                sql.SQL(
                    "DO $$ BEGIN CREATE ROLE {} NOLOGIN; "
                    "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
                ).format(sql.Identifier(RUNTIME))
            )
        if found is None or not found[0]:
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(RUNTIME)))
    except ProgrammingError as refused:
        if not isinstance(refused.__cause__, errors.InsufficientPrivilege):
            raise
        raise NoRoleError(
            f"the role {RUNTIME} is missing; let an administrator run: "
            f"CREATE ROLE {RUNTIME} NOLOGIN; GRANT {RUNTIME} TO <this account>;"
        ) from refused
