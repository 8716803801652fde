"""Reading editions for pages; the number of queries never grows with the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils.translation import get_language

from panro.editions.models import EditionVersion, ProgrammeRow, RoundRow, VersionState
from panro.editions.rounds import ACCEPTING, intake_on

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor narrowed the list of programmes to; empty means everything."""

    pillar: str = ""
    unit: str = ""
    applicant: str = ""
    open_now: bool = False
    words: str = ""

    @property
    def any(self) -> bool:
        """Whether something is left out."""
        return bool(self.pillar or self.unit or self.applicant or self.open_now or self.words)


def public_versions() -> QuerySet[EditionVersion]:
    """The current version of every published edition, the newest year first; without the documents. One query."""
    return (
        EditionVersion.objects.filter(state=VersionState.PUBLISHED)
        .select_related("edition")
        .defer("document", "changes")
        .order_by("-opens", "-edition__code")
    )


def history(version: EditionVersion) -> list[EditionVersion]:
    """All published versions of the same edition, the newest first, with what changed. One query."""
    return list(
        EditionVersion.objects.filter(edition_id=version.edition_id)
        .exclude(state=VersionState.DRAFT)
        .defer("document")
        .order_by("-number")
    )


def programmes(version: EditionVersion, filters: Filters, day: date) -> list[ProgrammeRow]:
    """The programmes of a version that pass the filters, in the notice's order, with their rounds. Two queries."""
    rows = _with_rounds(version)
    if filters.pillar:
        rows = rows.filter(pillar=filters.pillar)
    if filters.unit:
        rows = rows.filter(unit=filters.unit)
    if filters.applicant:
        rows = rows.filter(applicants__contains=[filters.applicant])
    for word in filters.words.split():
        rows = (
            rows.filter(name_ko__icontains=word)
            | rows.filter(name_en__icontains=word)
            | (rows.filter(summary_ko__icontains=word) | rows.filter(summary_en__icontains=word))
        )
    found = list(rows)
    if filters.open_now:
        return [row for row in found if intake_on(rounds_of(row), day).state in ACCEPTING]
    return found


def rounds(version: EditionVersion) -> list[RoundRow]:
    """All rounds of a version with their programmes, in the notice's order. One query."""
    return list(
        RoundRow.objects.filter(programme__version=version)
        .select_related("programme")
        .order_by("programme__position", "position")
    )


def rounds_of(row: ProgrammeRow) -> Sequence[RoundRow]:
    """The rounds that came with a programme row."""
    return list(row.rounds.all())


def _with_rounds(version: EditionVersion) -> QuerySet[ProgrammeRow]:
    return (
        ProgrammeRow.objects.filter(version=version)
        .order_by("position")
        .prefetch_related(Prefetch("rounds", RoundRow.objects.order_by("position")))
    )


def programme_names(keys: Collection[str]) -> dict[str, str]:
    """Return what programmes are called now in the language of the page, by keys such as ``2021/3-1``. One query."""
    rows = ProgrammeRow.objects.filter(
        version__state=VersionState.PUBLISHED,
        version__edition__code__in={key.partition("/")[0] for key in keys},
        code__in={key.partition("/")[2] for key in keys},
    ).values_list("version__edition__code", "code", "name_ko", "name_en")
    korean = get_language() == "ko"
    found = {f"{edition}/{code}": ko if korean else en for edition, code, ko, en in rows}
    return {key: found[key] for key in keys if key in found}
