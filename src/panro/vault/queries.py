"""Reading the vault. How many queries a reading takes does not depend on how many parties are read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from django.db import connection
from django.db.models import Q

from panro.rules.eligibility import keys
from panro.rules.facts import Fact
from panro.ui.clock import today
from panro.vault import seams
from panro.vault.knowledge import UNRANKED, about, ranks
from panro.vault.models import Consent, ConsentTerms, Paper, StoredFact
from panro.vault.states import CURRENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from panro.parties.models import Party
    from panro.rules.facts import FactValue

# The day on which a fact counts is compared with one of two asked days: a register's answer with the day for which
# registers were asked, all else with the day until which papers were taken. The first row per party and key is the one
# that counts: the most trusted source, then the newest day it vouches for, then the newest recorded.
_FACTS: Final = """
    WITH trusted AS (
        SELECT * FROM unnest(%(keys)s::text[], %(sources)s::text[], %(ranks)s::int[]) AS t(key, source, rank))
    SELECT DISTINCT ON (fact.party_id, fact.key) fact.party_id, fact.key, fact.value, fact.as_of, fact.source
    FROM vault_storedfact AS fact LEFT JOIN trusted ON trusted.key = fact.key AND trusted.source = fact.source
    WHERE fact.party_id = ANY(%(parties)s)
      AND (%(wanted)s::text[] IS NULL OR fact.key = ANY(%(wanted)s))
      AND CASE WHEN fact.looked_up
          THEN fact.as_of <= %(registers)s AND (fact.withdrawn_on IS NULL OR fact.withdrawn_on > %(registers)s)
          ELSE fact.known_from <= %(papers)s AND (fact.withdrawn_on IS NULL OR fact.withdrawn_on > %(papers)s) END
      {of_chosen}
    ORDER BY fact.party_id, fact.key, coalesce(trusted.rank, %(unranked)s),
             fact.as_of DESC, fact.recorded_at DESC, fact.id DESC
"""
_OF_CHOSEN: Final = """
      AND NOT EXISTS (
          SELECT 1 FROM unnest(%(chosen)s::uuid[]) AS picked(id)
          JOIN vault_paper AS choice ON choice.id = picked.id
          JOIN vault_paper AS own ON own.id = fact.paper_id
          WHERE choice.party_id = fact.party_id AND choice.kind = own.kind AND NOT own.id = ANY(%(chosen)s))
"""


def facts(
    parties: Collection[UUID],
    *,
    papers_until: date,
    registers_on: date | None = None,
    wanted: Collection[str] | None = None,
    chosen: Collection[UUID] | None = None,
    ask_rooms: bool = True,
) -> dict[UUID, dict[str, Fact]]:
    """Return what is known of parties, one fact per key, with precedence applied. One query, and those of the seams.

    What papers and applicants say counts from the day it came in up to ``papers_until``; what a register was asked, if
    it was asked for ``registers_on`` or before, the newest of it. Both days are included. What was withdrawn counts for
    the days before its withdrawal.

    Args:
        parties: whose; every one of them is in the answer.
        papers_until: the last day of what was handed in.
        registers_on: the day for which registers count; the same as ``papers_until`` if None.
        wanted: the keys that matter; None for all.
        chosen: papers that were handed in with applications. Of a kind of which a party chose a paper, the others that
            it holds do not count: an application is judged by its own papers.
        ask_rooms: whether rooms above are asked what they hold themselves; what is handed in is none of it.
    """
    asked = list(parties)
    registers = papers_until if registers_on is None else registers_on
    found: dict[UUID, dict[str, Fact]] = {party: {} for party in asked}
    trusted = ranks()
    given: dict[str, Any] = {
        "keys": trusted.keys,
        "sources": trusted.sources,
        "ranks": trusted.ranks,
        "unranked": UNRANKED,
        "parties": asked,
        "wanted": None if wanted is None else list(wanted),
        "papers": papers_until,
        "registers": registers,
        "chosen": list(chosen or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS.format(of_chosen=_OF_CHOSEN if chosen else ""), given)
        for party, key, value, as_of, source in cursor:
            found[party][key] = Fact(key, _read(value), as_of, source)
    for answer in seams.facts_from if ask_rooms else ():
        told = answer(asked, papers_until=papers_until, registers_on=registers)
        _merge(found, told, wanted)
    return found


def facts_of(party: UUID, *, papers_until: date, registers_on: date | None = None) -> dict[str, Fact]:
    """Return what is known of one party; see :func:`facts`."""
    return facts([party], papers_until=papers_until, registers_on=registers_on)[party]


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that is said of one key on a day: what counts, and what other sources say."""

    key: str
    counts: StoredFact
    others: tuple[StoredFact, ...]

    @property
    def in_conflict(self) -> tuple[StoredFact, ...]:
        """What other sources say that is not the same."""
        told = _essence(self.key, self.counts.value)
        return tuple(other for other in self.others if _essence(self.key, other.value) != told)


