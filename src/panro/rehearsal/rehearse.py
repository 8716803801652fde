"""Rehearsing a year: from an edition and a population, or files, to tallies and dossiers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from panro.proof.canonical import encode_text
from panro.proof.hashing import tagged_hash
from panro.proof.quiet import collector_paused
from panro.rehearsal.application_file import ApplicationFile, read_applications
from panro.rehearsal.files import Rejects
from panro.rehearsal.intake import Wishes
from panro.rehearsal.recorder import DossierRecorder, WrittenDossier, write_summary
from panro.rehearsal.score_file import ScoreFile, read_scores
from panro.rehearsal.year import NoRecord, Tally, Year, make_parties
from panro.rules.edition.load import edition_to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from panro.proof.canonical import Json
    from panro.rehearsal.desk import Desk
    from panro.rehearsal.population import Population
    from panro.rehearsal.schedule import Act, RoundPlan
    from panro.rehearsal.state import YearState
    from panro.rules.edition.model import Edition

REJECTS_FILE: Final = "rejects.csv"
_EDITION_TAG: Final = "panro-edition-1"


class Progress(Protocol):
    """Hears how far a rehearsal is."""

    def people(self, made: int) -> None:
        """So many companies have been made."""
        ...

    def act(self, plan: RoundPlan, act: Act) -> None:
        """An act of a round is done."""
        ...


class Silence:
    """Progress that nobody hears."""

    def people(self, made: int) -> None:
        """Say nothing."""

    def act(self, plan: RoundPlan, act: Act) -> None:
        """Say nothing."""


class Rooms(Protocol):
    """The rooms through which a rehearsal goes, if not in memory."""

    def desk(self, state: YearState) -> Desk:
        """Give the desk at which applications are taken in; ``state`` is the year's memory of places held."""
        ...

    def recorder(self, folder: Path) -> DossierRecorder:
        """Give the keeper of the record, which writes dossiers below a folder."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """What a rehearsal is asked for. ``folder`` None keeps nothing; the files take the place of people."""

    companies: int
    seed: int
    folder: Path | None = None
    dossiers: bool = True
    applications: Path | None = None
    scores: Path | None = None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a rehearsal left: a tally per programme, supports by unit, dossiers, and the lines of files left out."""

    edition: Edition
    options: Options
    parties: int
    tallies: tuple[Tally, ...]
    supports: dict[str, int]
    dossiers: tuple[WrittenDossier, ...]
    rejects: Rejects

    @property
    def head(self) -> str:
        """The last head of the record, empty without dossiers."""
        return self.dossiers[-1].head if self.dossiers else ""

    def counted(self, units: Sequence[str]) -> int:
        """Give the supports of some units, to compare with a figure announced for the year."""
        return sum(self.supports.get(unit, 0) for unit in units)


def rehearse(
    edition: Edition,
    population: Population,
    options: Options,
    *,
    timer: Callable[[], float],
    progress: Progress | None = None,
    rooms: Rooms | None = None,
) -> Rehearsal:
    """Carry out a whole year, in memory if no rooms are given through which it goes.

    Args:
        edition: the year.
        population: whom to draw.
        options: how many, which seed, where to.
        timer: gives seconds, for the statement of how long each programme took; decides nothing.
        progress: hears how far it is.
        rooms: where applications are taken in and the record is kept.

    Raises:
        FileError: a file of applications or scores cannot be used at all.
        SelectionError: the edition's rules and the population contradict each other.
    """
    heard = progress or Silence()
    rejects = Rejects()
    given = _applications(edition, options, rejects)
    scores = _scores(edition, options, rejects)
    keeps = options.folder is not None and options.dossiers
    recorder: DossierRecorder | NoRecord = NoRecord()
    if options.folder is not None and keeps:
        recorder = rooms.recorder(options.folder) if rooms is not None else DossierRecorder(options.folder)
    year = Year(edition, population, options.seed, recorder, timer, given, scores, rejects)
    if rooms is not None:
        year.desk = rooms.desk(year.state)
    parties = []
    if given is None:
        parties = make_parties(
            population, edition, seed=options.seed, companies=options.companies, progress=heard.people
        )
    wishes = None if given is not None else Wishes.of(population, options.seed, edition, parties)
    with collector_paused():
        year.run(wishes, heard.act)
    written = tuple(recorder.written) if isinstance(recorder, DossierRecorder) else ()
    if options.folder is not None:
        options.folder.mkdir(parents=True, exist_ok=True)
        if isinstance(recorder, DossierRecorder):
            recorder.write_heads()
        write_summary(options.folder, _summary(edition, population, options, year), written)
        if rejects.rows:
            rejects.write(options.folder / REJECTS_FILE)
    tallies = tuple(year.tallies.values())
    count = len(parties) if given is None else given.count
    return Rehearsal(edition, options, count, tallies, dict(year.held), written, rejects)


def edition_hash(edition: Edition) -> str:
    """Give a hash by which it can be told which data a rehearsal was run on."""
    return tagged_hash(_EDITION_TAG, encode_text(edition_to_json(edition)))


def _applications(edition: Edition, options: Options, rejects: Rejects) -> ApplicationFile | None:
    if options.applications is None:
        return None
    return read_applications(options.applications, edition, options.seed, rejects)


def _scores(edition: Edition, options: Options, rejects: Rejects) -> ScoreFile | None:
    return None if options.scores is None else read_scores(options.scores, edition, rejects)


def _summary(edition: Edition, population: Population, options: Options, year: Year) -> dict[str, Json]:
    return {
        "simulated": True,
        "edition": edition.head.code,
        "edition_hash": edition_hash(edition),
        "population": population.name,
        "companies": options.companies if options.applications is None else None,
        "applications_file": options.applications.name if options.applications is not None else None,
        "scores_file": options.scores.name if options.scores is not None else None,
        "random_seed": options.seed,
        "supports": dict(year.held),
        "programmes": [
            {
                "programme": tally.code,
                "quota": tally.quota,
                "applied": tally.applied,
                "withdrawn": tally.withdrawn,
                "ineligible": dict(sorted(tally.ineligible.items())),
                "lapsed": dict(sorted(tally.lapsed.items())),
                "evaluated": tally.evaluated,
                "selected": tally.selected,
                "waiting": tally.waiting,
                "lost_draws": tally.drawn,
            }
            for tally in year.tallies.values()
        ],
    }
