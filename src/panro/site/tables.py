"""Bringing a database up to date."""

from __future__ import annotations

from django.core.management import call_command


def migrate_all(*, verbosity: int) -> None:
    """Apply every migration, and make the table of the shared cache, which has none."""
    call_command("migrate", interactive=False, verbosity=verbosity)
    call_command("createcachetable", verbosity=verbosity)