def known(party: UUID, *, on: date) -> list[Known]:
    """Return what is said of a party on a day, the newest of each source per key, in the order of keys. One query."""
    counting = Q(looked_up=True, as_of__lte=on) | Q(looked_up=False, known_from__lte=on)
    rows = (
        StoredFact.objects.filter(counting, party=party)
        .filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))
        .select_related("paper", "recorded_by")
        .order_by("key", "source", "-as_of", "-recorded_at", "-id")
        .distinct("key", "source")
    )
    by_key: dict[str, list[StoredFact]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    return [_known(key, said) for key, said in by_key.items()]


def conflicts(party: Party, *, on: date | None = None) -> list[tuple[str, list[StoredFact]]]:
    """Return where sources disagree on a day, or today: the key, what counts, and after it the others. One query."""
    said = known(party.pk, on=on or today())
    return [(one.key, [one.counts, *one.in_conflict]) for one in said if one.in_conflict]


def papers(party: Party, kinds: Collection[str] | None = None, *, on: date) -> list[Paper]:
    """Return the papers of a party that count on a day, the newest issue first. One query.

    Those that were not accepted, replaced or removed do not count, nor those whose validity (both days included) does
    not cover the day.
    """
    valid = (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gte=on))
    rows = Paper.objects.filter(valid, party=party, state__in=CURRENT).select_related("file")
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    return list(rows.order_by("kind", "-issued_on", "-added_at", "-id"))


def all_papers(party: Party) -> QuerySet[Paper]:
    """Return every paper of a party but those removed, with file and officer, to be filtered and paged."""
    return Paper.objects.filter(party=party).exclude(state="destroyed").select_related("file", "verified_by")


def destroyed_by_term(party: Party, paper: UUID) -> Paper | None:
    """Return a paper of a party that was destroyed because its term was over; None if it was not. One query."""
    return Paper.objects.filter(pk=paper, party=party, destroyed_on__isnull=False).first()


def has_consent(
    party: UUID, programme: str, *, purpose: str, recipient: str | None = None, on: date | None = None
) -> bool:
    """Whether a party consents to a purpose of a programme, towards one recipient or anybody; now, or on a day."""
    return party in consented([party], programme, purpose=purpose, recipient=recipient, on=on)


def consented(
    parties: Collection[UUID], programme: str, *, purpose: str, recipient: str | None = None, on: date | None = None
) -> set[UUID]:
    """Return those of the parties that consent to a purpose of a programme; now, or on a day. One query."""
    rows = Consent.objects.filter(party__in=parties, programme=programme, purpose=purpose)
    if recipient is not None:
        rows = rows.filter(recipient=recipient)
    if on is None:
        rows = rows.filter(withdrawn_at=None)
    else:
        rows = rows.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on), given_on__lte=on)
    return set(rows.values_list("party_id", flat=True))


def consents(party: UUID) -> list[Consent]:
    """Return all consents of a party, those that hold first, newest first. One query."""
    rows = Consent.objects.filter(party=party).select_related("given_by", "withdrawn_by")
    return sorted(rows.order_by("-given_at", "-id"), key=lambda row: row.withdrawn_at is not None)


def words_agreed_to(digests: Collection[str]) -> dict[str, str]:
    """Return the words of consents as canonical text, by their hash; those nobody kept are left out. One query."""
    return dict(ConsentTerms.objects.filter(pk__in=set(digests)).values_list("digest", "terms"))


def _read(value: object) -> FactValue:
    """Return a value as rules read it; Django has the driver hand JSON over as text."""
    return None if value is None else cast("FactValue", json.loads(str(value)))


def _merge(
    found: dict[UUID, dict[str, Fact]], told: Mapping[UUID, Iterable[Fact]], wanted: Collection[str] | None
) -> None:
    """Put what a room above knows beside what is stored, by the same precedence."""
    for party, more in told.items():
        held = found.get(party)
        if held is None:
            continue
        for fact in more:
            if wanted is not None and fact.key not in wanted:
                continue
            before = held.get(fact.key)
            if before is None or _standing(fact) >= _standing(before):
                held[fact.key] = fact


def _standing(fact: Fact) -> tuple[int, date]:
    return -about(fact.key).rank(fact.source), fact.as_of


def _known(key: str, said: Sequence[StoredFact]) -> Known:
    rank = about(key).rank
    newest_first = sorted(said, key=lambda row: (row.as_of, row.recorded_at, row.pk), reverse=True)
    counts, *others = sorted(newest_first, key=lambda row: rank(row.source))
    return Known(key, counts, tuple(others))


def _essence(key: str, value: FactValue) -> object:
    """Return of a value what sources can disagree about: two clearances of one tax differ in their days, no more."""
    if key in {keys.NATIONAL_TAX, keys.LOCAL_TAX} and isinstance(value, dict):
        arrears, deferred = value.get("arrears"), value.get("deferred")
        return isinstance(arrears, int) and isinstance(deferred, int) and arrears > deferred
    if key == keys.OPERATING and isinstance(value, dict):
        return value.get("status")
    return value


def in_use(papers: Collection[UUID]) -> set[UUID]:
    """Return those of the papers that a submitted application rests on, as rooms above say."""
    return {paper for rests in seams.in_use for paper in rests(papers)}
