"""Keeping what a rehearsed year leaves behind: the record with its seals, and the dossiers of every round."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from panro.dossier.write import Dossier, render, write_auditor, write_public
from panro.proof.chain import Chain, Entry, utc_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from panro.dossier.model import RoundRecord
    from panro.proof.canonical import Json
    from panro.proof.chain import Proof
    from panro.rehearsal.round_run import RoundRun

HEADS_FILE: Final = "heads.csv"
SUMMARY_FILE: Final = "rehearsal.json"


@dataclass(frozen=True, slots=True)
class WrittenDossier:
    """A dossier that was written: its folder below the rehearsal's, its root, and the head that authenticates it."""

    folder: str
    root: str
    head: str


@dataclass(frozen=True, slots=True)
class _Published:
    """A dossier ready to be written, with its proof."""

    dossier: Dossier
    proof: Proof


@dataclass(slots=True)
class DossierRecorder:
    """Keeps one record for the whole year and writes every round's dossiers below ``folder``.

    A round's folder is ``PROGRAMME/ROUND`` with ``public`` and ``auditor``; an addendum lies in ``addendum-1`` beside
    them. The record is sealed after every act, so that each act has a head that can be published that day.
    """

    folder: Path
    chain: Chain = field(default_factory=Chain)
    sealed_at: list[str] = field(default_factory=list)
    positions: dict[str, list[int]] = field(default_factory=dict)
    waiting: dict[str, _Published] = field(default_factory=dict)
    written: list[WrittenDossier] = field(default_factory=list)

    def frozen(self, run: RoundRun, at: datetime) -> None:
        """Enter the pool's root and size."""
        round_id = run.rules.round_id
        self.positions[round_id] = [self._enter("pool_frozen", at, len(run.receipts), run.pool_root, round_id)]

    def sealed(self, run: RoundRun, at: datetime) -> None:
        """Enter the root of all scores of the evaluation."""
        record = run.final
        count = sum(score.phase == 0 for score in record.scores)
        round_id = run.rules.round_id
        self.positions[round_id].append(self._enter("evaluation_sealed", at, count, record.draw.scores_root, round_id))

    def published(self, run: RoundRun, at: datetime) -> str:
        """Enter the dossier's root; it is written once it is known whether offers follow."""
        self.waiting[run.rules.round_id] = self._publish(run.final, at)
        return self.waiting[run.rules.round_id].dossier.root

    def settled(self, run: RoundRun, at: datetime) -> None:
        """Write the round's dossier, and its addendum; a dossier to which offers were added is published anew."""
        round_id = run.rules.round_id
        first = self.waiting.pop(round_id)
        place = f"{run.rules.programme}/{run.rules.round}"
        if run.addendum is None and run.final.offers:
            first = self._publish(run.final, at)
        self._write(first, place)
        if run.addendum is not None:
            self._write(self._publish(run.addendum, at), f"{place}/addendum-1")
        del self.positions[round_id]

    def write_heads(self) -> None:
        """Write the heads as they were published, day by day."""
        place = self.folder / "record"
        place.mkdir(parents=True)
        with (place / HEADS_FILE).open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("number", "at", "entries", "head"))
            rows.writerows(self._heads())

    def _heads(self) -> Iterable[tuple[int, str, int, str]]:
        return (
            (seal.number, at, seal.count, seal.head) for at, seal in zip(self.sealed_at, self.chain.seals, strict=True)
        )

    def _publish(self, record: RoundRecord, at: datetime) -> _Published:
        round_id = record.rules.round_id
        dossier = render(record)
        selected = sum(result.outcome == "selected" for result in record.results)
        position = self._enter("round_published", at, selected, dossier.root, round_id)
        return _Published(dossier, self._proof([*self.positions[round_id], position]))

    def _proof(self, positions: Sequence[int]) -> Proof:
        return self.chain.proof(positions)

    def _enter(self, act: str, at: datetime, count: int, root: str, round_id: str) -> int:
        position = self.chain.append(Entry.of_round(act, at=at, count=count, root=root, round_id=round_id))
        self.chain.seal()
        self.sealed_at.append(utc_text(at))
        return position

    def _write(self, published: _Published, place: str) -> None:
        for kind, write in (("public", write_public), ("auditor", write_auditor)):
            write(published.dossier, published.proof, self.folder / place / kind)
            self.written.append(WrittenDossier(f"{place}/{kind}", published.dossier.root, published.proof.head))


def write_summary(folder: Path, summary: Mapping[str, Json], written: Sequence[WrittenDossier]) -> None:
    """Write what the rehearsal was run on, what came of it, and which head authenticates which dossier."""
    dossiers: list[Json] = [{"folder": one.folder, "root": one.root, "head": one.head} for one in written]
    text = json.dumps({**summary, "dossiers": dossiers}, ensure_ascii=False, indent=2)
    (folder / SUMMARY_FILE).write_text(text + "\n", encoding="utf-8")
