"""The one embedded server this installation uses."""

from __future__ import annotations

from panro.site.paths import VAR
from panro.site.postgres import EmbeddedPostgres


def server() -> EmbeddedPostgres:
    """The server whose password and lock lie in the installation's ``var/postgres``."""
    return EmbeddedPostgres(VAR / "postgres")
