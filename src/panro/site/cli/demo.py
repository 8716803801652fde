"""``panro demo``: the whole system on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from panro.site.cli.django import django, one_line_errors

_PREPARING = {"ko": "PostgreSQL을 준비하는 중 …", "en": "Preparing PostgreSQL …"}  # the catalogues come with Django


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    port: Annotated[int, typer.Option(help="First port to try.", min=1, max=65535)] = 8000,
) -> None:
    """Prepare a demonstration and serve it to this machine alone until Ctrl-C."""
    from panro.site import demo_database
    from panro.site.supervisor import Supervisor
    from panro.site.terminal import terminal_language

    typer.echo(_PREPARING[terminal_language()])
    with one_line_errors(), Supervisor() as supervisor, demo_database.running(), django():
        from panro.site.demo import run

        run(supervisor, first_port=port)
