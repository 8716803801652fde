"""``panro edition``: check a year's data and compare two of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from panro.site.cli import edition_export

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from panro.rules.edition.diff import Change
    from panro.rules.edition.model import Edition
    from panro.rules.edition.problems import Problem
    from panro.rules.edition.programme import Programme

type Language = Literal["ko", "en"]

edition_app = typer.Typer(help="Check a year's data and compare two of them.", no_args_is_help=True)

_Place = Annotated[str, typer.Argument(help="A folder with edition.toml, or the code of a year that comes with panro.")]
_Language = Annotated[Literal["ko", "en"], typer.Option(help="Language of names and sentences.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    edition_export.register(edition_app)
    app.add_typer(edition_app, name="edition")


@edition_app.command()
def check(edition: _Place, language: _Language = "en") -> None:
    """Check a year and list its programmes: exit 1 if something must be mended."""
    from rich.console import Console

    from panro.rules.edition.check import check_edition

    loaded = _load(edition)
    report = check_edition(loaded)
    console = Console(highlight=False, soft_wrap=True)
    _print_problems(report.errors, style="red")
    _print_problems(report.warnings, style="yellow")
    if report.errors:
        raise typer.Exit(1)
    _print_year(loaded, language, console)


@edition_app.command()
def diff(before: _Place, after: _Place, language: _Language = "en") -> None:
    """Say in words what changed from one year to another."""
    from rich.console import Console

    from panro.rules.edition.diff import diff_editions

    old, new = _load(before), _load(after)
    console = Console(highlight=False, soft_wrap=True)
    changes = diff_editions(old, new)
    if not changes:
        console.print("변경 없음" if language == "ko" else "Nothing changed.")
    _print_changes(changes, {p.code: p for p in [*old.programmes, *new.programmes]}, language, console)


def _load(path_or_code: str) -> Edition:
    from panro.rules.edition.load import built_in_editions, load_edition
    from panro.rules.edition.problems import EditionError

    codes = built_in_editions()
    if path_or_code not in codes and not Path(path_or_code).is_dir():
        raise typer.BadParameter(f"'{path_or_code}' is neither a folder nor one of the years: {', '.join(codes)}")
    try:
        return load_edition(path_or_code)
    except EditionError as error:
        _print_problems(error.problems, style="red")
        raise typer.Exit(1) from error


def _print_problems(problems: Sequence[Problem], *, style: str) -> None:
    from rich.console import Console

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for problem in problems:
        console.print(str(problem), style=style, markup=False)


def _print_year(edition: Edition, language: Language, console: Console) -> None:
    head = edition.head
    console.print(f"{head.code} {head.name.text.in_(language)}", style="bold", markup=False)
    console.print(f"{head.window.opens} – {head.window.closes}", markup=False)
    console.print(_programme_table(edition.programmes, language))


_HEADINGS = {
    "en": ("Code", "Programme", "Quota", "Dates", "Method", "Rounds", "Kinds of support"),
    "ko": ("코드", "사업", "규모", "접수", "선정 방식", "차수", "지원 종류"),
}
_RIGHT = ("Quota", "Rounds")
_LEAST_WIDTHS = {"Code": 4, "Programme": 15, "Quota": 9, "Dates": 7, "Method": 8, "Rounds": 6, "Kinds of support": 13}


def _programme_table(programmes: Sequence[Programme], language: Language) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for name, heading in zip(_HEADINGS["en"], _HEADINGS[language], strict=True):
        justify: Literal["left", "right"] = "right" if name in _RIGHT else "left"
        table.add_column(heading, justify=justify, min_width=_LEAST_WIDTHS[name], overflow="fold")
    for programme in programmes:
        table.add_row(*_row(programme, language))
    return table


def _row(programme: Programme, language: Language) -> list[str]:
    from rich.markup import escape

    from panro.rules.edition.words import VALUES

    methods = dict.fromkeys(round_.method or programme.method for round_ in programme.rounds)
    kinds = dict.fromkeys(kind.kind for kind in programme.kinds)
    days = [day for round_ in programme.rounds for day in (round_.opens, round_.closes)]
    return [
        programme.code,
        escape(programme.name.text.in_(language)),
        _quota(programme, language),
        f"{min(days):%m-%d} – {max(days):%m-%d}" if days else "–",
        ", ".join(VALUES[method].in_(language) for method in methods or [programme.method]),
        str(len(programme.rounds)),
        ", ".join(VALUES[kind].in_(language) for kind in kinds),
    ]


def _quota(programme: Programme, language: Language) -> str:
    from panro.rules.edition.words import VALUES

    if programme.quota is None:
        return "–"
    unit = VALUES[programme.unit].in_(language)
    return f"{programme.quota:,}{unit}" if language == "ko" else f"{programme.quota:,} {unit}"


def _print_changes(
    changes: Sequence[Change], programmes: dict[str, Programme], language: Language, console: Console
) -> None:
    heading: str | None = ""
    for change in changes:
        if change.programme != heading:
            heading = change.programme
            name = programmes[heading].name.text.in_(language) if heading else ""
            console.print(f"{heading} {name}" if heading else "edition.toml", style="bold", markup=False)
        console.print(f"  {change.sentence.in_(language)}", markup=False)
