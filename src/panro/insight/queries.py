"""Reading figures and exports; the number of queries never grows with the rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from panro.editions.documents import edition_of
from panro.editions.words import in_page_language
from panro.insight.models import ExportJob, Figure, FigureSet, Theme
from panro.staff import access
from panro.staff.states import Role
from panro.ui.pager import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.rules.edition.base import TextData
    from panro.rules.edition.model import Edition
    from panro.rules.edition.programme import Programme
    from panro.ui.pager import Page

type Counts = Mapping[str, int]

SHOWN: Final = 30
_BY_ROUND: Final = (Theme.ROUND, Theme.PANEL)
_SUMMED: Final = tuple(theme for theme in Theme if theme not in _BY_ROUND)


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """What is counted of one round; ``seats`` None where the notice says no number."""

    programme: str
    code: str
    name: str
    seats: int | None
    started: int
    applied: int
    eligible: int
    evaluated: int
    selected: int


@dataclass(frozen=True, slots=True)
class StageFigures:
    """How far the panels of one stage are."""

    label: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class TallyFigures:
    """One announced figure, and what was given so far."""

    name: TextData
    target: int
    given: int


@dataclass(frozen=True, slots=True)
class Season:
    """The figures of one edition, narrowed to a programme or a round; everything else is over all of it."""

    edition: Edition
    figures: FigureSet
    programme: str
    round_code: str
    programmes: Sequence[Programme]
    rounds: Sequence[RoundFigures]
    stages: Sequence[StageFigures]
    tallies: Sequence[TallyFigures]
    regions: Mapping[str, Counts]
    industries: Mapping[str, Counts]
    groups: Mapping[str, Counts]
    ages: Mapping[str, Counts]
    supplements: Mapping[str, Counts]

    @property
    def group_names(self) -> dict[str, str]:
        """Names of the preferred groups by code."""
        return {group.code: in_page_language(group.name) for group in self.edition.head.groups}

    @property
    def round_seats(self) -> int | None:
        """The places of the one round that is shown."""
        return self.rounds[0].seats if len(self.rounds) == 1 else None


def season(version: EditionVersion, programme: str = "", round_code: str = "") -> Season | None:
    """Return the figures of an edition; None if nobody has counted yet. Three queries.

    Args:
        version: the edition in force.
        programme: its code; empty for all.
        round_code: a round of that programme; empty for all.
    """
    figures = FigureSet.objects.filter(edition=version.edition_id).first()
    if figures is None:
        return None
    edition = edition_of(version)
    rows = Figure.objects.filter(figures=figures)
    by_round: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    stages: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    told = rows.filter(theme__in=_BY_ROUND).exclude(round_code="")
    columns = ("theme", "programme", "round_code", "key", "measure", "count")
    for theme, of, code, key, measure, count in told.values_list(*columns):
        found = by_round if theme == Theme.ROUND else stages
        found[of, code, key][measure] = count
    summed: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    sums = rows.filter(theme__in=_SUMMED, programme=programme, round_code=round_code)
    for about, name, of_what, number in sums.values_list("theme", "key", "measure", "count"):
        summed[about][name][of_what] = number
    everything = [one for row in edition.programmes for one in _rounds(row, by_round)]
    chosen = [
        one for one in everything if programme in ("", one.programme) and (not round_code or one.code == round_code)
    ]
    return Season(
        edition=edition,
        figures=figures,
        programme=programme,
        round_code=round_code,
        programmes=[one for one in edition.programmes if programme in ("", one.code)],
        rounds=chosen,
        stages=_stages(edition, stages, programme, round_code),
        tallies=_tallies(edition, everything),
        regions=summed[Theme.REGION],
        industries=summed[Theme.INDUSTRY],
        groups=summed[Theme.GROUP],
        ages=summed[Theme.AGE],
        supplements=summed[Theme.SUPPLEMENT],
    )


def exports(user: User, *, cursor: str | None = None) -> Page[ExportJob]:
    """Return one page of the exports that somebody may see, the newest first. One query.

    Raises:
        BadCursorError: the cursor is none of this list.
    """
    rows = ExportJob.objects.select_related("asked_by", "edition")
    if not access.has(user, Role.CHIEF):
        rows = rows.filter(asked_by=user)
    return paginate(rows, order=["-asked_at", "-id"], cursor=cursor, size=SHOWN)


def export(job: UUID) -> ExportJob | None:
    """Return one export; None if there is none. One query."""
    return ExportJob.objects.select_related("asked_by", "edition").filter(pk=job).first()


def _rounds(programme: Programme, counted: Mapping[tuple[str, str, str], Mapping[str, int]]) -> Iterable[RoundFigures]:
    for round_ in programme.rounds:
        counts = counted.get((programme.code, round_.code, ""), {})
        yield RoundFigures(
            programme=programme.code,
            code=round_.code,
            name=in_page_language(round_.name),
            seats=round_.seats,
            started=counts.get("started", 0),
            applied=counts.get("applied", 0),
            eligible=counts.get("eligible", 0),
            evaluated=counts.get("evaluated", 0),
            selected=counts.get("selected", 0),
        )


def _stages(
    edition: Edition, counted: Mapping[tuple[str, str, str], Counts], programme: str, round_code: str
) -> list[StageFigures]:
    found = []
    for (of, code, key), counts in sorted(counted.items()):
        if (programme and of != programme) or (round_code and code != round_code):
            continue
        stage = key.partition(":")[2]
        known = next((one for one in edition.programmes if one.code == of), None)
        names = {one.code: in_page_language(one.name) for one in known.stages} if known else {}
        found.append(StageFigures(f"{of} {code} {names.get(stage, stage)}", counts))
    return found


def _tallies(edition: Edition, rounds: Sequence[RoundFigures]) -> list[TallyFigures]:
    units = {programme.code: programme.unit for programme in edition.programmes}
    return [
        TallyFigures(
            tally.name, tally.target, sum(one.selected for one in rounds if units[one.programme] in tally.units)
        )
        for tally in edition.head.tallies
    ]
