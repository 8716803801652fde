"""Measure what matters, each figure beside a floor measured in the same run: ``make bench``.

A figure in seconds says as much about the machine as about the program. The floor is the least that must be done
anyway - hashing or sorting the same data with the standard library - so the ratio says something about the program.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

from figures import Figure, dossiers, million, proper, year
from publishing import publication
from rich.console import Console
from rich.table import Table
from web import SMALL, WHOLE, WebFigure, pages

if TYPE_CHECKING:
    from collections.abc import Callable

FULL = {"companies": 30_000, "applicants": 1_000_000, "round": 60_000, "published": 10_000}
QUICK = {"companies": 300, "applicants": 20_000, "round": 400, "published": 200}
MEASURES: Final[dict[str, tuple[Callable[[int, Path], list[Figure]], str]]] = {
    "million": (million, "applicants"),
    "proper": (proper, "round"),
    "dossiers": (dossiers, "round"),
    "year": (year, "companies"),
    "publication": (publication, "published"),
}
"""What is measured, and the size that it takes."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure Panro; see docs/benchmarks.md.")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that everything runs")
    parser.add_argument("--only", nargs="+", choices=[*MEASURES, "pages"], help="leave the others out")
    asked = parser.parse_args()
    quick, only = asked.quick, asked.only or [*MEASURES, "pages"]
    sizes = QUICK if quick else FULL
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 300)
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="panro-bench-") as scratch:
        for name in [name for name in MEASURES if name in only]:
            measure, size = MEASURES[name][0], sizes[MEASURES[name][1]]
            console.print(f"{measure.__doc__}", markup=False)
            # Each in a process of its own, so that its peak memory is its own.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
                found += apart.submit(measure, size, Path(scratch)).result()
        over_http: list[WebFigure] = []
        if "pages" in only:
            console.print(f"{pages.__doc__}", markup=False)
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
                over_http = apart.submit(pages, SMALL if quick else WHOLE, Path(scratch)).result()
    if found:
        console.print(_table(found))
    if over_http:
        console.print(_table_of_pages(over_http))
    console.print(f"CPython {platform.python_version()}, {platform.machine()}")
    kept = all(figure.holds for figure in found) and all(figure.holds for figure in over_http)
    return 0 if kept or quick else 1


def _table(figures: list[Figure]) -> Table:
    table = Table(title="Panro, measured", title_justify="left")
    for name in (
        "what",
        "size",
        "seconds",
        "processor",
        "limit",
        "floor",
        "floor seconds",
        "ratio",
        "peak memory, MiB",
    ):
        table.add_column(name, justify="left" if name in {"what", "floor"} else "right")
    for one in figures:
        table.add_row(
            one.what,
            f"{one.size:,}",
            f"{one.seconds:.2f}",
            f"{one.processor:.2f}",
            "" if one.limit is None else f"{one.limit:.0f}",
            one.floor,
            f"{one.floor_seconds:.3f}",
            f"{one.ratio:.1f}",
            "" if one.memory is None else f"{one.memory:,.0f}",
        )
    return table


def _table_of_pages(figures: list[WebFigure]) -> Table:
    table = Table(title="Over HTTP", title_justify="left")
    for name in ("what", "measured", "beside", "limit"):
        table.add_column(name)
    for one in figures:
        table.add_row(one.what, one.figure, one.beside, "kept" if one.holds else "not kept")
    return table


if __name__ == "__main__":
    sys.exit(main())
