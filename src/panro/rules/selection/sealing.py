"""The commitment to every score version, and their common root (selection-spec, 7)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from panro.proof.chain import utc_text
from panro.proof.hashing import ZERO_HASH, framed
from panro.proof.merkle import text_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from decimal import Decimal

    from panro.rules.selection.grid import Grid
    from panro.rules.selection.model import Score
    from panro.rules.selection.round_rules import ScoredStage

SCORE_TAG: Final = "panro-score-1"
_BEGINNING: Final = framed(SCORE_TAG) + framed(ZERO_HASH)[: -len(ZERO_HASH)]


class _PointTexts(dict["Decimal", str]):
    """Points as written, each worked out once."""

    def __init__(self, grid: Grid) -> None:
        super().__init__()
        self._grid = grid

    def __missing__(self, point: Decimal) -> str:
        found = self[point] = self._grid.text(self._grid.units(point))
        return found


class _Framed(dict[str | int, bytes]):
    """Parts of a hash that occur often, framed once."""

    def __missing__(self, part: str | int) -> bytes:
        found = self[part] = framed(part)
        return found


class _FramedTimes(dict["datetime", bytes]):
    """Times as parts of a hash."""

    def __missing__(self, at: datetime) -> bytes:
        found = self[at] = framed(utc_text(at))
        return found


def points_writer(stage: ScoredStage) -> Callable[[Iterable[Decimal]], str]:
    """Give the function that writes points as the dossier does: digits of ``point_step``, joined with ``;``."""
    known = _PointTexts(stage.point_grid)

    def write(points: Iterable[Decimal]) -> str:
        return ";".join([known[point] for point in points])

    return write


def score_sealer(stage: ScoredStage) -> Callable[[Score, str], str]:
    """Give the function from a stage's score version and its receipt to the commitment (salts of 64 digits)."""
    write = points_writer(stage)
    parts, times = _Framed(), _FramedTimes()
    code = framed(stage.code)

    def seal(score: Score, receipt: str) -> str:
        return sha256(
            _BEGINNING
            + score.salt.encode()
            + code
            + parts[receipt]
            + parts[score.reviewer]
            + parts[score.version]
            + parts[score.phase]
            + framed(write(score.points))
            + times[score.at]
        ).hexdigest()

    return seal


def scores_root(commitments: Iterable[str]) -> str:
    """Give the root of the commitments of phase 0, in any order."""
    return text_root(sorted(commitments))
