"""Reading a public dossier's folder for publication (selection-spec, 2). Whether it is right is the verifier's word."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from panro.proof.canonical import Json

MANIFEST: Final = "manifest.json"
RESULTS: Final = (
    "result_no",
    "outcome",
    "reason",
    "detail",
    "step",
    "rank",
    "service",
    "base",
    "bonus",
    "total",
    "draw",
    "position",
)
CASES: Final = ("result_no", "track", "region", "requirement", "reason", "clause", "groups", "bonus", "facts")


class DossierError(ValueError):
    """A folder cannot be published as it is; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class Line:
    """One receipt's row of pool, cases and results together; empty cells are None where a number is meant."""

    result_no: int
    receipt: str
    track: str
    region: str
    outcome: str
    reason: str
    clause: str
    detail: str
    step: str
    rank: int | None
    service: int | None
    base: Decimal | None
    bonus: Decimal | None
    total: Decimal | None
    draw: str
    position: int | None


@dataclass(frozen=True, slots=True)
class StageScore:
    """One row of ``stages.csv``."""

    result_no: int
    stage: str
    score: Decimal
    criteria: tuple[Decimal, ...]
    standing: str


@dataclass(frozen=True, slots=True)
class OfferEvent:
    """One row of ``offers.csv``."""

    seq: int
    on: date
    result_no: int
    event: str


class DossierFolder:
    """A dossier's folder, read file by file when asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def manifest(self) -> Mapping[str, Json]:
        """``manifest.json``."""
        return self._object(MANIFEST)

    @cached_property
    def rules(self) -> Mapping[str, Json]:
        """``rules.json``."""
        return self._object("rules.json")

    @cached_property
    def draw(self) -> Mapping[str, Json]:
        """``draw.json``."""
        return self._object("draw.json")

    @cached_property
    def programme(self) -> Mapping[str, Json]:
        """``programme.json``."""
        return self._object("programme.json")

    @property
    def kind(self) -> str:
        """``public`` or ``auditor``."""
        return text(self.manifest, "kind")

    @property
    def simulated(self) -> bool:
        """Whether it comes from a rehearsal."""
        return self.manifest.get("simulated") is not False

    @property
    def root(self) -> str:
        """The round's root."""
        return text(self.manifest, "root")

    @property
    def head(self) -> str:
        """The head of the last seal in ``proof.json``."""
        seals = cast("list[Mapping[str, Json]]", self._object("proof.json").get("seals") or [])
        if not seals:
            raise DossierError(f"{self.folder}/proof.json: no seals; write the dossier with its proof")
        return text(seals[-1], "head")

    @property
    def number(self) -> int:
        """0, or the number of the addendum."""
        if not (self.folder / "addendum.json").is_file():
            return 0
        return cast("int", self._object("addendum.json")["number"])

    @property
    def amends(self) -> str | None:
        """The root of the publication that an addendum changes."""
        if not (self.folder / "addendum.json").is_file():
            return None
        return text(self._object("addendum.json"), "of")

    def files(self) -> list[str]:
        """All names in the manifest and the manifest, ascending."""
        return sorted([*cast("Mapping[str, Json]", self.manifest["files"]), MANIFEST])

    def lines(self) -> Iterator[Line]:
        """Pool, cases and results, joined row by row; all three have one row per result number."""
        pool = self._rows("pool.csv", ("result_no", "receipt"))
        cases = self._rows("cases.csv", CASES)
        for place, case, row in zip(pool, cases, self._rows("results.csv", RESULTS), strict=True):
            yield Line(
                result_no=int(row["result_no"]),
                receipt=place["receipt"],
                track=case["track"],
                region=case["region"],
                outcome=row["outcome"],
                reason=row["reason"],
                clause=case["clause"],
                detail=row["detail"],
                step=row["step"],
                rank=_whole(row["rank"]),
                service=_whole(row["service"]),
                base=_decimal(row["base"]),
                bonus=_decimal(row["bonus"]),
                total=_decimal(row["total"]),
                draw=row["draw"],
                position=_whole(row["position"]),
            )

    def stages(self) -> Iterator[StageScore]:
        """Every participant's score at every stage."""
        for row in self._rows("stages.csv", ("stage", "result_no", "score", "criteria", "standing")):
            yield StageScore(
                result_no=int(row["result_no"]),
                stage=row["stage"],
                score=Decimal(row["score"]),
                criteria=tuple(Decimal(mean) for mean in row["criteria"].split(";")),
                standing=row["standing"],
            )

    def offers(self) -> Iterator[OfferEvent]:
        """What became of the places after publication."""
        for row in self._rows("offers.csv", ("seq", "on", "result_no", "event")):
            yield OfferEvent(int(row["seq"]), date.fromisoformat(row["on"]), int(row["result_no"]), row["event"])

    def outcomes(self) -> Counter[str]:
        """How many receipts had which outcome."""
        return Counter(row["outcome"] for row in self._rows("results.csv", RESULTS))

    def _object(self, name: str) -> Mapping[str, Json]:
        try:
            found = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise DossierError(f"{self.folder}: no {name}; give the folder of a dossier") from None
        except ValueError as error:
            raise DossierError(f"{self.folder}/{name}: not JSON ({error})") from error
        if not isinstance(found, dict):
            raise DossierError(f"{self.folder}/{name}: expected an object")
        return found

    def _rows(self, name: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != columns:
                raise DossierError(f"{self.folder}/{name}: columns {reader.fieldnames}, expected {list(columns)}")
            yield from reader


def text(source: Mapping[str, Json], key: str) -> str:
    """A text under a key; raises DossierError where there is none."""
    value = source.get(key)
    if not isinstance(value, str):
        raise DossierError(f"{key}: expected a text, found {value!r}")
    return value


def _whole(cell: str) -> int | None:
    return int(cell) if cell else None


def _decimal(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None
