"""``panro db``: the embedded database server, and the tables in whichever database is used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from panro.site.cli.django import django
from panro.site.cli.errors import USAGE, CommandError

if TYPE_CHECKING:
    from panro.site.postgres import EmbeddedPostgres

_commands = typer.Typer(help="Start, stop and migrate the database.", no_args_is_help=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(_commands, name="db")


@_commands.command()
def start() -> None:
    """Start the embedded PostgreSQL server, creating it if there is none."""
    with django():
        started = _server().start()
        typer.echo(f"{'started' if started else 'already running'}: port {_server().status().port}")


@_commands.command()
def stop() -> None:
    """Stop the embedded PostgreSQL server; its data stays."""
    with django():
        typer.echo("stopped" if _server().stop() else "was not running")


@_commands.command()
def status() -> None:
    """Say whether the embedded server runs: exit 0 if it does, 1 if not."""
    with django():
        found = _server().status()
        typer.echo(f"{found.state.value}" + (f": process {found.pid}, port {found.port}" if found.pid else ""))
        raise typer.Exit(0 if found.pid else 1)


@_commands.command()
def remove(
    yes: Annotated[bool, typer.Option("--yes", help="Really remove everything in it.")] = False,  # noqa: FBT002 - an option
) -> None:
    """Stop the embedded PostgreSQL server and remove its data. There is no way back."""
    with django():
        if not yes:
            raise CommandError("this removes all data of the embedded database: add --yes if you mean it", code=USAGE)
        _server().destroy()
        typer.echo("removed")


@_commands.command()
def url() -> None:
    """Print the address of the embedded database, with its password, as DATABASE_URL takes it."""
    with django():
        typer.echo(_server().url())


@_commands.command()
def migrate() -> None:
    """Bring the tables up to date (in DATABASE_URL, or in the embedded database)."""
    with django():
        from panro.site.tables import migrate_all

        migrate_all(verbosity=1)


def _server() -> EmbeddedPostgres:
    from panro.site.embedded import server

    if os.environ.get("DATABASE_URL"):
        raise CommandError("DATABASE_URL is set: that server is used, not the embedded one", code=USAGE)
    return server()
