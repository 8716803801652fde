"""``panro edition export``: write a published year from the database as a folder."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the commands of editions."""
    app.command("export")(export)


def export(
    code: Annotated[str, typer.Argument(help="The code of a published edition, such as 2021.")],
    folder: Annotated[Path, typer.Argument(help="A new or an empty folder.")],
) -> None:
    """Write the published version of a year as a folder; loading it again changes nothing."""
    from panro.site.cli.django import django
    from panro.site.cli.errors import USAGE, CommandError

    with django():
        from panro.editions.actions import NoEditionError
        from panro.editions.actions import export as write
        from panro.rules.edition.problems import EditionError

        try:
            version = write(code, folder)
        except (NoEditionError, EditionError) as refused:
            raise CommandError(str(refused), code=USAGE) from refused
        typer.echo(f"{folder}: edition {code}, version {version.number}, {version.digest}")
