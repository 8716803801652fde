"""A rehearsal through the rooms, from an empty database on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from panro.accounts.models import User
from panro.editions.actions import load_edition_folder, publish
from panro.rehearsal.desk import version_digest
from panro.rules.edition.write import write_edition
from panro.site.rehearsing import origins
from panro.site.rehearsing.crew import Alone, Processes, Setup, database_url
from panro.site.rehearsing.desk import RoomsDesk
from panro.site.rehearsing.hours import NOON
from panro.site.rehearsing.recorder import RoomsRecorder
from panro.site.rehearsing.room import Room

if TYPE_CHECKING:
    from types import TracebackType

    from panro.editions.models import EditionVersion
    from panro.rehearsal.state import YearState
    from panro.rules.edition.model import Edition
    from panro.site.rehearsing.crew import Crew


class OtherEditionError(RuntimeError):
    """What was published reads otherwise than what is rehearsed."""


@dataclass(slots=True)
class DatabaseRooms:
    """The rooms of one rehearsal; the database is empty when it begins. Those who work in them leave with it."""

    edition: Edition
    processes: int = 1
    """How many take the applicants through; one is this process itself."""
    crew: Crew | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self.crew is not None:
            self.crew.close()
            self.crew = None

    def desk(self, state: YearState) -> RoomsDesk:
        """Publish the notice, and open the desk for it."""
        first = min(round_.opens for one in self.edition.programmes for round_ in one.rounds)
        today = first - timedelta(days=1)
        now = datetime.combine(today, NOON)
        officer = User(email="officer@rehearsal.invalid", is_staff=True, date_joined=now)
        officer.set_unusable_password()
        officer.save(force_insert=True)
        version = self._published(now)
        self.crew = crew = self._crew(Setup(version.pk, officer.pk, now, today))
        return RoomsDesk(version, officer, state, crew, now)

    def recorder(self, folder: Path) -> RoomsRecorder:
        """Keep the record in the database, and write dossiers below a folder."""
        return RoomsRecorder(folder)

    def sources(self, lang: str) -> str:
        """Say in one line whence the vault knows what it knows."""
        return origins.line(origins.counted(), lang)

    def _crew(self, setup: Setup) -> Crew:
        if self.processes == 1:
            return Alone(Room.of(setup))
        return Processes.started(setup, self.processes, database_url())

    def _published(self, now: datetime) -> EditionVersion:
        with TemporaryDirectory() as place:
            folder = Path(place) / self.edition.head.code
            write_edition(self.edition, folder)
            version = publish(load_edition_folder(folder, now=now), now=now)
        if version.digest != version_digest(self.edition):
            raise OtherEditionError(f"{self.edition.head.code} was published as {version.digest}")
        return version
