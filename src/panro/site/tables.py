"""Bringing a database up to date."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection, transaction

from panro.record.roles import grant_runtime


def migrate_all(*, verbosity: int) -> None:
    """Apply every migration, make the table of the shared cache, which has none, and give the runtime role its rights.

    Raises:
        NoRoleError: the runtime role is missing and this account may not make it.
    """
    call_command("migrate", interactive=False, verbosity=verbosity)
    call_command("createcachetable", verbosity=verbosity)
    with transaction.atomic(), connection.cursor() as cursor:
        grant_runtime(cursor)
