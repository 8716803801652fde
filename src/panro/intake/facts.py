"""What is known of applicants when the requirement review (요건검토) asks: the vault, the application, the agency.

The rehearsal of a year joins the same things (`panro.rehearsal.screening`): so the same facts lead to the same answer.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Min

from panro.intake import seams
from panro.intake.assembling import Assembled, add_facts, load
from panro.intake.models import Application, Nomination
from panro.rehearsal.year import lists_on_market
from panro.rules.eligibility import keys
from panro.rules.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from uuid import UUID

    from panro.intake.calls import Call
    from panro.rules.findings import Moment


def facts_for(
    application_ids: Collection[UUID],
    *,
    moment: Moment,
    papers_until: Mapping[UUID, date] | date,
    registers_on: Mapping[UUID, date] | date,
) -> dict[UUID, dict[str, Fact]]:
    """Return the facts that matter for applications at a moment, one per key; constant queries per day that occurs.

    Args:
        application_ids: which; all of them handed in.
        moment: of asking; facts that no rule reads then are left out.
        papers_until: the last day of what was handed in, for all or by application.
        registers_on: the day for which registers and the agency's own books count, for all or by application.
    """
    found = load(Application.objects.filter(pk__in=application_ids))
    papers = _days(papers_until, found)
    registers = _days(registers_on, found)
    add_facts(found, papers, registers)
    known = {one.application.pk: one.facts_on(papers[one.application.pk]) for one in found}
    _add_nominations(found, known, papers)
    _add_holdings(found, known, registers)
    return {one.application.pk: _read(one, moment, known[one.application.pk]) for one in found}


def readable(call: Call, moment: Moment, applicant_type: str, track: str) -> frozenset[str]:
    """Return the keys of the facts that can matter at a moment: nothing else is kept of an applicant."""
    questions = call.questions
    found = {keys.REGION, *(group.fact for group in questions.edition.groups)}
    for rule in questions.rules:
        if rule.concerns(moment, applicant_type, track or None):
            found |= set(rule.entry.reads)
            named = rule.use.parameters.get("facts")
            found |= {str(key) for key in named} if isinstance(named, list) else set()
            if rule.entry.papers:
                found |= {paper.when.fact for paper in call.programme.documents if paper.when is not None}
    return frozenset(found)


def _read(one: Assembled, moment: Moment, known: Mapping[str, Fact]) -> dict[str, Fact]:
    wanted = readable(one.call, moment, one.applicant_type, one.application.track)
    return {key: fact for key, fact in known.items() if key in wanted}


def _days(given: Mapping[UUID, date] | date, found: Iterable[Assembled]) -> dict[UUID, date]:
    if isinstance(given, date):
        return {one.application.pk: given for one in found}
    return {one.application.pk: given[one.application.pk] for one in found}


def _add_nominations(
    found: Iterable[Assembled], known: Mapping[UUID, dict[str, Fact]], papers: Mapping[UUID, date]
) -> None:
    """Say of those whom an officer named for the round that they were."""
    parties = {one.application.party_id for one in found}
    named = {
        (one.party_id, one.edition_id, one.programme, one.round_code): one.named_on
        for one in Nomination.objects.filter(party__in=parties)
    }
    for one in found:
        since = named.get((one.application.party_id, *one.round_key))
        if since is not None and since <= papers[one.application.pk]:
            known[one.application.pk][keys.NOMINATED] = Fact(keys.NOMINATED, True, since, "officer")  # noqa: FBT003 - a fact's value


def _add_holdings(
    found: Iterable[Assembled], known: Mapping[UUID, dict[str, Fact]], registers: Mapping[UUID, date]
) -> None:
    """Add what the agency itself knows: supports, listings, and applications for a listing."""
    by_day: dict[date, list[Assembled]] = {}
    for one in found:
        by_day.setdefault(registers[one.application.pk], []).append(one)
    planned = _planned(found)
    for day, group in by_day.items():
        held = seams.holdings({one.application.party_id for one in group}, day)
        for one in group:
            party = one.application.party_id
            _add(known[one.application.pk], held.get(party, seams.Holding()), planned.get(party), day)


def _add(facts: dict[str, Fact], holding: seams.Holding, planned: date | None, day: date) -> None:
    if keys.AWARDS not in facts or holding.awards:
        facts[keys.AWARDS] = Fact(keys.AWARDS, list(holding.awards), day, "awards")
    if (since := holding.listed_since) is not None:
        facts[keys.LISTED] = Fact(keys.LISTED, True, since, "market")  # noqa: FBT003 - a fact's value
        facts[keys.MARKET_LISTING] = Fact(keys.MARKET_LISTING, "listed", since, "market")
    elif planned is not None and planned < day:
        known = facts.get(keys.MARKET_LISTING)
        if known is not None and known.value == "none":
            facts[keys.MARKET_LISTING] = Fact(keys.MARKET_LISTING, "planned", planned, "market")


def _planned(found: Iterable[Assembled]) -> dict[UUID, date]:
    """Return since when applicants have applied for a listing on the market platform, in a pool that is frozen."""
    listing = {
        (one.application.edition_id, programme.code)
        for one in found
        for programme in one.call.edition.programmes
        if lists_on_market(programme)
    }
    if not listing:
        return {}
    rows = Application.objects.filter(
        pool__isnull=False,
        party__in={one.application.party_id for one in found},
        edition__in={edition for edition, _programme in listing},
        programme__in={programme for _edition, programme in listing},
    )
    return dict(rows.order_by().values("party").annotate(since=Min("submitted_on")).values_list("party", "since"))
