"""``panro serve``: the web server over a database that is up to date."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from panro.site.cli.django import django


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=64)] = 2,
) -> None:
    """Collect static files and answer requests until stopped. Run 'panro db migrate' first."""
    with django():
        from panro.site.static_files import collect
        from panro.site.web import server_command

        collect()
        command = server_command(host=host, port=port, workers=workers)
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter; no shell is wanted
