"""The twelve kinds of support and the parameters with which a programme names them.

An edition is checked against these before a kind's own room is built, so a year never promises what cannot be run.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from panro.rules.edition.base import BasisPoints, Code, Count, Positive, ProgrammeCode, Strict, TextData, Won

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Course(Strict):
    """One course: who takes it, what must be done before, and when it counts as completed."""

    code: Code
    name: TextData
    level: Literal["basic", "advanced", "special"]
    hours: Positive
    after: list[Code] = Field(default_factory=list)
    practice: bool = False
    completion_attendance: BasisPoints


class Kind(Strict):
    """What every kind has: the tracks to which it is given, None meaning all."""

    tracks: list[Code] | None = None


class Training(Kind):
    """Courses, classes, attendance, completion, community and referral onward."""

    kind: Literal["training"]
    courses: list[Course] = Field(min_length=1)
    class_size: Positive
    community: bool = False
    refers_to: list[ProgrammeCode] = Field(default_factory=list)


class ConsultingItem(Strict):
    """One item that a company may choose; ``cap`` in won per company, None where the notice sets none."""

    code: Code
    name: TextData
    cap: Won | None = None
    deliverables: list[TextData] = Field(min_length=1)


class Consulting(Kind):
    """Advice and mentoring: items under a cap, an adviser, deliverables, acceptance, consumer panels."""

    kind: Literal["consulting"]
    items: list[ConsultingItem] = Field(min_length=1)
    items_at_most: Positive
    basic: list[TextData] = Field(default_factory=list)
    """What every company gets besides the chosen items."""
    phase: Literal["before", "during", "after"] = "during"
    trigger: Literal["everyone", "weak_sales"] = "everyone"


class Matching(Kind):
    """Two-sided matching. ``per_applicant`` is how many partners one applicant gets; None capacity means unlimited."""

    kind: Literal["matching"]
    partner: Literal["dedicated_seller", "creator"]
    partners: Positive | None = None
    per_applicant: Positive
    capacity: Positive | None = None
    partner_must_have: list[TextData] = Field(default_factory=list)


class Content(Kind):
    """Making things. Lengths in seconds; ``rights_months`` how long the merchant and agency may use the work."""

    kind: Literal["content"]
    product: Literal["video", "ppl", "detail_page", "spot", "photo"]
    formats: list[TextData] = Field(min_length=1)
    pieces_per_company: Positive
    seconds: Positive | None = None
    seconds_tolerance: Count = 0
    rights_months: Positive | None = None


class Advertising(Kind):
    """A campaign: exposures owed per company, on which medium, in which area."""

    kind: Literal["advertising"]
    medium: Literal["iptv", "sns"]
    exposures: Positive
    area: Literal["region", "nation"]
    spot_seconds: Positive | None = None


class Channels(Kind):
    """Entry into channels. The commission is in basis points of the goods price; None where the channel sets it."""

    kind: Literal["channels"]
    channel_kinds: list[
        Literal["mall", "tv_home_shopping", "t_commerce", "v_commerce", "overseas", "market", "subscription"]
    ] = Field(min_length=1)
    mode: Literal["listing", "agency", "direct"]
    commission: BasisPoints | None = None
    commission_vat: Literal["included", "excluded"] | None = None
    products_at_most: Positive | None = None
    entry_review: bool = False
    ships_abroad: bool = False


class SalesTheme(Strict):
    """A category or season for which sales events are planned; dates None where the year has not fixed them."""

    code: Code
    name: TextData
    sort: Literal["category", "season"]
    starts: date | None = None
    ends: date | None = None


class SalesEvents(Kind):
    """Planned sales (기획전), campaigns and O2O events."""

    kind: Literal["sales_events"]
    events: Positive | None = None
    themes: list[SalesTheme] = Field(min_length=1)
    places: list[Literal["online", "offline"]] = Field(min_length=1)


class Broadcasts(Kind):
    """Slots on home shopping, T-commerce and live. ``shows`` counts shows, not sends to platforms."""

    kind: Literal["broadcasts"]
    sort: Literal["home_shopping", "live"]
    shows: Positive | None = None
    weekdays: list[Weekday] = Field(default_factory=list)
    skip_holidays: bool = True
    platforms: Positive | None = None
    companies_per_show: Positive | None = None
    pays_entry_fee: bool = False
    pays_production: bool = False
    choices: list[TextData] = Field(default_factory=list)


class Grants(Kind):
    """A budget with national and own share, paid by milestones; the shares themselves are the programme's funding."""

    kind: Literal["grants"]
    milestones: list[TextData] = Field(min_length=1)
    reports_every_months: Positive
    settlement_within_days: Positive


class Room(Strict):
    """A kind of room that a facility must have, and how many."""

    code: Code
    name: TextData
    count: Positive


class Facilities(Kind):
    """Centres and stores: rooms and booking, showroom, unmanned sale, store stock."""

    kind: Literal["facilities"]
    rooms: list[Room] = Field(min_length=1)
    bookable: bool = True
    unmanned_sale: bool = False
    companies_per_year: Positive | None = None


class Subscription(Kind):
    """Pavilions and recurring orders.

    A price rise needs consent ``consent_days`` before (E-Commerce Act Enforcement Decree art. 20-2).
    """

    kind: Literal["subscription"]
    pavilions: list[Literal["market", "private_platform", "local_government_mall"]] = Field(min_length=1)
    intervals_weeks: list[Positive] = Field(min_length=1)
    consent_days: Positive


class Audition(Kind):
    """An open contest: heats, judges, and public votes with their share of the result in basis points."""

    kind: Literal["audition"]
    heats: list[Code] = Field(min_length=1)
    public_vote: BasisPoints
    winners: Positive


KindOfSupport = Annotated[
    Training
    | Consulting
    | Matching
    | Content
    | Advertising
    | Channels
    | SalesEvents
    | Broadcasts
    | Grants
    | Facilities
    | Subscription
    | Audition,
    Field(discriminator="kind"),
]
