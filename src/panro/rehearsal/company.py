"""Making companies: each from its own stream, so that company 7 is the same in every rehearsal with one seed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Self

from panro.korea.industries import KSIC_10, IndustryAnswer, exclusion_table
from panro.korea.small_merchants import MonthEndCount, regular_employees
from panro.rehearsal.names import business_number, firm_name, product_name
from panro.rehearsal.papers import certificates, debts, grace, habits_table, troubles, within
from panro.rehearsal.party import History, Party
from panro.rehearsal.stream import Table, happens, stream
from panro.rules.eligibility import keys
from panro.rules.eligibility.industry import asked_row
from panro.rules.facts import Fact, FactValue, facts_by_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from panro.rehearsal.population import Category, Industry, Population, Profile
    from panro.rehearsal.population_base import Band
    from panro.rules.edition.parts import ApplicantType

_WHOLE: Final = 10_000
_MONTHS: Final = 12
_SOLE_MIDDLES: Final = (1, 79)
_CORPORATION: Final = 81
_COOPERATIVE: Final = 86
_YEAR_ENDS: Final = (3, 6, 9)
_DAY_OF_REGISTRATION: Final = 70  # days after New Year until which everybody has registered with the portal
_EXACT: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class CompanyMaker:
    """Makes companies of one population for one year; holds the tables prepared for drawing."""

    population: Population
    seed: int
    year: int
    last_year: int
    """Year in which the last round's results fall: papers are renewed until then."""
    regions: Table[str]
    profiles: dict[str, tuple[Profile, Table[Industry]]]
    profile_codes: Table[str]
    sales: Table[Band]
    founded: Table[Band]
    full_time: Table[int]
    part_time: Table[int]
    habits: Table[str]
    product_count: Table[int]
    origins: Table[str]
    makers: Table[str]
    certified_tenths: Table[int]
    own_shares: Table[int]
    asked: dict[str, str]
    """Industries of which only a part is excluded, with the row about which their firms are asked."""

    @classmethod
    def of(cls, population: Population, *, seed: int, year: int, last_year: int | None = None) -> Self:
        """Prepare the tables of a population."""
        rows = population.industries.rows
        profiles = {}
        for profile in population.profile:
            inside = [row for row in rows if profile.code in row.profiles]
            profiles[profile.code] = (profile, Table(inside, (row.weight for row in inside)))
        return cls(
            population=population,
            seed=seed,
            year=year,
            last_year=max(year, last_year or year),
            regions=Table(population.regions.shares, population.regions.shares.values()),
            profiles=profiles,
            profile_codes=Table(profiles, (profile.share for profile in population.profile)),
            sales=Table(population.sales.bands, (band.weight for band in population.sales.bands)),
            founded=Table(population.founded.bands, (band.weight for band in population.founded.bands)),
            full_time=_counted(population.employees.full_time),
            part_time=_counted(population.employees.part_time),
            habits=habits_table(population.certificate),
            product_count=_counted(population.products.count),
            origins=Table(population.products.origin, population.products.origin.values()),
            makers=Table(population.products.maker, population.products.maker.values()),
            certified_tenths=_counted(population.forms.cooperative_certified_tenths),
            own_shares=Table(map(int, population.shares.own_share), population.shares.own_share.values()),
            asked=_asked([row.code for row in rows], date(year, 1, 1)),
        )

    def make(self, index: int) -> Party:
        """Make company ``index`` (from 0)."""
        source = stream(self.seed, "company", index)
        people = self.population
        profile, industries = self.profiles[self.profile_codes.draw(source)]
        industry = industries.draw(source)
        form, middle = self._form(source)
        founded = self._founded(source)
        known = date(self.year, 1, 1) + timedelta(days=source.randrange(_DAY_OF_REGISTRATION))
        since = max(founded, known)
        name = firm_name(people.names, source, industry.category)
        number = business_number(index, middle)
        year_end = _MONTHS
        if form == "cooperative" or middle == _CORPORATION:
            year_end = source.choice(_YEAR_ENDS) if happens(source, people.forms.other_year_end.rate) else _MONTHS
        histories = [
            *certificates(
                source,
                people.certificate,
                self.habits.draw(source),
                years=range(self.year, self.last_year + 1),
                founded=founded,
                year_end=year_end,
            ),
            *troubles(source, people.troubles, self.year),
            self._region(source, since),
        ]
        owed = debts(source, people.taxes, self.year)
        shares_taxes = happens(source, people.taxes.consents_to_sharing.rate)
        declared: dict[str, FactValue] = {
            keys.APPLICANT_TYPE: form,
            keys.ORGANISATION: "private",
            keys.BUSINESS_NUMBER: number,
            **self._industry(source, industry),
            **self._size(source, form),
            keys.PRODUCTS: self._products(source, index, industry.category),
            **self._market(source, profile),
            **self._wants(source),
        }
        declared |= self._grace(index, declared)
        member, unshown = self._groups(source, founded, profile)
        facts = [Fact(key, value, since, "applicant") for key, value in declared.items()]
        facts += [Fact(key, value, since, "officer") for key, value in member.items()]
        facts.append(Fact(keys.LISTED, declared[keys.MARKET_LISTING] == "listed", since, "market"))
        return Party(
            ref=f"company-{index}",
            type=form,
            applicant=number,
            name=name,
            quality=source.gauss(profile.quality, people.quality.spread) / _WHOLE,
            wishes=profile.wishes,
            other=profile.other,
            shares_taxes=shares_taxes,
            fixed=facts_by_key(*facts),
            histories=tuple(histories),
            debts=owed,
            unshown=unshown,
            earlier=self._earlier(source, profile),
        )

    def _earlier(self, source: Random, profile: Profile) -> tuple[tuple[str, str], ...]:
        programme = source.choice(tuple(profile.wishes))
        held = happens(source, self.population.groups.supported_last_year.rate)
        return ((str(self.year - 1), programme),) if held else ()

    def _form(self, source: Random) -> tuple[ApplicantType, int]:
        drawn = source.random() * _WHOLE
        sole = source.randint(*_SOLE_MIDDLES)
        if drawn < self.population.forms.cooperative:
            return "cooperative", _COOPERATIVE
        if drawn < self.population.forms.cooperative + self.population.forms.corporation:
            return "merchant", _CORPORATION
        return "merchant", sole

    def _founded(self, source: Random) -> date:
        year = within(source, self.founded.draw(source))
        founded = date(min(year, self.year), 1, 1) + timedelta(days=source.randrange(365))
        return min(founded, date(self.year, 1, 1) + timedelta(days=_DAY_OF_REGISTRATION))

    def _region(self, source: Random, since: date) -> History:
        first, second = self.regions.draw(source), self.regions.draw(source)
        steps: list[tuple[date, FactValue]] = [(since, first)]
        if happens(source, self.population.regions.moves.rate):
            steps.append((date(self.year, 1, 1) + timedelta(days=source.randint(90, 330)), second))
        return History(keys.REGION, "nts", tuple(steps))

    def _industry(self, source: Random, industry: Industry) -> dict[str, FactValue]:
        data = self.population.industries
        declared: dict[str, FactValue] = {keys.INDUSTRY: {"code": industry.code, "revision": 10}}
        excluded = happens(source, data.answer_excluded.rate)
        silent = happens(source, data.answer_missing.rate)
        if industry.code in self.asked and not silent:
            declared[keys.INDUSTRY_ANSWER] = {"row": self.asked[industry.code], "excluded": excluded}
        return declared

    def _size(self, source: Random, form: ApplicantType) -> dict[str, FactValue]:
        people = self.population
        band = self.sales.draw(source)
        sales = round(math.exp(source.uniform(math.log(band.from_), math.log(band.to))), -4)
        full, part = self.full_time.draw(source), self.part_time.draw(source)
        changes_in = source.randint(1, _MONTHS - 1)
        hires = happens(source, people.employees.hires_in_year.rate)
        crew = _crew(full, part, changes_in if hires else _MONTHS)
        found: dict[str, FactValue] = {keys.EMPLOYEES: crew}
        if not happens(source, people.sales.missing.rate):
            found[keys.AVERAGE_SALES] = int(sales)
        if form == "cooperative":
            members = within(source, people.forms.cooperative_members)
            certified = members * self.certified_tenths.draw(source) // 10
            found[keys.MEMBERS_CERTIFIED] = {"members": members, "certified": certified}
        return found

    def _grace(self, index: int, declared: Mapping[str, FactValue]) -> dict[str, FactValue]:
        data = self.population.grace
        employees, sales = declared[keys.EMPLOYEES], declared.get(keys.AVERAGE_SALES, 0)
        if Decimal(str(employees)) < data.from_employees and int(str(sales)) < data.from_sales:
            return {}
        return grace(stream(self.seed, "grace", index), data, self.year)

    def _products(self, source: Random, index: int, category: Category) -> list[FactValue]:
        data = self.population.products
        products: list[FactValue] = []
        for number in range(1, self.product_count.draw(source) + 2):
            origin = None if happens(source, data.origin_missing.rate) else self.origins.draw(source)
            maker = None if happens(source, data.maker_missing.rate) else self.makers.draw(source)
            name = product_name(self.population.names, source, category)
            products.append({"code": f"P{index}-{number}", "name": name, "origin": origin, "maker": maker})
        return products

    def _market(self, source: Random, profile: Profile) -> dict[str, FactValue]:
        data = self.population.market
        drawn = source.random() * _WHOLE
        listing = "listed" if drawn < data.listed else "planned" if drawn < data.listed + data.planned else "none"
        abroad = source.random() * _WHOLE
        account = "own" if abroad < data.overseas_own else "none"
        if account == "none" and abroad < data.overseas_own + data.overseas_able:
            account = "able"
        if profile.code == "exporter" and happens(source, data.overseas_of_exporters.rate):
            account = "own"
        return {keys.MARKET_LISTING: listing, keys.OVERSEAS_ACCOUNT: account}

    def _wants(self, source: Random) -> dict[str, FactValue]:
        data = self.population.wants
        return {
            keys.WANTS_ONLINE: happens(source, data.online.rate),
            keys.SHORT_OF_STAFF_OR_MONEY: happens(source, data.short_of_staff_or_money.rate),
            keys.CANNOT_RUN_MALL: happens(source, data.cannot_run_mall.rate),
            keys.OWN_SHARE: self.own_shares.draw(source),
            keys.NOMINATED: happens(source, data.nominated.rate),
        }

    def _groups(self, source: Random, founded: date, profile: Profile) -> tuple[dict[str, FactValue], frozenset[str]]:
        data = self.population.groups
        old = self.year - founded.year >= data.designated_years
        chances = {
            keys.DESIGNATED: data.designated_when_old.rate if old else 0,
            keys.FIRST_TIME_ONLINE: data.first_time_online.rate
            if profile.code.endswith(("offline", "beginner"))
            else 0,
            keys.MINISTRY_PARTICIPANT: data.ministry_participant.rate,
            keys.INNOVATIVE: data.innovative.rate,
            keys.COOPERATIVE: data.cooperative_member.rate,
        }
        member: dict[str, FactValue] = {}
        unshown = []
        for key, rate in chances.items():
            belongs, shown = happens(source, rate), not happens(source, data.without_evidence.rate)
            if belongs and shown:
                member[key] = True
            elif belongs:
                unshown.append(key)
        return member, frozenset(unshown)


@lru_cache(maxsize=4096)
def _crew(full: int, part: int, hires_in: int) -> str:
    """Give the regular employees of a year in which one more full-time employee came in a month (from 0)."""
    counts = [MonthEndCount(full + (month >= hires_in), part) for month in range(_MONTHS)]
    return format(regular_employees(counts).quantize(_EXACT, ROUND_HALF_UP).normalize(), "f")


def _asked(codes: list[str], day: date) -> dict[str, str]:
    table = exclusion_table(day)
    verdicts = {code: table.classify(code, KSIC_10) for code in codes}
    return {code: asked_row(found) for code, found in verdicts.items() if found.answer is IndustryAnswer.ASK}


def _counted(weights: list[int]) -> Table[int]:
    return Table(range(len(weights)), weights)
