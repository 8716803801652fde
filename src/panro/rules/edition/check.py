"""Checking a year as a whole, before it is shown to anybody: names, places, dates, rules and sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from panro.rules.edition.figures import figures_without_source, paths
from panro.rules.edition.places import place_problems, place_warnings
from panro.rules.edition.problems import HEAD_FILE, Problem, programme_file
from panro.rules.edition.references import reference_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from panro.rules.edition.model import Edition, EditionHead
    from panro.rules.edition.programme import Programme


@dataclass(frozen=True, slots=True)
class EditionReport:
    """What a check found: an edition with ``errors`` must not be published, ``warnings`` are for a second look."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_edition(edition: Edition) -> EditionReport:
    """Check what one file alone cannot show.

    Errors: a name used twice or standing for nothing; a rule or its parameters unknown; rounds outside the window;
    places that exceed the quota; weights, cuts and limits that do not fit; a figure without a source. Each is reported
    at its place; a round is frozen for trial only once its names and places are in order.
    """
    names = list(reference_problems(edition))
    errors = [*names, *_source_problems(HEAD_FILE, edition.head), *_calendar_problems(edition)]
    broken = {problem.file for problem in names}
    for programme in edition.programmes:
        file = programme_file(programme.code)
        errors += _source_problems(file, programme)
        if not broken & {file, HEAD_FILE}:
            errors += place_problems(edition, programme)
    whole = [] if errors else edition.programmes
    warnings = [warning for programme in whole for warning in place_warnings(edition, programme)]
    return EditionReport(tuple(errors), tuple(warnings))


def _source_problems(file: str, part: Programme | EditionHead) -> Iterator[Problem]:
    for figure in figures_without_source(part):
        yield Problem(file, figure.path, f"{figure.value} without a source", "a source whose 'of' covers this key")
    there = paths(part)
    for number, source in enumerate(part.sources, start=1):
        for of in source.of:
            if of not in there:
                yield Problem(
                    file, f"sources.{number}.of", f"'{of}'", "a key of this file (entries of lists by their code)"
                )


def _calendar_problems(edition: Edition) -> Iterator[Problem]:
    for event in edition.head.calendar:
        if event.ends < event.starts:
            yield Problem(
                HEAD_FILE, f"calendar.{event.code}.ends", str(event.ends), f"{event.starts} or later, its start"
            )
