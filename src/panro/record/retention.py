"""Destroying personal data whose term is over, by the terms in ``data/retention.toml``.

What was committed to stays in its sealed entry, and the destruction is an entry itself (Personal Information
Protection Act, art. 21).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Q

from panro.korea.text import Text
from panro.record.actions import record
from panro.record.models import AccessNote, Payload

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

ACTOR: Final = "system:retention"
BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Term:
    """How long something is kept: years, the law it rests on, and whether the number is the operator's own choice."""

    years: int
    law: Text
    chosen: bool

    def cutoff(self, now: datetime) -> datetime:
        """What was written before this moment has outlived its term (29 February counts as 1 March)."""
        try:
            return now.replace(year=now.year - self.years)
        except ValueError:
            return now.replace(year=now.year - self.years, month=3, day=1)


@dataclass(frozen=True, slots=True)
class PayloadKind:
    """Acts whose personal part is kept for the same term."""

    code: str
    acts: tuple[str, ...]
    term: Term

    def fits(self, act: str) -> bool:
        """Whether an act belongs here, as far as this kind's own patterns say."""
        return any(act == pattern or _is_prefix(pattern, act) for pattern in self.acts)

    def condition(self) -> Q:
        """The same as a condition on entries."""
        wanted = Q()
        for pattern in self.acts:
            if pattern == "*":
                return Q()
            name = pattern.removesuffix("*")
            wanted |= Q(entry__act__startswith=name) if pattern.endswith("*") else Q(entry__act=name)
        return wanted


@dataclass(frozen=True, slots=True)
class Terms:
    """All terms, the kinds in the order in which they are asked."""

    access_log: Term
    payloads: tuple[PayloadKind, ...]

    def kind_of(self, act: str) -> PayloadKind:
        """Return the kind to which an act belongs; the last takes all."""
        return next(kind for kind in self.payloads if kind.fits(act))


@cache
def terms() -> Terms:
    """Return the terms of this system.

    Raises:
        ValueError: the file does not end with a kind that takes every act.
    """
    written = tomllib.loads((files("panro.record") / "data" / "retention.toml").read_text(encoding="utf-8"))
    kinds = tuple(PayloadKind(row["code"], tuple(row["acts"]), _term(row)) for row in written["payload"])
    if kinds[-1].acts != ("*",) or any("*" in kind.acts for kind in kinds[:-1]):
        raise ValueError("retention.toml: the last kind, and only it, must take every act")
    return Terms(_term(written["access_log"]), kinds)


def destroy_outlived(*, now: datetime) -> int:
    """Destroy what has outlived its term, in batches of a transaction each; returns how many rows are gone.

    Safe to run twice or side by side: rows that another process has taken are left to it.
    """
    found = terms()
    destroyed = 0
    for number, kind in enumerate(found.payloads):
        while count := _destroy_payloads(kind, found.payloads[:number], now=now):
            destroyed += count
    while count := _destroy_access_notes(found.access_log, now=now):
        destroyed += count
    return destroyed


@transaction.atomic
def _destroy_payloads(kind: PayloadKind, earlier: Sequence[PayloadKind], *, now: datetime) -> int:
    old = Payload.objects.filter(kind.condition(), entry__recorded__lt=kind.term.cutoff(now))
    for other in earlier:
        old = old.exclude(other.condition())
    rows = old.order_by("entry_id").select_for_update(skip_locked=True, of=("self",))
    numbers = list(rows.values_list("entry_id", flat=True)[:BATCH])
    if numbers:
        Payload.objects.filter(entry__in=numbers).delete()
        record(
            "payloads_destroyed",
            actor=ACTOR,
            subject=f"retention:{kind.code}",
            at=now,
            now=now,
            public={"entries": [*numbers], "law": kind.term.law.ko, "years": kind.term.years},
        )
    return len(numbers)


@transaction.atomic
def _destroy_access_notes(term: Term, *, now: datetime) -> int:
    cutoff = term.cutoff(now)
    old = AccessNote.objects.filter(recorded__lt=cutoff).order_by("recorded").select_for_update(skip_locked=True)
    lines = list(old.values_list("id", flat=True)[:BATCH])
    if lines:
        AccessNote.objects.filter(pk__in=lines).delete()
        record(
            "access_notes_destroyed",
            actor=ACTOR,
            subject="retention:access_log",
            at=now,
            now=now,
            public={"count": len(lines), "law": term.law.ko, "years": term.years},
        )
    return len(lines)


def _is_prefix(pattern: str, act: str) -> bool:
    return pattern.endswith("*") and act.startswith(pattern[:-1])


def _term(row: dict[str, Any]) -> Term:
    return Term(int(row["years"]), Text(ko=row["law"]["ko"], en=row["law"]["en"]), chosen=bool(row["chosen"]))
