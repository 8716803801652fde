"""Emptying the tables after a test that commits: only what was written goes, which takes a twentieth of a flush.

Django truncates every table and then writes content types and permissions anew, half a second each time.
"""

from __future__ import annotations

from functools import cache

from django.db import connection

LARGE = 1 << 20
"""Bytes from which a table is truncated, because deleted rows would still be passed over by every test after."""

STAYS = {"django_content_type", "auth_permission"}
"""What the program's own code determines; it is the same for all tests."""

EMPTY = """
    DO $$ DECLARE name text; BEGIN
        SET LOCAL session_replication_role = replica;  -- no triggers: some of these tables refuse to lose a row
        FOREACH name IN ARRAY ARRAY[{tables}] LOOP
            IF pg_relation_size(name::regclass) > {large} THEN
                EXECUTE format('TRUNCATE %I CASCADE', name);
            ELSIF pg_relation_size(name::regclass) > 0 THEN
                EXECUTE format('DELETE FROM %I', name);
            END IF;
        END LOOP;
    END $$
"""


@cache
def _statement() -> str:
    names = sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - STAYS)
    return EMPTY.format(tables=", ".join(f"'{name}'" for name in names), large=LARGE)


def empty_tables() -> None:
    """Remove every row that tests may write; the caller must be a superuser of the database."""
    with connection.cursor() as cursor:
        cursor.execute(_statement())
