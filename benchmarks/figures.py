"""The measurements: each gives figures with a floor measured beside it."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from rounds import big_cases, big_rules, written_round

from panro.proof.hashing import tagged_hash
from panro.rehearsal.population import default_population
from panro.rehearsal.rehearse import Options, rehearse
from panro.rules.edition.load import load_edition
from panro.rules.selection.aggregation import StageScores
from panro.rules.selection.outcome import select_round
from panro.rules.selection.ranking import rank
from panro.rules.selection.standing import stand
from panro.verifier import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from panro.rules.selection.model import Case
    from panro.rules.selection.round_rules import RoundRules
    from panro.rules.selection.standing import StageOutcome

MIB = 1024


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: seconds for a size, the limit set for it, and the floor that was measured beside it.

    ``processor`` is the processor's time in seconds, which says more where other work shares the machine.
    """

    what: str
    size: int
    seconds: float
    processor: float
    limit: float | None
    floor: str
    floor_seconds: float
    memory: float | None = None

    @property
    def ratio(self) -> float:
        """How many times the floor it takes."""
        return self.seconds / self.floor_seconds if self.floor_seconds else float("inf")

    @property
    def holds(self) -> bool:
        """Whether the limit was kept."""
        return self.limit is None or self.seconds <= self.limit


def million(size: int, scratch: Path) -> list[Figure]:
    """Ranking one very large round."""
    del scratch
    rules, cases, outcomes, seed = _evaluated(size)
    took, _ = timed(lambda: select_round(rules, cases, outcomes, seed))
    floor = _sorting(rules, cases, outcomes, seed)
    what = "one round ranked, places given, outcomes with reasons"
    return [Figure(what, size, *took, 10, "sorting the same keys", floor.seconds, peak())]


def proper(size: int, scratch: Path) -> list[Figure]:
    """Selection proper: ranking, places, outcomes."""
    del scratch
    rules, cases, outcomes, seed = _evaluated(size)
    took, _ = timed(lambda: select_round(rules, cases, outcomes, seed))
    floor = _sorting(rules, cases, outcomes, seed)
    return [Figure("selection proper", size, *took, 3, "sorting the same keys", floor.seconds)]


def dossiers(size: int, scratch: Path) -> list[Figure]:
    """Verifying a large dossier in plain Python."""
    head = written_round(size, scratch / "round")
    figures = []
    for kind in ("public", "auditor"):
        folder = scratch / "round" / kind
        floor, _ = timed(partial(_hash_files, folder))
        took, report = timed(partial(verify, folder, head))
        if report.difference is not None:
            raise SystemExit(f"{kind}: {report.difference}")
        figures.append(Figure(f"{kind} dossier verified", size, *took, 10, "hashing its bytes", floor.seconds, peak()))
    return figures


def year(size: int, scratch: Path) -> list[Figure]:
    """Rehearsing a whole year with all scores and both dossiers of every round."""
    edition, population = load_edition("2021"), default_population()
    folder = scratch / "year"
    options = Options(size, 1, folder)
    took, done = timed(lambda: rehearse(edition, population, options, timer=time.perf_counter))
    most = peak()
    floor, count = timed(lambda: _hash_lines(folder))
    applied = sum(tally.applied for tally in done.tallies)
    what = f"year of {size:,} companies ({applied:,} applications, {count / 1_000_000:.0f} MB of dossiers)"
    return [Figure(what, size, *took, 120, "hashing the same files and lines", floor.seconds, most)]


def _evaluated(size: int) -> tuple[RoundRules, list[Case], list[StageOutcome], str]:
    rules = big_rules(size)
    cases, scores = big_cases(size)
    outcome = stand(rules.stages[0], StageScores(scores, {number: (units,) for number, units in scores.items()}, {}))
    return rules, cases, [outcome], tagged_hash("bench", "seed")


def _sorting(rules: RoundRules, cases: list[Case], outcomes: list[StageOutcome], seed: str) -> Time:
    """Time the sorting of the very keys, in the order in which the applicants stand in the pool."""
    ranking = rank(rules, cases, outcomes, seed)
    took, _ = timed(lambda: sorted(ranking.keys))
    return took


def _hash_files(folder: Path) -> int:
    return sum(len(sha256(path.read_bytes()).digest()) for path in folder.rglob("*") if path.is_file())


def _hash_lines(folder: Path) -> int:
    """Hash every file, and every line as a leaf of its tree must be; gives the bytes."""
    count = 0
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            count += len(content)
            sha256(content).hexdigest()
            for line in content.split(b"\n"):
                sha256(line).digest()
    return count


class Time(NamedTuple):
    """How long something took, by the clock on the wall and by the processor's."""

    seconds: float
    processor: float


def timed[Result](work: Callable[[], Result]) -> tuple[Time, Result]:
    began, worked = time.perf_counter(), time.process_time()
    result = work()
    return Time(time.perf_counter() - began, time.process_time() - worked), result


def peak() -> float:
    """Give the process's peak memory so far in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
