"""The distributions from which the applicants of a rehearsal are drawn: a strict model of ``data/population.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, ValidationError, model_validator

from panro.rehearsal.population_base import Band, Data, Proportion, Rate, Source, SourcedRate, Span, Weight, Weights

if TYPE_CHECKING:
    from pathlib import Path

OtherType = Literal["trainee", "creator", "institution", "consortium", "local_government"]
Category = Literal["food", "beauty", "fashion", "living", "craft", "electronics", "kids", "pet"]


class PopulationError(ValueError):
    """The population's data cannot be used: names the file, the key, what was found and what was expected."""


class Others(Data):
    """How many of each sort who are no companies there are."""

    source: Source
    trainee: Proportion
    creator: Proportion
    institution: Proportion
    consortium: Proportion
    local_government: Proportion


class Regions(Data):
    """Shares by province code of 2021, and how many move to another province in the year."""

    source: Source
    shares: Weights
    moves: SourcedRate


class Profile(Data):
    """A kind of firm: how frequent and how good it is, and what it applies for (rates by programme)."""

    code: str
    source: Source
    share: Weight
    quality: Rate
    wishes: dict[str, Rate]
    other: Rate


class Party(Data):
    """Applicants who are no companies, by the type under which they apply."""

    type: OtherType
    source: Source
    quality: Rate
    wishes: dict[str, Rate]
    other: Rate


class Industry(Data):
    """One industry with the kinds of firms in it."""

    code: str = Field(pattern=r"^[0-9]{5}$")
    category: Category
    weight: Weight
    profiles: list[str] = Field(min_length=1)


class Industries(Data):
    """The industries, and how firms answer where only a part of one is excluded."""

    source: Source
    rows: list[Industry] = Field(min_length=1)
    answer_excluded: SourcedRate
    answer_missing: SourcedRate


class Sales(Data):
    """Average sales in won a year; even on a logarithmic scale inside a band."""

    source: Source
    bands: list[Band] = Field(min_length=1)
    missing: SourcedRate


class Employees(Data):
    """Weights of 0, 1, 2, ... full-time and part-time employees."""

    source: Source
    full_time: list[Weight] = Field(min_length=1)
    part_time: list[Weight] = Field(min_length=1)
    hires_in_year: SourcedRate


class Grace(Data):
    """Of the firms with so many employees or sales that some limit lies below: years in which they still count.

    ``shown`` have it on record whether and since when the years of grace run; ``began_days_before`` the year.
    """

    source: Source
    from_employees: int = Field(ge=0)
    from_sales: int = Field(ge=0)
    shown: SourcedRate
    has_none: SourcedRate
    began_days_before: Span


class Founded(Data):
    """Years of founding."""

    source: Source
    bands: list[Band] = Field(min_length=1)


class Forms(Data):
    """Corporations and cooperatives, of 10,000 companies; the others are sole proprietors."""

    source: Source
    corporation: Rate
    cooperative: Rate
    other_year_end: SourcedRate
    cooperative_members: Span
    cooperative_certified_tenths: list[Weight] = Field(min_length=11, max_length=11)


class CertificateHabits(Data):
    """What firms do about their small-merchant certificate around 31 March, as weights."""

    source: Source
    renewed_at_once: Weight
    renewed_late: Weight
    not_renewed: Weight
    first_in_april: Weight
    never: Weight
    late_days: Span
    at_once_days: Span


class Taxes(Data):
    """Arrears, how they come and go, and who lets the agency look them up."""

    source: Source
    in_arrears: SourcedRate
    falls_into_arrears: SourcedRate
    wholly_deferred: SourcedRate
    pays_up: SourcedRate
    amount: Span
    consents_to_sharing: SourcedRate
    paper_age_days: Span


class Troubles(Data):
    """What excludes: closed, suspended, defaults, unfair practice, sanctions."""

    source: Source
    closed_before: SourcedRate
    closes_in_year: SourcedRate
    suspended_in_year: SourcedRate
    suspended_days: Span
    dishonoured: SourcedRate
    credit_default: SourcedRate
    unfair_practice: SourcedRate
    unfair_practice_days_before: Span
    sanctioned: SourcedRate
    sanction_days: Span


class Products(Data):
    """Weights of 1, 2, ... products, of origins and of makers."""

    source: Source
    count: list[Weight] = Field(min_length=1)
    origin: Weights
    origin_missing: SourcedRate
    maker: Weights
    maker_missing: SourcedRate
    brought_later: SourcedRate


class Market(Data):
    """Listing on the market platform and accounts abroad at the beginning, as rates."""

    source: Source
    listed: Rate
    planned: Rate
    overseas_own: Rate
    overseas_able: Rate
    overseas_of_exporters: SourcedRate


