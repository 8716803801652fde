"""The rehearsal's population, told to the vault as it would come in, is known on every day as the rehearsal has it."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panro.accounts.models import User
from panro.parties.models import Membership, Party
from panro.rehearsal.company import CompanyMaker
from panro.rehearsal.others import make_others
from panro.rehearsal.party import Party as Rehearsed
from panro.rehearsal.population import default_population
from panro.rules.facts import Fact
from panro.vault.actions import Statement, add_paper, state_facts
from panro.vault.models import StoredFact
from panro.vault.queries import facts
from vault.world import NOW, at

pytestmark = pytest.mark.django_db
COMPANIES = 120
APPLIED, CLOSES, ANSWERED, REVIEW = date(2021, 4, 20), date(2021, 5, 10), date(2021, 5, 17), date(2021, 5, 25)
MOMENTS = ((APPLIED, APPLIED), (ANSWERED, CLOSES), (REVIEW, REVIEW))
TAX_PAPERS = {"national_tax": "national_tax_clearance", "local_tax": "local_tax_clearance"}
PAPER_AGE = timedelta(days=9)


def population() -> list[Rehearsed]:
    made = default_population()
    maker = CompanyMaker.of(made, seed=7, year=2021)
    return [*map(maker.make, range(COMPANIES)), *make_others(made, seed=7, year=2021, companies=COMPANIES)]


def rehearsed(party: Rehearsed, papers: date, registers: date) -> dict[str, Fact]:
    """As `panro.rehearsal.filing` has it: who does not share its taxes brings papers, then and later."""
    found = party.facts_on(papers, registers)
    if not party.shares_taxes and party.in_registers:
        found.update(party.taxes_on(papers if papers > APPLIED else APPLIED - PAPER_AGE))
    return found


def told(party: Rehearsed, key: UUID) -> Iterator[Statement]:
    """What comes in of one applicant in the course of the year."""
    for fact in party.fixed.values():
        yield Statement(key, fact.key, fact.value, fact.as_of, fact.source, known_from=fact.as_of)
    for history in party.histories:
        if not history.looked_up:
            for since, value in history.steps:
                yield Statement(key, history.key, value, since, history.source, known_from=since)
    for day in sorted({registers for _papers, registers in MOMENTS}):
        for fact in party.facts_on(day, day).values():
            asked = fact.as_of == day and fact.source not in {"applicant", "certificate", "officer", "market"}
            if asked and (fact.key not in TAX_PAPERS or party.shares_taxes) and fact.key != "region":
                yield Statement(key, fact.key, fact.value, day, fact.source)


def test_facts_are_equal_at_all_three_moments(owner: User) -> None:
    parties = {party.ref: party for party in population()}
    rows = {ref: Party(kind="person", name=party.name, created=NOW) for ref, party in parties.items()}
    Party.objects.bulk_create(rows.values())
    Membership.objects.bulk_create(Membership(user=owner, party=row, role="owner", since=NOW) for row in rows.values())
    state_facts(
        [one for ref, party in parties.items() for one in told(party, rows[ref].pk)],
        by="system:rehearsal",
        now=at(REVIEW),
        today=REVIEW,
    )
    for ref, party in parties.items():
        if not party.shares_taxes and party.in_registers:
            _bring_taxes(party, rows[ref], owner)
    assert StoredFact.objects.count() > 20 * len(rows)
    for papers, registers in MOMENTS:
        with CaptureQueriesContext(connection) as asked:
            found = facts([row.pk for row in rows.values()], papers_until=papers, registers_on=registers)
        assert len(asked) == 1
        for ref, party in parties.items():
            assert found[rows[ref].pk] == rehearsed(party, papers, registers), (ref, papers)


def test_an_application_is_judged_by_its_own_papers(owner: User, shop: Party) -> None:
    """A clearance that was handed in elsewhere, and is newer, does not stand in for the one that was chosen."""
    chosen = _clearance(shop, owner, APPLIED - PAPER_AGE, APPLIED)
    other = _clearance(shop, owner, APPLIED - timedelta(days=2), APPLIED)
    plain = facts([shop.pk], papers_until=APPLIED)[shop.pk]["national_tax"]
    bound = facts([shop.pk], papers_until=APPLIED, chosen=[chosen])[shop.pk]["national_tax"]
    both = facts([shop.pk], papers_until=APPLIED, chosen=[chosen, other])[shop.pk]["national_tax"]
    assert [plain.as_of, bound.as_of, both.as_of] == [
        APPLIED - timedelta(days=2),
        APPLIED - PAPER_AGE,
        APPLIED - timedelta(days=2),
    ]


def _clearance(party: Party, by: User, issued: date, given: date) -> UUID:
    return add_paper(party, "national_tax_clearance", issued_on=issued, by=by, now=at(given)).pk


def _bring_taxes(party: Rehearsed, row: Party, owner: User) -> None:
    """Tax clearances as papers: one with the application, one as a supplement, one before the selection."""
    for brought, given in ((APPLIED - PAPER_AGE, APPLIED), (ANSWERED, ANSWERED), (REVIEW, REVIEW)):
        for key, fact in party.taxes_on(brought).items():
            state_facts(
                [Statement(row.pk, key, fact.value, fact.as_of, fact.source, looked_up=False, known_from=given)],
                by=owner,
                now=at(given),
            )
