"""What happens in a year, day by day, and how a calendar program reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from panro.editions.words import column, in_page_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from panro.editions.models import RoundRow
    from panro.editions.words import Label
    from panro.rules.edition.model import Edition

FOLDED_AT: Final = 73  # octets of content on a line of iCalendar beside the leading space (RFC 5545, 3.1)


class Sort(StrEnum):
    """What sort of day it is."""

    OPENS = "opens"
    CLOSES = "closes"
    RESULTS = "results"
    EVENT = "event"


SORTS: Final[dict[Sort, tuple[Label, str]]] = {
    Sort.OPENS: (gettext_lazy("Opens"), "success"),
    Sort.CLOSES: (gettext_lazy("Closes"), "warning"),
    Sort.RESULTS: (gettext_lazy("Results day"), "primary"),
    Sort.EVENT: (gettext_lazy("Sales event"), "information"),
}
ORDER: Final = tuple(Sort)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One thing that happens, on one day or from ``day`` to ``until``; ``uid`` names it for calendar programs."""

    day: date
    until: date
    sort: Sort
    title: str
    note: str
    address: str
    uid: str

    @property
    def label(self) -> Label:
        """What sort it is, in words."""
        return SORTS[self.sort][0]

    @property
    def badge(self) -> str:
        """The kind of badge that shows it."""
        return SORTS[self.sort][1]

    @property
    def lasts(self) -> bool:
        """Whether it takes more than a day."""
        return self.until > self.day


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day on which something happens."""

    day: date
    occasions: list[Occasion]
    is_today: bool


@dataclass(frozen=True, slots=True)
class MonthShown:
    """A month, its days, and whether it is the present one or past."""

    first: date
    days: list[DayShown]
    is_present: bool
    is_past: bool

    @property
    def anchor(self) -> str:
        """Where the month stands on the page."""
        return f"m{self.first:%Y-%m}"

    @property
    def closings(self) -> int:
        """How many rounds close."""
        return sum(one.sort is Sort.CLOSES for shown in self.days for one in shown.occasions)

    @property
    def events(self) -> list[str]:
        """Names of the sales events that begin."""
        return [one.title for shown in self.days for one in shown.occasions if one.sort is Sort.EVENT]


def occasions_of(edition: Edition, rounds: Sequence[RoundRow]) -> list[Occasion]:
    """Everything that happens in a year, by day; on one day openings before closings before results before events."""
    found = [occasion for row in rounds for occasion in _of_round(row, edition.head.code)]
    found += [
        Occasion(
            day=event.starts,
            until=event.ends,
            sort=Sort.EVENT,
            title=in_page_language(event.name),
            note="",
            address="",
            uid=f"{edition.head.code}-{event.code}",
        )
        for event in edition.head.calendar
    ]
    return sorted(found, key=lambda one: (one.day, ORDER.index(one.sort)))


def months_of(occasions: Sequence[Occasion], day: date) -> list[MonthShown]:
    """The months in which something happens, in order."""
    months = []
    for first, inside in groupby(occasions, key=lambda one: one.day.replace(day=1)):
        days = [
            DayShown(when, list(same), is_today=when == day) for when, same in groupby(inside, key=lambda one: one.day)
        ]
        present = day.replace(day=1)
        months.append(MonthShown(first, days, is_present=first == present, is_past=first < present))
    return months


def feed_text(occasions: Sequence[Occasion], *, code: str, stamp: datetime, address: Callable[[str], str]) -> str:
    """The occasions as iCalendar (RFC 5545); whole days, the end exclusive, lines folded, CRLF.

    Args:
        occasions: what happens.
        code: the edition's code.
        stamp: when the edition was published (aware).
        address: makes a path absolute.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Panro//{code}//KO", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for one in occasions:
        title = f"[{one.label}] {one.title}" + (f" {one.note}" if one.note else "")
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.uid}@panro",
            f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.until + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(title)}",
            *([f"URL:{address(one.address)}"] if one.address else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _of_round(row: RoundRow, code: str) -> list[Occasion]:
    programme = row.programme
    address = reverse("editions:programme", args=[programme.code])
    days = ((Sort.OPENS, row.opens), (Sort.CLOSES, row.closes), (Sort.RESULTS, row.results_on))
    return [
        Occasion(
            day=day,
            until=day,
            sort=sort,
            title=_("%(code)s %(name)s") % {"code": programme.code, "name": column(programme, "name")},
            note=column(row, "name"),
            address=address,
            uid=f"{code}-{programme.code}-{row.code}-{sort}",
        )
        for sort, day in days
    ]


def _escaped(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold at 75 octets without cutting a sign in two."""
    parts, rest = [""], 0
    for sign in line:
        size = len(sign.encode())
        if rest + size > FOLDED_AT:
            parts.append("")
            rest = 0
        parts[-1] += sign
        rest += size
    return "\r\n ".join(parts)