class Groups(Data):
    """Membership of preferred groups, and who cannot show it."""

    source: Source
    designated_when_old: SourcedRate
    designated_years: int
    first_time_online: SourcedRate
    ministry_participant: SourcedRate
    innovative: SourcedRate
    cooperative_member: SourcedRate
    without_evidence: SourcedRate
    supported_last_year: SourcedRate


class Intake(Data):
    """When people apply, and the errors they make."""

    source: Source
    first_tenth: Weight
    middle: Weight
    last_days: Weight
    checks_first: SourcedRate
    double_application: SourcedRate
    withdraws: SourcedRate
    wrong_track: SourcedRate
    wrong_industry: SourcedRate
    missing_document: SourcedRate
    missing_fact: SourcedRate
    answers_supplement: SourcedRate
    applies_again: SourcedRate
    applies_though_selected: SourcedRate
    applies_without_nomination: SourcedRate


class OwnShares(Data):
    """Own shares (basis points, as text) to which applicants commit, as weights, and total budgets in won."""

    source: Source
    own_share: Weights
    budget: Span


class Wants(Data):
    """What applicants say of themselves."""

    source: Source
    online: SourcedRate
    short_of_staff_or_money: SourcedRate
    cannot_run_mall: SourcedRate
    has_channel: SourcedRate
    nominated: SourcedRate


class Composition(Data):
    """Who stands together."""

    members: list[Literal["private", "private_retail_platform", "public_body", "local_government"]] = Field(
        min_length=1
    )
    weight: Weight


class Consortia(Data):
    """Compositions of consortia, and of organisations that apply alone."""

    source: Source
    compositions: list[Composition] = Field(min_length=1)
    alone: list[Composition] = Field(min_length=1)


class Quality(Data):
    """How true quality and reviewers' points scatter, in basis points of a criterion's maximum."""

    source: Source
    spread: Rate
    gate_lift: Rate
    criterion_spread: Rate
    severity_spread: Rate
    noise_spread: Rate


class Review(Data):
    """How many sheets a reviewer takes, and what goes wrong."""

    source: Source
    sheets_per_reviewer: int = Field(ge=1)
    spare: int = Field(ge=3)
    conflict: SourcedRate
    late_conflict: SourcedRate
    resigns: SourcedRate
    left_a_sheet: SourcedRate
    second_version: SourcedRate


class After(Data):
    """What follows the results: declined places, offers, objections. ``near_points`` in basis points of the total."""

    source: Source
    declines: SourcedRate
    refuses_offer: SourcedRate
    lets_offer_expire: SourcedRate
    objects_near_the_line: SourcedRate
    objects_when_refused: SourcedRate
    near_points: Rate


class Names(Data):
    """Syllables and words from which names are made."""

    source: Source
    first: list[str] = Field(min_length=1)
    second: list[str] = Field(min_length=1)
    third: list[str] = Field(min_length=1)
    family: list[str] = Field(min_length=1)
    institution: list[str] = Field(min_length=1)
    adjective: list[str] = Field(min_length=1)
    firm_ending: dict[Category, list[str]]
    product: dict[Category, list[str]]


class Population(Data):
    """The whole population."""

    name: str
    others: Others
    regions: Regions
    profile: list[Profile] = Field(min_length=1)
    party: list[Party] = Field(min_length=1)
    industries: Industries
    sales: Sales
    employees: Employees
    grace: Grace
    founded: Founded
    forms: Forms
    certificate: CertificateHabits
    taxes: Taxes
    troubles: Troubles
    products: Products
    market: Market
    groups: Groups
    intake: Intake
    shares: OwnShares
    wants: Wants
    consortia: Consortia
    quality: Quality
    review: Review
    after: After
    names: Names

    @model_validator(mode="after")
    def _profiles_exist(self) -> Self:
        known = {profile.code for profile in self.profile}
        for row in self.industries.rows:
            for code in row.profiles:
                if code not in known:
                    raise ValueError(f"industry {row.code} names profile {code}; there are {', '.join(sorted(known))}")
        return self


def read_population(text: str, name: str) -> Population:
    """Read a population from TOML text; ``name`` is the file's name in messages.

    Raises:
        PopulationError: naming the key, what was found and what was expected.
    """
    try:
        return Population.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        raise PopulationError(f"{name}: not TOML: {wrong}") from wrong
    except ValidationError as wrong:
        faults = wrong.errors(include_url=False)
        fault = next((one for one in faults if one["type"] == "extra_forbidden"), faults[0])
        key = ".".join(str(part) for part in fault["loc"]) or "file"
        found = str(fault["input"])[:60]
        raise PopulationError(f"{name}: {key}: found {found}, but {fault['msg']}") from wrong


def load_population(path: Path) -> Population:
    """Read a population from a file; see `read_population`."""
    return read_population(path.read_text(encoding="utf-8"), path.name)


@cache
def default_population() -> Population:
    """Give the population that is delivered with the program."""
    name = "population.toml"
    text = files("panro.rehearsal").joinpath("data", name).read_text(encoding="utf-8")
    return read_population(text, name)
