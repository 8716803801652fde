"""The figures of an edition and where each comes from, so that a page can mark what is no public fact.

A figure is a number, a decimal or a date. Its path is dotted; entries of lists go by their code (see
`problems.entry_labels`): ``tracks.listing.seats``, ``stages.paper.rubric.product.max``, ``rounds.R1.closes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from panro.rules.edition.problems import entry_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from panro.rules.edition.model import EditionHead
    from panro.rules.edition.parts import Source
    from panro.rules.edition.programme import Programme

type FigureValue = int | Decimal | date

NOT_PUBLIC: Final = ("reading", "decision", "illustrative")
"""The kinds of sources that a page marks wherever their figures are shown."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure at its place."""

    path: str
    value: FigureValue


def figures(part: Programme | EditionHead) -> list[Figure]:
    """List every figure that the data states, in its order; defaults and the sources themselves are none."""
    data = part.model_dump(mode="python", exclude_defaults=True, exclude={"sources"})
    return list(_walk(data, ""))


def paths(part: Programme | EditionHead) -> set[str]:
    """Give the path of every place in the data, tables and lists included, defaults too."""
    data = part.model_dump(mode="python", exclude={"sources"})
    return {path for path, _ in _places(data, "")}


def find_source(part: Programme | EditionHead, path: str) -> Source | None:
    """Return the source whose longest path covers the given one, None if none does.

    A source lists whole keys: ``rounds`` covers ``rounds.R1.closes``, ``rounds.R`` covers nothing. Of two that are
    equally long the first counts.
    """
    best: tuple[int, Source] | None = None
    for source in part.sources:
        for of in source.of:
            covers = path == of or path.startswith(f"{of}.")
            if covers and (best is None or len(of) > best[0]):
                best = (len(of), source)
    return best[1] if best else None


def source_of(part: Programme | EditionHead, path: str) -> Source:
    """Return the source of a figure, or of a whole part such as ``stages``.

    Raises:
        KeyError: no source covers the path; an edition that passed its check has one for every figure.
    """
    source = find_source(part, path)
    if source is None:
        raise KeyError(f"no source covers {path} of {part.code}")
    return source


def figures_without_source(part: Programme | EditionHead) -> list[Figure]:
    """List the figures that no source covers."""
    return [figure for figure in figures(part) if find_source(part, figure.path) is None]


def _walk(value: object, path: str) -> Iterator[Figure]:
    for place, inner in _places(value, path):
        if isinstance(inner, int | Decimal | date) and not isinstance(inner, bool):
            yield Figure(place, inner)


def _places(value: object, path: str) -> Iterator[tuple[str, object]]:
    if path:
        yield path, value
    for label, inner in _entries(value):
        yield from _places(inner, f"{path}.{label}" if path else label)


def _entries(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from zip(entry_labels(value), value, strict=True)
