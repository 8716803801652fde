"""The demonstration: everything on this machine, for this machine alone.

Steps run in the order of :func:`steps`; each says what it does and how long it took. A step must be quick when
there is nothing left to do, because a second start runs them all again.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation
from django.utils.translation import gettext as _
from rich.console import Console

from panro.site import demo_world, standins
from panro.site.ports import first_free
from panro.site.static_files import collect
from panro.site.tables import migrate_all
from panro.site.terminal import terminal_language
from panro.site.web import server_command, worker_command

if TYPE_CHECKING:
    from collections.abc import Callable

    from panro.site.supervisor import Supervisor

HOST = "127.0.0.1"
_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``run`` returns a few words on what came of it, or nothing."""

    title: str
    run: Callable[[], str]


def steps() -> list[Step]:
    """Everything that happens before the address is printed, in order."""
    return [
        Step(_("Bringing the database up to date"), _migrate),
        Step(_("Collecting the files of pages"), _collect),
        *(Step(title, run) for title, run in demo_world.steps()),
    ]


def run(supervisor: Supervisor, *, first_port: int) -> None:
    """Prepare, serve, and watch until interrupted. The caller holds the database.

    Raises:
        ImproperlyConfigured: the settings are those of a public site.
        ChildEndedError: a process ended by itself.
    """
    if settings.IS_PUBLIC:
        raise ImproperlyConfigured("PANRO_HOSTS is set: a demonstration never runs on a public site; unset it")
    os.environ["PANRO_PRETENDED_DAY"] = demo_world.PRETENDED_DAY.isoformat()  # for the children
    console = Console(highlight=False)
    with translation.override(terminal_language()):
        for step in steps():
            _show(console, step)
        port = first_free(HOST, first_port)
        os.environ["PANRO_ADDRESS"] = f"http://localhost:{port}"  # for the children
        outside = list(standins.stand_ins(settings.VAR / "letters", site_port=port))
        try:
            standins.start(supervisor, outside)
            supervisor.start(_("web server"), server_command(host=HOST, port=port, workers=_WORKERS))
            supervisor.start(_("worker"), worker_command())
            supervisor.wait_until_answering(HOST, port)
            _greet(console, port, outside)
            supervisor.wait()
        finally:
            console.print(_("Stopping. The data stays in {folder}.").format(folder=settings.VAR))
            supervisor.stop()  # before the database they use


def _migrate() -> str:
    migrate_all(verbosity=0)
    return ""


def _collect() -> str:
    return "" if collect() else _("unchanged")


def _show(console: Console, step: Step) -> None:
    began = time.monotonic()
    with console.status(f"{step.title} …"):
        result = step.run()
    seconds = f"{time.monotonic() - began:.1f} s"
    console.print(f"[green]✓[/green] {step.title}" + (f": {result}" if result else "") + f" [dim]({seconds})[/dim]")


def _greet(console: Console, port: int, outside: list[standins.StandIn]) -> None:
    console.print()
    # By name, because a browser offers no passkeys on a numeric address.
    console.print(f"[bold]{_('Panro is running:')} http://localhost:{port}/[/bold]")
    for line in demo_world.what_to_look_at():
        console.print(f"  • {line}")
    console.print(f"  • {_('Nothing leaves this machine. What would have been sent is shown here:')}")
    for one in outside:
        if one.shows:
            console.print(f"      {one.name}: {one.shows}")
    console.print()
    console.print(_("Ctrl-C stops it."))
