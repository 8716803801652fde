"""Destroying personal data whose term is over, by the terms in ``data/retention.toml``.

What was committed to stays in its sealed entry, and the destruction is an entry itself (Personal Information
Protection Act, art. 21).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Q

from panro.accounts import leftovers
from panro.korea.text import Text
from panro.record.actions import record
from panro.record.models import AccessNote, Payload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from panro.proof.canonical import Json

ACTOR: Final = "system:retention"
BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Term:
    """How long something is kept: years or days, its law, and whether the number is the operator's own choice.

    With ``from_new_year`` it is counted from 1 January after the day on which a matter ended.
    """

    years: int
    law: Text
    chosen: bool
    days: int = 0
    from_new_year: bool = False

    def cutoff(self, now: datetime) -> datetime:
        """What was written before this moment has outlived its term (29 February counts as 1 March)."""
        return _years_before(now, self.years) - timedelta(days=self.days)

    def last_day(self, today: date) -> date:
        """What ended before this day has outlived its term today."""
        day = _years_before(today, self.years) - timedelta(days=self.days)
        return day.replace(month=1, day=1) if self.from_new_year else day


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
    kept: Mapping[str, Term]
    """What the rooms keep beside the record, by the code under which they destroy it."""

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
    return Terms(_term(written["access_log"]), kinds, {row["code"]: _term(row) for row in written["kept"]})


def term(code: str) -> Term:
    """Return the term of what a room keeps; raises KeyError if the data has none of this code."""
    return terms().kept[code]


def record_destroyed(code: str, *, now: datetime, act: str = "outlived_destroyed", **what: Json) -> None:
    """Write that a room destroyed what had outlived its term, in the transaction that does it.

    Args:
        code: of the term.
        now: the moment.
        act: as the record names it.
        what: what was destroyed, in words that tell nothing of persons: ids and counts.
    """
    found = term(code)
    public: dict[str, Json] = {"law": found.law.ko, **what}
    public |= {"years": found.years} if found.years else {"days": found.days}
    record(act, actor=ACTOR, subject=f"retention:{code}", at=now, now=now, public=public)


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


def clear_accounts(*, now: datetime) -> int:
    """Close accounts that were never confirmed, delete proofs of consents of closed ones, and what sessions left.

    Returns how many accounts were closed and proofs deleted. Accounts lie below, so their terms are kept here.
    """
    leftovers.clear_sessions(now - timedelta(days=1))
    with transaction.atomic():
        proofs = leftovers.delete_proofs(term("withdrawn_consents").cutoff(now))
        if proofs:
            record_destroyed("withdrawn_consents", now=now, act="proofs_of_consent_destroyed", count=proofs)
    return proofs + len(leftovers.close_unconfirmed(term("unconfirmed_accounts").cutoff(now), now=now))


def _is_prefix(pattern: str, act: str) -> bool:
    return pattern.endswith("*") and act.startswith(pattern[:-1])


def _term(row: dict[str, Any]) -> Term:
    return Term(
        years=int(row.get("years", 0)),
        law=Text(ko=row["law"]["ko"], en=row["law"]["en"]),
        chosen=bool(row["chosen"]),
        days=int(row.get("days", 0)),
        from_new_year=bool(row.get("from_new_year", False)),
    )


def _years_before[Day: (date, datetime)](day: Day, years: int) -> Day:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, month=3, day=1)
