"""One round of one programme as its notice prints it: what every act asks for days, tracks and papers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from panro.editions.documents import edition_of
from panro.editions.models import EditionVersion
from panro.intake.errors import UnknownRoundError, WrongApplicantError, WrongTrackError
from panro.rules.eligibility.ask import prepare
from panro.rules.freeze import ONLY_TRACK
from panro.ui.clock import day_of, pretended_day

if TYPE_CHECKING:
    from datetime import date, datetime

    from panro.rules.edition.model import Edition
    from panro.rules.edition.parts import ApplicantType
    from panro.rules.edition.programme import Programme, Round, Track
    from panro.rules.eligibility.ask import Questions


@dataclass(frozen=True, slots=True)
class Call:
    """A round with its programme and year."""

    digest: str
    """Of the version of the notice."""
    edition: Edition
    programme: Programme
    round_: Round

    @property
    def questions(self) -> Questions:
        """The rules of the round, ready to be asked; prepared once per process."""
        return _questions(self.digest, self.programme.code, self.round_.code)

    @property
    def key(self) -> str:
        """Edition and programme, as consents name them: ``2021/3-1``."""
        return f"{self.edition.head.code}/{self.programme.code}"

    @property
    def round_id(self) -> str:
        """Edition, programme and round, as a dossier names them: ``2021/3-1/R1``."""
        return f"{self.key}/{self.round_.code}"

    def receipt_no(self, number: int) -> str:
        """The number printed on the n-th receipt of the round."""
        return f"{self.edition.head.code}-{self.programme.code}-{self.round_.code}-{number:06d}"

    def tracks_for(self, applicant_type: str) -> list[Track]:
        """The tracks of this round that are for a type of applicant."""
        return [
            track
            for track in self.programme.tracks_of(self.round_)
            if track.applicants is None or applicant_type in track.applicants
        ]

    def type_of(self, wanted: str) -> ApplicantType:
        """Return the type of applicant if it may apply.

        Raises:
            WrongApplicantError: it may not.
        """
        for applicant in self.programme.applicants:
            if applicant.type == wanted:
                return applicant.type
        raise WrongApplicantError

    def check_track(self, track: str, applicant_type: str) -> None:
        """Refuse a track that this applicant cannot choose; empty is "not chosen yet".

        Raises:
            WrongTrackError: it cannot be chosen.
        """
        if track and track not in {one.code for one in self.tracks_for(applicant_type)}:
            raise WrongTrackError

    def track_of_receipt(self, track: str) -> str:
        """The track as a receipt names it: a programme without tracks has one, ``all``."""
        return track or ONLY_TRACK


def call_of(version: EditionVersion, programme: str, round_code: str) -> Call:
    """Return a round of a version; no query once a process has read the version's document.

    Raises:
        UnknownRoundError: the notice has none of this name.
    """
    return call_under(version.digest, programme, round_code)


def call_under(digest: str, programme: str, round_code: str) -> Call:
    """Return a round of the version with a digest; as `call_of`."""
    edition = edition_of(EditionVersion(digest=digest))
    try:
        found = edition.programme(programme)
        return Call(digest, edition, found, found.round(round_code))
    except KeyError:
        raise UnknownRoundError(f"{programme} {round_code}") from None


def day_for(now: datetime, today: date | None) -> date:
    """The day in Seoul that counts: the one given, the one a demo pretends, or that of the moment."""
    return today or pretended_day() or day_of(now)


@lru_cache(maxsize=128)
def _questions(digest: str, programme: str, round_code: str) -> Questions:
    call = call_under(digest, programme, round_code)
    return prepare(call.edition, call.programme, call.round_)
