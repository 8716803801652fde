"""Keeping the record of a rehearsal in the database: entries, seals, and the proofs of its dossiers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction

from panro.proof.chain import utc_text
from panro.record.actions import record_round, seal_pending
from panro.record.models import Entry, Seal, SealedEntry
from panro.record.queries import proof_of
from panro.rehearsal.recorder import DossierRecorder
from panro.site.rehearsing.telling import TELLER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from panro.proof.chain import Proof
    from panro.rehearsal.round_run import RoundRun

PATIENCE: Final = 60.0  # seconds that other transactions of the server may hold a seal up


class SealError(RuntimeError):
    """An entry could not be sealed: some transaction on the server stays open."""


@dataclass(slots=True)
class RoomsRecorder(DossierRecorder):
    """Writes a round's entries into the record of the database, and seals after each."""

    def frozen(self, run: RoundRun, at: datetime) -> None:
        """Seal what froze the pool, with all that came before."""
        round_id = run.rules.round_id
        entry = Entry.objects.filter(act="pool_frozen", subject=f"round:{round_id}").latest("number")
        self.positions[round_id] = [self._seal(entry, at)]

    def _proof(self, positions: Sequence[int]) -> Proof:
        return proof_of(positions)

    def _enter(self, act: str, at: datetime, count: int, root: str, round_id: str) -> int:
        with transaction.atomic():
            entry = record_round(act, actor=TELLER, at=at, now=at, count=count, root=root, round_id=round_id)
        return self._seal(entry, at)

    def _seal(self, entry: Entry, at: datetime) -> int:
        """Seal until the entry is sealed: whatever still runs on the server may hold it up for a moment."""
        until = time.monotonic() + PATIENCE
        while not SealedEntry.objects.filter(entry=entry).exists():
            if time.monotonic() > until:
                raise SealError(f"entry {entry.number} waits for another transaction on this database server")
            if seal_pending(now=at) is None:
                time.sleep(0.05)
        return entry.number

    def _heads(self) -> Iterable[tuple[int, str, int, str]]:
        for seal in Seal.objects.order_by("number"):
            yield seal.number, utc_text(seal.sealed), seal.count, seal.head
