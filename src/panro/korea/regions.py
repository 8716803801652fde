"""Provinces (시·도) by date: which existed when, which took over from which.

Codes change while programmes run: Gangwon 42 became 51 in 2023, Jeonbuk 45 became 52 in 2024, Gwangju 29
and Jeonnam 46 became 12 in 2026. A cap per province must therefore compare provinces as of one date.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict

from panro.korea.tables import (
    FORBID_UNKNOWN,
    Confidence,
    Day,
    Flag,
    Whole,
    file_text,
    packaged_text,
    read_table,
    table_error,
)
from panro.korea.text import ExplainedError, Text, compatibility_form, with_particle


class RegionError(ExplainedError):
    """A region code or a date is not in the table."""


@dataclass(frozen=True, slots=True)
class Region:
    """One province between two dates, both inclusive; no `valid_to` means until further notice."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    code: str
    rank: Whole
    name_ko: str
    name_en: str
    short_ko: str
    short_en: str
    capital: Flag
    valid_from: Day
    source: str
    confidence: Confidence
    valid_to: Day | None = None
    succeeded_by: str | None = None

    def valid_on(self, day: date) -> bool:
        """Return whether the province existed under this code on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class _Layout:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    covers_from: Day
    region: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class _Epoch:
    """The days between two changes of the table: everything a look-up needs, worked out once."""

    regions: tuple[Region, ...]
    by_code: dict[str, Region]
    current: dict[str, str]


class RegionTable:
    """A checked table of regions; look-ups are a bisection over its few dates of change and a dict."""

    def __init__(self, covers_from: date, rows: Iterable[Region], *, name: str) -> None:
        self.name = name
        self.covers_from = covers_from
        self.rows = tuple(sorted(rows, key=lambda row: (row.rank, row.code)))
        self._by_code = {row.code: row for row in self.rows}
        self._check()
        changes = {covers_from} | {row.valid_from for row in self.rows}
        changes |= {row.valid_to + timedelta(days=1) for row in self.rows if row.valid_to is not None}
        self._changes = sorted(day for day in changes if day >= covers_from)
        self._epochs = [self._epoch(day) for day in self._changes]

    def _check(self) -> None:
        if len(self._by_code) != len(self.rows):
            raise table_error(
                self.name, "region.code", "같은 코드가 두 번 있습니다.", "a code stands twice; give each once"
            )
        for row in self.rows:
            self._check_row(row)

    def _check_row(self, row: Region) -> None:
        where = f"region {row.code}"
        if row.valid_to is not None and row.valid_to < row.valid_from:
            raise table_error(
                self.name, where, "valid_to가 valid_from보다 앞섭니다.", "valid_to lies before valid_from"
            )
        if row.succeeded_by is None:
            return
        heir = self._by_code.get(row.succeeded_by)
        if row.valid_to is None or heir is None or heir.valid_from != row.valid_to + timedelta(days=1):
            raise table_error(
                self.name,
                where,
                "succeeded_by는 valid_to 다음 날 시작하는 코드여야 합니다.",
                "succeeded_by must name a code that begins on the day after valid_to",
            )

    def _epoch(self, day: date) -> _Epoch:
        regions = tuple(row for row in self.rows if row.valid_on(day))
        by_code = {row.code: row for row in regions}
        current: dict[str, str] = {}
        for row in self.rows:
            heir: Region | None = row
            while heir is not None and heir.valid_to is not None and heir.valid_to < day:
                heir = self._by_code.get(heir.succeeded_by or "")
            if heir is not None and heir.code in by_code:
                current[row.code] = heir.code
        return _Epoch(regions, by_code, current)

    def _on(self, day: date) -> _Epoch:
        place = bisect_right(self._changes, day) - 1
        if place < 0:
            raise RegionError(
                Text(
                    ko=f"지역 표는 {self.covers_from}부터 있습니다. {day}보다 늦은 날짜를 써 주세요.",
                    en=f"the table of regions begins on {self.covers_from}; give a later date than {day}",
                )
            )
        return self._epochs[place]

    def regions_on(self, day: date) -> tuple[Region, ...]:
        """Return the provinces that existed on that day, in the customary order of listing.

        Raises:
            RegionError: the day lies before the table.
        """
        return self._on(day).regions

    def region(self, code: str, *, on: date) -> Region:
        """Return the province that bore this code on that day.

        Raises:
            RegionError: no province bore the code then; the message names the code to use instead.
        """
        found = self._on(on).by_code.get(code)
        if found is None:
            raise self._not_on(code, on)
        return found

    def current_code(self, code: str, *, on: date) -> str:
        """Return the code of the province on that day, following succession from an older code.

        Raises:
            RegionError: the code is unknown, begins only later, or ended without a successor.
        """
        found = self._on(on).current.get(code)
        if found is None:
            raise self._not_on(code, on)
        return found

    def same_region(self, first: str, second: str, *, on: date) -> bool:
        """Return whether two codes, old or new, mean one province on that day.

        Raises:
            RegionError: as `current_code`.
        """
        return self.current_code(first, on=on) == self.current_code(second, on=on)

    def region_named(self, name: str, *, on: date) -> Region:
        """Return the province with this code or this full or short name, Korean or English, on that day.

        A former name or code leads to the successor: addresses keep old names for years.

        Raises:
            RegionError: no or more than one province bears the name.
        """
        wanted = compatibility_form(name).strip().casefold()
        epoch = self._on(on)
        codes = {
            epoch.current[row.code]
            for row in self.rows
            if row.code in epoch.current
            and wanted
            in {known.casefold() for known in (row.code, row.name_ko, row.name_en, row.short_ko, row.short_en)}
        }
        if len(codes) != 1:
            raise RegionError(
                Text(
                    ko=f"{on} 기준으로 {with_particle(f'“{name}”', '을/를')} 찾을 수 없습니다. "
                    f"다음 가운데 하나를 써 주세요: {', '.join(row.short_ko for row in epoch.regions)}",
                    en=f'no region "{name}" on {on}; use one of: {", ".join(row.short_en for row in epoch.regions)}',
                )
            )
        return epoch.by_code[codes.pop()]

    def _not_on(self, code: str, day: date) -> RegionError:
        row = self._by_code.get(code)
        if row is None:
            known = ", ".join(other.code for other in self._on(day).regions)
            return RegionError(
                Text(
                    ko=f"{with_particle(f'지역 코드 {code!r}', '이/가')} 표에 없습니다. "
                    f"다음 가운데 하나를 써 주세요: {known}",
                    en=f"region code {code!r} is not in the table; use one of: {known}",
                )
            )
        subject = with_particle(f"지역 코드 {code}", "은/는")
        if day < row.valid_from:
            before = ", ".join(other.code for other in self.rows if other.succeeded_by == code) or "-"
            return RegionError(
                Text(
                    ko=f"{subject} {row.valid_from}부터 쓰입니다. {day}에는 {before} 코드를 써 주세요.",
                    en=f"region code {code} begins on {row.valid_from}; on {day} use {before}",
                )
            )
        now = self._on(day).current.get(code, "-")
        return RegionError(
            Text(
                ko=f"{subject} {row.valid_to}까지 쓰였습니다. {day}에는 {now} 코드를 써 주세요.",
                en=f"region code {code} ended on {row.valid_to}; on {day} use {now}",
            )
        )


def read_regions(text: str, name: str) -> RegionTable:
    """Return the table of regions in a TOML text.

    Raises:
        TableError: a key is unknown or missing, a code stands twice, or a succession does not close.
    """
    layout = read_table(_Layout, text, name)
    return RegionTable(layout.covers_from, layout.region, name=name)


def load_regions(path: Path) -> RegionTable:
    """Return the table of regions in a file, as `read_regions`."""
    return read_regions(file_text(path), str(path))


@cache
def region_table() -> RegionTable:
    """Return the table that is delivered with the program."""
    return read_regions(packaged_text("regions.toml"), "regions.toml")


def regions_on(day: date) -> tuple[Region, ...]:
    """Return the provinces on that day in the delivered table, as `RegionTable.regions_on`."""
    return region_table().regions_on(day)


def region(code: str, *, on: date) -> Region:
    """Return the province with this code on that day, as `RegionTable.region`."""
    return region_table().region(code, on=on)


def current_code(code: str, *, on: date) -> str:
    """Return the code of the same province on that day, as `RegionTable.current_code`."""
    return region_table().current_code(code, on=on)


def same_region(first: str, second: str, *, on: date) -> bool:
    """Return whether both codes mean one province on that day, as `RegionTable.same_region`."""
    return region_table().same_region(first, second, on=on)
