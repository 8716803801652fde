"""A rehearsal through the rooms, from an empty database on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from panro.accounts.models import User
from panro.editions.actions import load_edition_folder, publish
from panro.intake import seams
from panro.rehearsal.desk import version_digest
from panro.rules.edition.write import write_edition
from panro.site.rehearsing.desk import NOON, RoomsDesk
from panro.site.rehearsing.papers import Papers
from panro.site.rehearsing.people import People
from panro.site.rehearsing.recorder import RoomsRecorder

if TYPE_CHECKING:
    from panro.editions.models import EditionVersion
    from panro.rehearsal.state import YearState
    from panro.rules.edition.model import Edition


class OtherEditionError(RuntimeError):
    """What was published reads otherwise than what is rehearsed."""


@dataclass(slots=True)
class DatabaseRooms:
    """The rooms of one rehearsal; the database is empty when it begins."""

    edition: Edition

    def desk(self, state: YearState) -> RoomsDesk:
        """Publish the notice, and open the desk for it."""
        first = min(round_.opens for one in self.edition.programmes for round_ in one.rounds)
        today = first - timedelta(days=1)
        now = datetime.combine(today, NOON)
        officer = User(email="officer@rehearsal.invalid", is_staff=True, date_joined=now)
        officer.set_unusable_password()
        officer.save(force_insert=True)
        desk = RoomsDesk(self._published(now), People(now, today), officer, state, Papers(), now)
        seams.fill(holdings=desk.holdings)
        return desk

    def recorder(self, folder: Path) -> RoomsRecorder:
        """Keep the record in the database, and write dossiers below a folder."""
        return RoomsRecorder(folder)

    def _published(self, now: datetime) -> EditionVersion:
        with TemporaryDirectory() as place:
            folder = Path(place) / self.edition.head.code
            write_edition(self.edition, folder)
            version = publish(load_edition_folder(folder, now=now), now=now)
        if version.digest != version_digest(self.edition):
            raise OtherEditionError(f"{self.edition.head.code} was published as {version.digest}")
        return version
