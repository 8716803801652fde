"""Django for commands that need it, and errors that a person can mend as one line."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def django() -> Iterator[None]:
    """Load the settings and the rooms.

    Raises:
        CommandError: the settings are wrong, or the database cannot be used.
    """
    with one_line_errors():
        from django import setup

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panro.site.settings")
        setup()
        yield


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn what a person can mend into one line.

    Raises:
        CommandError: with the message and the exit status.
    """
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError as DjangoCommandError
    from django.db import OperationalError

    from panro.record.roles import NoRoleError
    from panro.site.cli.errors import USAGE, CommandError
    from panro.site.postgres import PostgresError
    from panro.site.supervisor import ChildEndedError

    try:
        yield
    except ImproperlyConfigured as wrong:
        raise CommandError(str(wrong), code=USAGE) from wrong
    except (PostgresError, ChildEndedError, DjangoCommandError, NoRoleError) as failure:
        raise CommandError(str(failure)) from failure
    except OperationalError as failure:
        raise CommandError(f"the database does not answer: {failure} (is DATABASE_URL right?)") from failure
