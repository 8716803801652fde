"""The running site on which pages are measured: a database of its own, an edition, the real web server, on loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from panro.site.ports import answers, first_free
from panro.site.postgres import EmbeddedPostgres
from panro.site.web import server_command, worker_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

HOST = "127.0.0.1"
EDITION = "2021"
PRETENDED_DAY = "2021-04-01"
WORKERS = 2
_TICKS = os.sysconf("SC_CLK_TCK")
_STARTED_WITHIN = 60.0
_STOPPED_WITHIN = 15.0


class Site:
    """A site that lives as long as one measurement; everything it keeps lies in ``folder``.

    Entered before anything of Django is imported, because the settings are read from the environment.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._server = EmbeddedPostgres(folder / "postgres")
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        """Start the database, fill it with tables and the edition, collect what browsers load."""
        self._server.start()
        os.environ |= {
            "PANRO_VAR": str(self.folder),
            "PANRO_PRETENDED_DAY": PRETENDED_DAY,
            "DATABASE_URL": self.database,
            "DJANGO_SETTINGS_MODULE": "panro.site.settings",
        }
        for name in ("PANRO_HOSTS", "PANRO_CLAMD", "PANRO_TAX_SERVICE_KEY", "PANRO_SMTP_HOST", "PANRO_S3_BUCKET"):
            os.environ.pop(name, None)
        try:
            self._prepare()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything and remove the database."""
        for name in list(self._children):
            self.stop(name)
        self._server.destroy()

    @property
    def database(self) -> str:
        """Address of the database."""
        return self._server.url()

    def serve(self) -> None:
        """Start the web server as a deployment does, and ask it for one page so that its processes are warm."""
        self.port = first_free(HOST, 8700)
        self.start("web", server_command(host=HOST, port=self.port, workers=WORKERS), port=self.port)

    def restart(self) -> None:
        """Have the web server read the environment anew."""
        self.stop("web")
        self.serve()

    def work(self) -> None:
        """Start the worker that runs queued tasks."""
        self.start("worker", worker_command())

    def start(self, name: str, command: list[str], *, port: int = 0) -> None:
        """Start a process of the site and wait until it listens on ``port``, if it does.

        Raises:
            SystemExit: it ended, or does not listen after a minute; what it printed is in ``folder``.
        """
        log = self.folder / f"{name}.log"
        setpriv = shutil.which("setpriv")
        dies_with_us = [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
        whole = [*dies_with_us, *command]
        with log.open("ab") as out:
            child = subprocess.Popen(whole, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
        self._children[name] = child
        until = time.monotonic() + _STARTED_WITHIN
        while port and not answers(HOST, port):
            if child.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{name} does not answer:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    def stop(self, name: str) -> None:
        """Stop a process that :meth:`start` started."""
        child = self._children.pop(name)
        child.terminate()
        try:
            child.wait(_STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def processor(self) -> float:
        """Processor seconds that the web server and the database have used so far, in all their processes."""
        database = self._server.status().pid
        return tree_seconds(self._children["web"].pid) + (tree_seconds(database) if database else 0.0)

    def load(self, plan: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        """Have a process of its own send requests as ``plan`` says (see ``clients.py``); returns what it measured."""
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("clients.py"))],
            input=json.dumps(plan | {"port": self.port, "seconds": seconds}).encode(),
            capture_output=True,
            check=False,
            timeout=seconds + 120,
        )
        if done.returncode:
            raise SystemExit(done.stderr.decode(errors="replace"))
        return cast("dict[str, Any]", json.loads(done.stdout))

    def _prepare(self) -> None:
        import django  # noqa: PLC0415 - the settings are read from the environment made above

        django.setup()
        from django.conf import settings  # noqa: PLC0415 - same
        from django.core.management import call_command  # noqa: PLC0415 - same
        from django.test import override_settings  # noqa: PLC0415 - same
        from django.utils import timezone  # noqa: PLC0415 - same

        from panro.editions.actions import load_edition_folder, publish  # noqa: PLC0415 - same
        from panro.site.tables import migrate_all  # noqa: PLC0415 - same

        migrate_all(verbosity=0)
        plain = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
        with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):  # compressing them takes minutes
            call_command("collectstatic", interactive=False, verbosity=0)
        publish(load_edition_folder(EDITION, now=timezone.now()), now=timezone.now())


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Have a site with its web server running."""
    folder.mkdir(parents=True)
    with Site(folder) as site:
        site.serve()
        yield site


def tree_seconds(root: int) -> float:
    """Processor seconds of a process, of those under it, and of those under it that have ended."""
    parents, ticks = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            parents[int(entry.name)] = int(fields[1])
            ticks[int(entry.name)] = sum(map(int, fields[11:15]))
    under, grown = {root}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in under} - under
        under |= more
        grown = bool(more)
    return sum(ticks.get(process, 0) for process in under) / _TICKS
