"""Who does the work of a rehearsal: this process alone, or several beside it, each with its own share of applicants.

An applicant is always looked after by the same process, which has a database connection of its own and remembers the
rows that it made; what belongs to several applicants (numbers of receipts, the pool) is done by the process that waits
for them. Nothing is shared but the database.
"""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final, Protocol, Self, cast
from urllib.parse import quote, urlencode
from zlib import crc32

from panro.site.cli.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from uuid import UUID

    from panro.site.rehearsing.room import Room

    type Reply = tuple[bool, object]

PATIENCE: Final = 10.0  # seconds in which a worker that is no longer needed ends by itself


@dataclass(frozen=True, slots=True)
class Setup:
    """What every process of a rehearsal must know: the notice, the officer, and when everybody registers."""

    version: UUID
    officer: UUID
    now: datetime
    today: date


class WorkerDiedError(CommandError):
    """A worker process ended in the middle of its work: what it was doing is not there."""

    def __init__(self, number: int, status: int | None) -> None:
        why = f"signal {-status}" if status is not None and status < 0 else f"exit status {status}"
        super().__init__(
            f"process {number} of the rehearsal ended in the middle of its work ({why}); the database holds a "
            "rehearsal that was broken off: begin again with --anew (fewer --processes need less memory)"
        )


class Job[R](Protocol):
    """Something to be done for the applicants of one share."""

    def done_by(self, room: Room) -> R:
        """Do it and return what came of it."""
        ...


class Work[R](Protocol):
    """Work that was given out."""

    def results(self) -> list[R]:
        """Wait for it, and return what came of each job, in the order of the shares."""
        ...


class Crew(Protocol):
    """Those who do the work."""

    @property
    def count(self) -> int:
        """Into how many shares the applicants are divided."""
        ...

    def begin[R](self, jobs: Sequence[Job[R]]) -> Work[R]:
        """Give out one job per share; nothing else is given out until its results were fetched."""
        ...

    def close(self) -> None:
        """Send everybody home."""
        ...


def share_of(ref: str, count: int) -> int:
    """Return the share into which an applicant falls, always the same."""
    return crc32(ref.encode()) % count


@dataclass(slots=True)
class Alone:
    """This process does everything by itself."""

    room: Room
    count: int = 1

    def begin[R](self, jobs: Sequence[Job[R]]) -> Work[R]:
        """Do it at once."""
        return _Done([job.done_by(self.room) for job in jobs])

    def close(self) -> None:
        """Go on without work."""


@dataclass(frozen=True, slots=True)
class _Done[R]:
    found: list[R]

    def results(self) -> list[R]:
        return self.found


@dataclass(slots=True)
class Processes:
    """Worker processes, one per share."""

    workers: list[_Worker] = field(default_factory=list)

    @classmethod
    def started(cls, setup: Setup, count: int, url: str) -> Self:
        """Start them side by side; each connects to the database of ``url`` by itself."""
        crew = cls()
        try:
            for number in range(1, count + 1):
                crew.workers.append(_Worker.started(number, setup, url))
        except BaseException:
            crew.close()
            raise
        return crew

    @property
    def count(self) -> int:
        """Into how many shares the applicants are divided."""
        return len(self.workers)

    def begin[R](self, jobs: Sequence[Job[R]]) -> Work[R]:
        """Send each worker its job."""
        for worker, job in zip(self.workers, jobs, strict=True):
            worker.send(job)
        return _Sent(self.workers)

    def close(self) -> None:
        """Hang up; who still works is not waited for long."""
        for worker in self.workers:
            worker.line.close()
        for worker in self.workers:
            worker.process.join(PATIENCE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.process.close()
        self.workers.clear()


@dataclass(frozen=True, slots=True)
class _Sent[R]:
    workers: Sequence[_Worker]

    def results(self) -> list[R]:
        return [cast("R", worker.answer()) for worker in self.workers]


@dataclass(frozen=True, slots=True)
class _Worker:
    """A process and the line to it."""

    number: int
    process: SpawnProcess
    line: Connection[object, Reply]

    @classmethod
    def started(cls, number: int, setup: Setup, url: str) -> Self:
        context = get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=work, args=(there, setup, url), name=f"rehearsal-{number}", daemon=True)
        process.start()
        there.close()  # so that its end of the line is gone when the process is
        return cls(number, process, here)

    def send(self, job: object) -> None:
        try:
            self.line.send(job)
        except OSError as gone:
            raise self._died() from gone

    def answer(self) -> object:
        try:
            is_done, found = self.line.recv()
        except (EOFError, OSError) as gone:
            raise self._died() from gone
        if not is_done:
            raise cast("BaseException", found)
        return found

    def _died(self) -> WorkerDiedError:
        self.process.join(PATIENCE)
        return WorkerDiedError(self.number, self.process.exitcode)


def work(line: Connection[Reply, Job[object]], setup: Setup, url: str) -> None:
    """Do one job after the other until the line is hung up; runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts the rehearsal hangs up
    os.environ["DATABASE_URL"] = url
    from panro.site.cli.django import django  # noqa: PLC0415 - the settings read the address of the database

    with django():
        from panro.site.rehearsing.room import Room  # noqa: PLC0415 - needs the rooms

        room = None
        while (job := _next(line)) is not None:
            reply: Reply
            try:
                room = room or Room.of(setup)
                reply = True, job.done_by(room)
            except Exception as error:  # noqa: BLE001 - told to the process that gave the job, with its way
                reply = False, _portable(error)
            with suppress(OSError):  # nobody waits for it any more
                line.send(reply)


def _next(line: Connection[Reply, Job[object]]) -> Job[object] | None:
    """Return the next job, None when the line was hung up."""
    try:
        return line.recv()
    except (EOFError, OSError):
        return None


def _portable(error: Exception) -> Exception:
    """Return an error as it can be sent to another process, with where it happened."""
    way = "".join(traceback.format_exception(error))
    found: object = None
    with suppress(Exception):  # a class that cannot be made anew from its arguments
        found = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    portable = found if isinstance(found, Exception) else RuntimeError(f"{type(error).__name__}: {error}")
    portable.add_note(way)
    return portable


def database_url() -> str:
    """Return the address of the database to which this process is connected."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by now

    connection.ensure_connection()
    info = connection.connection.info
    where = urlencode({"host": info.host, "port": info.port})
    return (
        f"postgresql://{quote(info.user, safe='')}:{quote(info.password or '', safe='')}@/{quote(info.dbname)}?{where}"
    )
