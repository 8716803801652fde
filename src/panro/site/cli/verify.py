"""``panro verify``: recompute a round's selection from its dossier."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from panro.site.cli.errors import USAGE, CommandError

_HEAD_LENGTH = 64


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify")(verify)


def verify(
    dossier: Annotated[str, typer.Argument(help="Folder of a dossier.", show_default=False)],
    head: Annotated[str | None, typer.Option(help="Head of the last seal, as published elsewhere.")] = None,
    original: Annotated[
        str | None, typer.Option(help="For an addendum: folder of the dossier that it changes.")
    ] = None,
    lang: Annotated[Literal["ko", "en"], typer.Option(help="Language of the summary.")] = "en",
) -> None:
    """Recompute a selection from its dossier, independently of the program that made it.

    Exit 0: everything agreed. Exit 1: a difference, which is named.
    """
    from pathlib import Path

    from panro import verifier

    for folder in (dossier, original):
        if folder is not None and not Path(folder).is_dir():
            raise CommandError(f"'{folder}' is not a folder; name the folder that holds manifest.json", code=USAGE)
    if head is not None and not (len(head) == _HEAD_LENGTH and set(head) <= set("0123456789abcdef")):
        raise CommandError("--head takes 64 lower-case hexadecimal digits", code=USAGE)
    report = verifier.verify(dossier, head, original)
    typer.echo(verifier.summary(report, lang))
    if not report.ok:
        raise typer.Exit(1)
