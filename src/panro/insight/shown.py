"""A table with its chart, as a page shows it, and how counts and shares are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from panro.ui.templatetags.ui import percent

WHOLE: Final = 10_000
SIZES: Final = (4, 8, 16, 32, 64, 128)
"""Bars for which there is a height of its own."""


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart. ``tone`` is one of the colours that the page's script knows."""

    name: str
    values: list[int]
    tone: str

    def to_json(self) -> dict[str, object]:
        """As the page's script reads it."""
        return {"name": self.name, "values": self.values, "tone": self.tone}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table; ``level`` 1 stands under the one before it."""

    label: str
    cells: list[str]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """A table with its chart. Without lines the page says ``nothing``."""

    code: str
    title: str
    note: str
    head: str
    columns: list[str]
    lines: list[Line]
    nothing: str
    labels: list[str] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    stacked: bool = False

    @property
    def data_id(self) -> str:
        """Where in the page :attr:`data` stands."""
        return f"{self.code}-data"

    @property
    def data(self) -> dict[str, object]:
        """What the chart draws."""
        series = [one.to_json() for one in self.series]
        return {"labels": self.labels, "series": series, "stacked": self.stacked}

    @property
    def size(self) -> str:
        """The class that gives the chart its height: bars of a stack lie on one line."""
        bars = len(self.labels) * (1 if self.stacked else len(self.series))
        return next((f"bars-{most}" for most in SIZES if bars <= most), "bars-256")


def number(value: int) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,}"


def places(value: int | None) -> str:
    """How many places there are; a dash where nobody said."""
    return "–" if value is None else f"{value:,}"


def share(count: int, whole: int | None) -> str:
    """A share as a percentage with at most one decimal; a dash of nothing."""
    return "–" if not whole else percent(round(count * WHOLE / whole / 10) * 10)


def with_share(count: int, whole: int) -> tuple[str, str]:
    """A count, and its share of the whole."""
    return number(count), share(count, whole)
