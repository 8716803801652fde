"""Kinds of support as a page tells them: a title and a few facts each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from panro.editions.words import CHANNELS, in_page_language
from panro.rules import kinds
from panro.ui.templatetags.ui import percent, won

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from panro.editions.words import Label
    from panro.rules.edition.base import TextData

type Fact = tuple[str, str | list[str]]

TITLES: Final[dict[str, Label]] = {
    "training": gettext_lazy("Training"),
    "consulting": gettext_lazy("Advice"),
    "matching": gettext_lazy("Matching"),
    "content": gettext_lazy("Content"),
    "advertising": gettext_lazy("Advertising"),
    "channels": gettext_lazy("Entry into channels"),
    "sales_events": gettext_lazy("Sales events"),
    "broadcasts": gettext_lazy("Broadcasts"),
    "grants": gettext_lazy("Grant"),
    "facilities": gettext_lazy("Rooms and facilities"),
    "subscription": gettext_lazy("Subscription"),
    "audition": gettext_lazy("Audition"),
}
CONTENT: Final[dict[str, Label]] = {
    "video": gettext_lazy("Video"),
    "ppl": gettext_lazy("Product placement"),
    "detail_page": gettext_lazy("Product detail page"),
    "spot": gettext_lazy("Advertising spot"),
    "photo": gettext_lazy("Photographs"),
}
MODES: Final[dict[str, Label]] = {
    "listing": gettext_lazy("Listed with support"),
    "agency": gettext_lazy("An agency sells for you"),
    "direct": gettext_lazy("You sell yourself"),
}
LEVELS: Final[dict[str, Label]] = {
    "basic": gettext_lazy("basic"),
    "advanced": gettext_lazy("advanced"),
    "special": gettext_lazy("special"),
}
PHASES: Final[dict[str, Label]] = {
    "before": gettext_lazy("Before"),
    "during": gettext_lazy("During"),
    "after": gettext_lazy("After"),
}
WEEKDAYS: Final[dict[str, Label]] = {
    "mon": gettext_lazy("Monday"),
    "tue": gettext_lazy("Tuesday"),
    "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"),
    "fri": gettext_lazy("Friday"),
    "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}
PAVILIONS: Final[dict[str, Label]] = {
    "market": gettext_lazy("Market platform"),
    "private_platform": gettext_lazy("Private platforms"),
    "local_government_mall": gettext_lazy("Malls of local governments"),
}


@dataclass(frozen=True, slots=True)
class KindShown:
    """One kind of support: its code for marks, its title, its facts, and the tracks that get it."""

    code: str
    title: Label
    facts: list[Fact]
    tracks: list[str]


def show(kind: kinds.KindOfSupport, code: str, track_names: Callable[[Iterable[str]], list[str]]) -> KindShown:
    """A kind of support for the page; ``track_names`` turns track codes into names."""
    return KindShown(code, TITLES[kind.kind], _facts(kind), track_names(kind.tracks or []))


def _names(texts: Iterable[TextData]) -> list[str]:
    return [in_page_language(text) for text in texts]


@singledispatch
def _facts(kind: object) -> list[Fact]:
    raise TypeError(f"no page knows the kind {type(kind).__name__}")


@_facts.register
def _of_training(kind: kinds.Training) -> list[Fact]:
    courses = [
        _("%(name)s (%(level)s, %(hours)d hours; completed from %(share)s attendance)")
        % {
            "name": in_page_language(course.name),
            "level": LEVELS[course.level],
            "hours": course.hours,
            "share": percent(course.completion_attendance),
        }
        for course in kind.courses
    ]
    facts: list[Fact] = [(_("Courses"), courses), (_("Class"), _("%(count)d people") % {"count": kind.class_size})]
    if kind.community:
        facts.append((_("Afterwards"), _("A community of those who took part")))
    return facts


@_facts.register
def _of_consulting(kind: kinds.Consulting) -> list[Fact]:
    items = [
        in_page_language(item.name)
        + ("" if item.cap is None else _(" (up to %(sum)s a company)") % {"sum": won(item.cap)})
        for item in kind.items
    ]
    label = _("Choose up to %(count)d of") % {"count": kind.items_at_most}
    facts: list[Fact] = [(label, items)]
    if kind.basic:
        facts.append((_("For everybody"), _names(kind.basic)))
    when = str(PHASES[kind.phase])
    if kind.trigger == "weak_sales":
        when = _("Where sales stay low")
    facts.append((_("When"), when))
    return facts


@_facts.register
def _of_matching(kind: kinds.Matching) -> list[Fact]:
    partner = _("Dedicated seller") if kind.partner == "dedicated_seller" else _("Creator")
    facts: list[Fact] = [
        (_("Partner"), _("%(partner)s, %(count)d each") % {"partner": partner, "count": kind.per_applicant})
    ]
    if kind.partners is not None:
        facts.append((_("Partners to choose from"), str(kind.partners)))
    if kind.partner_must_have:
        facts.append((_("A partner has"), _names(kind.partner_must_have)))
    return facts


@_facts.register
def _of_content(kind: kinds.Content) -> list[Fact]:
    what = _("%(product)s, %(count)d for each company") % {
        "product": CONTENT[kind.product],
        "count": kind.pieces_per_company,
    }
    facts: list[Fact] = [(_("What is made"), what), (_("Form"), _names(kind.formats))]
    if kind.seconds is not None:
        facts.append((_("Length"), _("about %(seconds)d seconds") % {"seconds": kind.seconds}))
    if kind.rights_months is not None:
        facts.append((_("Right of use"), _("%(months)d months") % {"months": kind.rights_months}))
    return facts


@_facts.register
def _of_advertising(kind: kinds.Advertising) -> list[Fact]:
    medium = _("IPTV") if kind.medium == "iptv" else _("Social media")
    area = _("in your region") if kind.area == "region" else _("nationwide")
    shown = _("%(count)s for each company, %(area)s") % {"count": f"{kind.exposures:,}", "area": area}
    facts: list[Fact] = [(_("Medium"), medium), (_("Exposures"), shown)]
    if kind.spot_seconds is not None:
        facts.append((_("Spot"), _("about %(seconds)d seconds") % {"seconds": kind.spot_seconds}))
    return facts


@_facts.register
def _of_channels(kind: kinds.Channels) -> list[Fact]:
    facts: list[Fact] = [
        (_("Channels"), [str(CHANNELS[channel]) for channel in kind.channel_kinds]),
        (_("How"), str(MODES[kind.mode])),
    ]
    if kind.commission is not None:
        vat = {"included": _(", VAT included"), "excluded": _(", VAT not included"), None: ""}[kind.commission_vat]
        facts.append((_("Commission"), percent(kind.commission) + vat))
    if kind.products_at_most is not None:
        facts.append((_("Products"), _("up to %(count)d") % {"count": kind.products_at_most}))
    if kind.entry_review:
        facts.append((_("Entry"), _("The channel looks at each product before it goes on sale")))
    if kind.ships_abroad:
        facts.append((_("Shipping"), _("Shipping abroad is included")))
    return facts


@_facts.register
def _of_sales_events(kind: kinds.SalesEvents) -> list[Fact]:
    facts: list[Fact] = []
    if kind.events is not None:
        facts.append((_("Sales events"), _("%(count)d in the year") % {"count": kind.events}))
    for sort, label in (("category", _("By category")), ("season", _("By season"))):
        if themes := [theme for theme in kind.themes if theme.sort == sort]:
            facts.append((label, ", ".join(_names(theme.name for theme in themes))))
    places = {"online": _("online"), "offline": _("on site")}
    facts.append((_("Where"), ", ".join(places[place] for place in kind.places)))
    return facts


@_facts.register
def _of_broadcasts(kind: kinds.Broadcasts) -> list[Fact]:
    facts: list[Fact] = []
    if kind.shows is not None:
        facts.append((_("Shows"), _("%(count)d in the year") % {"count": kind.shows}))
    if kind.weekdays:
        facts.append((_("Days"), ", ".join(str(WEEKDAYS[day]) for day in kind.weekdays)))
    if kind.platforms is not None:
        facts.append((_("Sent to"), _("%(count)d platforms at once") % {"count": kind.platforms}))
    paid = [
        text
        for applies, text in (
            (kind.pays_entry_fee, _("Entry fee of the channel")),
            (kind.pays_production, _("Production of the video")),
        )
        if applies
    ]
    if paid:
        facts.append((_("Paid for you"), paid))
    if kind.choices:
        facts.append((_("Choose from"), _names(kind.choices)))
    return facts


@_facts.register
def _of_grants(kind: kinds.Grants) -> list[Fact]:
    return [
        (_("Milestones"), _names(kind.milestones)),
        (_("Reports"), _("every %(count)d months") % {"count": kind.reports_every_months}),
        (_("Settlement"), _("within %(count)d days of the end") % {"count": kind.settlement_within_days}),
    ]


@_facts.register
def _of_facilities(kind: kinds.Facilities) -> list[Fact]:
    rooms = [f"{in_page_language(room.name)} {room.count}" for room in kind.rooms]
    facts: list[Fact] = [(_("Rooms"), rooms)]
    if kind.companies_per_year is not None:
        facts.append((_("Supports"), _("%(count)s companies a year") % {"count": f"{kind.companies_per_year:,}"}))
    if kind.unmanned_sale:
        facts.append((_("Sale"), _("Unmanned sale")))
    return facts


@_facts.register
def _of_subscription(kind: kinds.Subscription) -> list[Fact]:
    weeks = ", ".join(_("every %(count)d weeks") % {"count": weeks} for weeks in kind.intervals_weeks)
    consent = _("%(count)d days before, with consent") % {"count": kind.consent_days}
    return [
        (_("Where"), [str(PAVILIONS[place]) for place in kind.pavilions]),
        (_("Delivery"), weeks),
        (_("A higher price"), consent),
    ]


@_facts.register
def _of_audition(kind: kinds.Audition) -> list[Fact]:
    return [
        (_("Heats"), str(len(kind.heats))),
        (_("Public vote"), _("%(share)s of the result") % {"share": percent(kind.public_vote)}),
        (_("Winners"), str(kind.winners)),
    ]
