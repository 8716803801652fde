"""The database backend named in the settings (Django looks for ``base.DatabaseWrapper``)."""

from __future__ import annotations

import os
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper
from psycopg.conninfo import conninfo_to_dict

from panro.site.embedded import server

_ADDRESS = ("host", "port", "user", "password")


class DatabaseWrapper(PostgresWrapper):
    """PostgreSQL; the embedded server is started by the first connection that needs it, never by an import."""

    def get_connection_params(self) -> dict[str, Any]:
        """What psycopg connects with. An address in ``DATABASE_URL`` wins over the embedded server."""
        parameters: dict[str, Any] = super().get_connection_params()
        if "host" not in parameters and "service" not in parameters:
            address = conninfo_to_dict(_server_url())
            parameters |= {key: address[key] for key in _ADDRESS if key in address}
        return parameters


def _server_url() -> str:
    if url := os.environ.get("DATABASE_URL"):
        return url
    embedded = server()
    embedded.start()
    return embedded.url()
