"""Making applicants who are no companies: trainees, creators, institutions, consortia, local governments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from panro.rehearsal.names import business_number, institution_name, person_name
from panro.rehearsal.papers import debts, troubles, within
from panro.rehearsal.party import History, Party
from panro.rehearsal.stream import WHOLE, Table, happens, stream
from panro.rules.eligibility import keys
from panro.rules.facts import Fact, FactValue, facts_by_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from panro.rehearsal.population import OtherType, Population
    from panro.rehearsal.population import Party as PartyData

_MIDDLES: Final[dict[str, int]] = {"institution": 81, "consortium": 87, "local_government": 83}
_SERIALS: Final[dict[str, int]] = {"institution": 8_900_000, "consortium": 8_930_000, "local_government": 8_960_000}


def other_count(population: Population, kind: OtherType, companies: int) -> int:
    """Give how many of a sort there are beside so many companies."""
    proportion = getattr(population.others, kind)
    return max(proportion.at_least, -(-companies * proportion.rate // WHOLE)) if companies else 0


def make_others(population: Population, *, seed: int, year: int, companies: int) -> Iterator[Party]:
    """Make all applicants who are no companies, each from its own stream."""
    for data in population.party:
        for index in range(other_count(population, data.type, companies)):
            yield make_other(population, data, index, seed=seed, year=year)


def make_other(population: Population, data: PartyData, index: int, *, seed: int, year: int) -> Party:
    """Make applicant ``index`` (from 0) of one sort."""
    source = stream(seed, data.type, index)
    since = date(year, 1, 1) + timedelta(days=source.randrange(70))
    regions = population.regions.shares
    region = Table(regions, regions.values()).draw(source)
    person = data.type in {"trainee", "creator"}
    name = person_name(population.names, source) if person else institution_name(population.names, source)
    if person:
        applicant = f"person-{data.type}-{index + 1:05d}"
        declared = _person(source, population, data.type, index)
    else:
        applicant = business_number(_SERIALS[data.type] + index, _MIDDLES[data.type])
        declared = {keys.BUSINESS_NUMBER: applicant, **_organisation(source, population, data.type)}
    declared[keys.APPLICANT_TYPE] = data.type
    declared[keys.NOMINATED] = happens(source, population.wants.nominated.rate)
    quality = source.gauss(data.quality, population.quality.spread) / WHOLE
    clean = person or data.type == "local_government"
    return Party(
        ref=f"{data.type}-{index}",
        type=data.type,
        applicant=applicant,
        name=name,
        quality=quality,
        wishes=data.wishes,
        other=data.other,
        shares_taxes=happens(source, population.taxes.consents_to_sharing.rate),
        fixed=facts_by_key(*(Fact(key, value, since, "applicant") for key, value in declared.items())),
        histories=(
            History(keys.REGION, "applicant", ((since, region),)),
            *(() if clean else troubles(source, population.troubles, year)),
        ),
        debts=() if data.type == "local_government" else debts(source, population.taxes, year),
    )


def _person(source: Random, population: Population, kind: OtherType, index: int) -> dict[str, FactValue]:
    market = population.market
    drawn = source.random() * WHOLE
    listing = "listed" if drawn < market.listed else "planned" if drawn < market.listed + market.planned else "none"
    declared: dict[str, FactValue] = {keys.MARKET_LISTING: listing, keys.WANTS_ONLINE: True}
    if kind == "creator" and happens(source, population.wants.has_channel.rate):
        declared[keys.CHANNEL_URL] = f"https://channel.example/creator-{index + 1}"
    return declared


def _organisation(source: Random, population: Population, kind: OtherType) -> dict[str, FactValue]:
    if kind == "local_government":
        members = ["local_government"]
    else:
        rows = population.consortia.compositions if kind == "consortium" else population.consortia.alone
        members = list(Table(rows, (row.weight for row in rows)).draw(source).members)
    shares = population.shares
    leader = members[0]
    listed: list[FactValue] = [*members]
    return {
        keys.ORGANISATION: "private" if leader.startswith("private") else leader,
        keys.CONSORTIUM: listed,
        keys.OWN_SHARE: int(Table(shares.own_share, shares.own_share.values()).draw(source)),
        keys.BUDGET_TOTAL: round(within(source, shares.budget), -6),
    }
