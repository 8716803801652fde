"""``panro worker``: runs queued tasks."""

from __future__ import annotations

import os
import sys

import typer  # noqa: TC002 - typer reads the annotations when it runs

from panro.site.cli.django import django


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(worker)


def worker() -> None:
    """Run queued tasks until stopped."""
    with django():
        from panro.site.web import worker_command

        command = worker_command()
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter; no shell is wanted
