"""``panro rehearse``: a whole year on people who exist only in figures, or on applications from a file."""

from __future__ import annotations

import os
import time
from pathlib import Path  # noqa: TC003 - typer reads the annotation when the program runs
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from panro.site.cli.errors import USAGE, CommandError

if TYPE_CHECKING:
    from rich.console import Console

    from panro.rehearsal.rehearse import Options, Rehearsal, Rooms
    from panro.rules.edition.model import Edition

type Language = Literal["ko", "en"]

REJECTED: Final = 3


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rehearse")(rehearse)


def rehearse(  # noqa: PLR0917 - one parameter per option
    edition: Annotated[str, typer.Option(help="A year that comes with panro, or a folder with edition.toml.")] = "2021",
    companies: Annotated[int, typer.Option(help="How many companies there are.", min=1, max=5_000_000)] = 30_000,
    random_seed: Annotated[int, typer.Option(help="The same number gives the same year.")] = 1,
    out: Annotated[Path | None, typer.Option(help="An empty folder for dossiers, record and summary.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="What if? For example 3-1.quota=5000.")
    ] = None,
    scale_places: Annotated[  # noqa: FBT002 - a switch
        bool,
        typer.Option("--scale-places", help="Places in proportion to the companies; 30,000 have all of them."),
    ] = False,
    dossiers: Annotated[bool, typer.Option(help="Write all dossiers.")] = True,  # noqa: FBT002 - a switch
    applications: Annotated[Path | None, typer.Option(help="Applications from a CSV file, instead of people.")] = None,
    scores: Annotated[Path | None, typer.Option(help="Score sheets from a CSV file, instead of reviewers.")] = None,
    through_actions: Annotated[  # noqa: FBT002 - a switch
        bool,
        typer.Option("--through-actions", help="Register, apply and withdraw in a database of its own."),
    ] = False,
    anew: Annotated[  # noqa: FBT002 - a switch
        bool, typer.Option("--anew", help="With --through-actions: throw an earlier rehearsal's database away.")
    ] = False,
    processes: Annotated[
        int | None,
        typer.Option(help="With --through-actions: how many processes; as many as processors unless said.", min=1),
    ] = None,
    lang: Annotated[Literal["ko", "en"], typer.Option(help="Language of names and sentences.")] = "en",
) -> None:
    """Rehearse a whole year: every programme, every round, from intake to objections and the waiting list.

    Exit 3: some lines of a file were left out; rejects.csv tells which and why.
    """
    from panro.rehearsal.rehearse import Options
    from panro.rehearsal.what_if import ChangeError, changed_edition, scaled_edition

    loaded = _load(edition)
    if scale_places:
        loaded = scaled_edition(loaded, companies)
    _check_places(out, applications, scores)
    options = Options(companies, random_seed, out, dossiers, applications, scores)
    console = _console()
    for option, is_given in (("--anew", anew), ("--processes", processes is not None)):
        if is_given and not through_actions:
            raise CommandError(f"{option} belongs to --through-actions", code=USAGE)
    if through_actions:
        if set_ or applications is not None or scores is not None:
            raise CommandError("--through-actions takes neither --set nor files of applications or scores", code=USAGE)
        count = processes or os.process_cpu_count() or 1
        done, sources = _through_rooms(loaded, options, console, lang, anew=anew, processes=count)
        _report(done, console, lang)
        console.print(sources, markup=False, soft_wrap=True)
    elif not set_:
        done = _run(loaded, options, console, lang)
        _report(done, console, lang)
    else:
        try:
            changed = changed_edition(loaded, set_)
        except ChangeError as error:
            raise CommandError(str(error), code=USAGE) from error
        done = _compare(loaded, changed, options, console, lang)
    if done.rejects.rows:
        raise typer.Exit(REJECTED)


def _load(place: str) -> Edition:
    from panro.rules.edition.check import check_edition
    from panro.rules.edition.load import load_edition
    from panro.rules.edition.problems import EditionError

    try:
        loaded = load_edition(place)
    except EditionError as error:
        raise CommandError(_first(error.problems), code=USAGE) from error
    errors = check_edition(loaded).errors
    if errors:
        raise CommandError(_first(errors), code=USAGE)
    return loaded


def _first(problems: object) -> str:
    listed = list(problems) if isinstance(problems, list | tuple) else [problems]
    more = f" (and {len(listed) - 1} more: panro edition check)" if len(listed) > 1 else ""
    return f"{listed[0]}{more}"


def _check_places(out: Path | None, *files: Path | None) -> None:
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CommandError(f"'{out}' is not an empty folder; name a new one", code=USAGE)
    for file in files:
        if file is not None and not file.is_file():
            raise CommandError(f"'{file}' is not a file", code=USAGE)
        if file is not None and out is None:
            raise CommandError("--out is needed with a file: the lines left out are listed there", code=USAGE)


def _console() -> Console:
    from rich.console import Console

    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=150)


def _through_rooms(
    edition: Edition, options: Options, console: Console, lang: Language, *, anew: bool, processes: int
) -> tuple[Rehearsal, str]:
    """Run the year through the rooms, in a database that holds nothing else; also says whence its facts came."""
    from panro.site.cli.django import django, one_line_errors
    from panro.site.rehearsing import database

    with one_line_errors(), database.running(anew=anew), django():
        from panro.site.rehearsing.run import DatabaseRooms
        from panro.site.tables import migrate_all

        migrate_all(verbosity=0)
        with DatabaseRooms(edition, processes) as rooms:
            done = _run(edition, options, console, lang, rooms)
        return done, rooms.sources(lang)


def _run(edition: Edition, options: Options, console: Console, lang: Language, rooms: Rooms | None = None) -> Rehearsal:
    from panro.rehearsal.files import FileError
    from panro.rehearsal.population import default_population
    from panro.rehearsal.rehearse import rehearse as carry_out
    from panro.rules.selection.errors import SelectionError
    from panro.site.cli.rehearsal_progress import shown

    with shown(edition, options, console, lang) as progress:
        try:
            people = default_population()
            return carry_out(edition, people, options, timer=time.perf_counter, progress=progress, rooms=rooms)
        except FileError as error:
            raise CommandError(str(error), code=USAGE) from error
        except SelectionError as error:
            raise CommandError(str(error)) from error


def _report(done: Rehearsal, console: Console, lang: Language) -> None:
    from panro.site.cli.rehearsal_tables import hints, tallies, year_table

    console.print(year_table(done, lang))
    for line in (*tallies(done, lang), *hints(done, lang)):
        console.print(line, markup=False, soft_wrap=True)


def _compare(before: Edition, after: Edition, options: Options, console: Console, lang: Language) -> Rehearsal:
    """Run the year as it is and as it would be, on the same people."""
    from panro.site.cli.rehearsal_tables import comparison_table, hints

    first = _run(before, _below(options, "before"), console, lang)
    second = _run(after, _below(options, "after"), console, lang)
    console.print(comparison_table(first, second, lang))
    for line in hints(second, lang):
        console.print(line, markup=False, soft_wrap=True)
    return second


def _below(options: Options, name: str) -> Options:
    from dataclasses import replace

    return options if options.folder is None else replace(options, folder=options.folder / name)
