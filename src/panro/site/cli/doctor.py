"""``panro doctor``: whether everything that the database cannot hold by itself still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from panro.site.cli.django import django

if TYPE_CHECKING:
    from panro.record.doctor import Finding


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    thorough: Annotated[  # noqa: FBT002 - an option
        bool, typer.Option("--thorough", help="Also read every stored byte; this takes long.")
    ] = False,
) -> None:
    """Check the invariants of every room, the seals of the record above all; nothing is changed.

    Exit 0: all hold. Exit 1: the broken places are named.
    """
    with django():
        from panro.record.doctor import examine

        count = broken = 0
        for finding in examine(slow=thorough):
            count += 1
            broken += bool(finding.broken)
            _show(finding)
    typer.echo(f"{count} checks, {broken} broken" if broken else f"{count} checks, all hold")
    if broken:
        raise typer.Exit(1)


def _show(finding: Finding) -> None:
    typer.echo(f"{'✗' if finding.broken else '✓'} {finding.check.name}")
    for place in finding.broken:
        typer.echo(f"    {place.where}: expected {place.expected}, found {place.found}")
    if finding.more:
        typer.echo("    … and more")
