from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from panro.korea.numbers import is_valid_business_number
from panro.korea.regions import regions_on
from panro.rehearsal.company import CompanyMaker
from panro.rehearsal.names import business_number
from panro.rehearsal.others import make_others, other_count
from panro.rehearsal.population import PopulationError, default_population, read_population
from panro.rehearsal.stream import Table, chance, happens, simulated_event, stream
from panro.rehearsal.year import make_parties
from panro.rules.eligibility import keys

if TYPE_CHECKING:
    from panro.rehearsal.population import Population
    from panro.rules.edition.model import Edition

DAY = date(2021, 5, 3)


def test_company_is_the_same_whatever_the_number_of_companies(population: Population, edition: Edition) -> None:
    few = make_parties(population, edition, seed=5, companies=100)[:100]
    many = make_parties(population, edition, seed=5, companies=1000)[:100]
    assert few == many


def test_company_is_the_same_whatever_the_order(population: Population) -> None:
    maker = CompanyMaker.of(population, seed=5, year=2021)
    forwards = {index: maker.make(index) for index in range(50)}
    again = CompanyMaker.of(population, seed=5, year=2021)
    backwards = {index: again.make(index) for index in reversed(range(50))}
    assert forwards == backwards


def test_another_seed_makes_other_companies(population: Population) -> None:
    first = CompanyMaker.of(population, seed=1, year=2021).make(0)
    second = CompanyMaker.of(population, seed=2, year=2021).make(0)
    assert first.fixed != second.fixed


def test_numbers_are_valid_and_nobody_shares_one(population: Population) -> None:
    maker = CompanyMaker.of(population, seed=5, year=2021)
    numbers = [maker.make(index).applicant for index in range(500)]
    others = make_others(population, seed=5, year=2021, companies=500)
    numbers += [party.applicant for party in others if not party.applicant.startswith("person-")]
    assert all(is_valid_business_number(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_serials_of_business_numbers_never_meet() -> None:
    serials = [business_number(serial, 11)[:3] + business_number(serial, 11)[5:9] for serial in range(0, 60_000, 7)]
    assert len(set(serials)) == len(serials)


def test_shares_come_out_as_the_data_says(population: Population) -> None:
    maker = CompanyMaker.of(population, seed=3, year=2021)
    companies = [maker.make(index) for index in range(3000)]
    regions = Counter(company.histories[-1].steps[0][1] for company in companies)
    whole = sum(population.regions.shares.values())
    for code, weight in population.regions.shares.items():
        expected = 3000 * weight / whole
        assert abs(regions[code] - expected) < 5 * max(expected, 4) ** 0.5
    cooperatives = sum(company.type == "cooperative" for company in companies)
    assert abs(cooperatives - 3000 * population.forms.cooperative / 10_000) < 30


def test_regions_are_provinces_of_the_year(population: Population) -> None:
    assert set(population.regions.shares) == {region.code for region in regions_on(DAY)}


def test_everybody_has_at_least_so_many_others(population: Population) -> None:
    assert other_count(population, "institution", 1) == population.others.institution.at_least
    assert other_count(population, "trainee", 30_000) == 30_000 * population.others.trainee.rate // 10_000
    assert other_count(population, "trainee", 0) == 0


def test_facts_vouch_for_the_day_they_are_known(population: Population) -> None:
    maker = CompanyMaker.of(population, seed=3, year=2021)
    for index in range(200):
        facts = maker.make(index).facts_on(DAY, DAY)
        assert all(key == fact.key for key, fact in facts.items())
        assert max(fact.as_of for fact in facts.values()) == DAY
        assert facts[keys.OPERATING].as_of == DAY


def test_only_firms_above_some_limit_have_years_of_grace_and_three_of_them(population: Population) -> None:
    maker = CompanyMaker.of(population, seed=5, year=2021)
    found: Counter[str] = Counter()
    for company in map(maker.make, range(3000)):
        sales = company.fixed.get(keys.AVERAGE_SALES)
        large = float(str(company.fixed[keys.EMPLOYEES].value)) >= 5 or (
            sales is not None and int(str(sales.value)) >= 1_000_000_000
        )
        grace = company.fixed.get(keys.SIZE_GRACE)
        if not large:
            assert grace is None
            continue
        found["unknown" if grace is None else "none" if grace.value is None else "years"] += 1
        if grace is not None and isinstance(grace.value, dict):
            first, last = (date.fromisoformat(str(grace.value[end])) for end in ("from", "to"))
            assert (last - first).days in range(1091, 1096)
            assert first <= date(2021, 1, 1)
    assert all(found[kind] > 10 for kind in ("unknown", "none", "years")), found


def test_certificate_meets_the_cliff_of_31_march(population: Population) -> None:
    """Nobody holds a certificate before it begins; those who renewed at once hold the next in the third week."""
    maker = CompanyMaker.of(population, seed=3, year=2021)
    ends: Counter[tuple[date, str]] = Counter()
    for index in range(600):
        for day in (date(2021, 3, 31), date(2021, 4, 21)):
            known = maker.make(index).facts_on(day, day).get(keys.CERTIFICATE)
            if known is None:
                continue
            assert isinstance(known.value, dict)
            assert str(known.value["valid_from"]) <= day.isoformat()
            ends[day, str(known.value["valid_to"])] += 1
    assert ends[date(2021, 3, 31), "2021-03-31"] > 300
    assert ends[date(2021, 4, 21), "2022-03-31"] > 300


def test_a_table_draws_only_what_has_weight() -> None:
    table = Table("abc", (0, 5, 0))
    source = stream(1, "table")
    assert {table.draw(source) for _ in range(100)} == {"b"}
    with pytest.raises(ValueError, match="one weight above zero"):
        Table("ab", (0, 0))
    with pytest.raises(ValueError, match="as many weights as items"):
        Table("ab", (1,))


def test_streams_depend_on_every_part_of_their_name() -> None:
    drawn = [stream(*name).random() for name in ((1, "a", 1), (1, "a", 2), (1, "b", 1), (2, "a", 1))]
    assert len(set(drawn)) == 4
    assert stream(1, "a", 1).random() == drawn[0]
    assert not happens(stream(1, "never"), 0)
    assert not any(chance(1, 0, "never", number) for number in range(50))
    assert all(chance(1, 10_000, "always", number) for number in range(50))
    assert abs(sum(chance(1, 2500, "often", number) for number in range(4000)) - 1000) < 140
    assert happens(stream(1, "always"), 10_000)
    assert simulated_event(1, "x").startswith("simulated-")


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(PopulationError, match=r"mine.toml: nam: found"):
        read_population('nam = "x"', "mine.toml")
    with pytest.raises(PopulationError, match=r"mine.toml: not TOML"):
        read_population("= 1", "mine.toml")


def test_every_table_has_a_source() -> None:
    data = default_population().model_dump()

    def check(value: object, where: str) -> None:
        if isinstance(value, dict):
            if "rate" in value and "at_least" not in value:
                assert value["source"], where
            for key, inner in value.items():
                check(inner, f"{where}.{key}")
        elif isinstance(value, list):
            for place, inner in enumerate(value):
                check(inner, f"{where}.{place}")

    check(data, "population")
    for key, table in data.items():
        if isinstance(table, dict):
            assert table["source"], key
