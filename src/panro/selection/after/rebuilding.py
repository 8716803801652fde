"""Building an addendum from rows: the procedure is asked, and says which panel or which sheets it still lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _

from panro.dossier.build import build_addendum
from panro.dossier.sources import Decision
from panro.evaluation import panels
from panro.evaluation.models import Assignment, StageRun
from panro.evaluation.sources import DatabaseReviewers
from panro.rules.selection.model import ELIGIBLE
from panro.selection.after.errors import AfterError
from panro.selection.building import built, salts_of
from panro.selection.models import UPHELD, Objection, ObjectionState, RoundCourse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from panro.dossier.model import RoundRecord
    from panro.dossier.sources import Departures, Sheet
    from panro.proof.canonical import Json
    from panro.rules.selection.model import Panel, Phase, Requirement
    from panro.rules.selection.round_rules import ScoredStage


class PanelNeededError(Exception):
    """The procedure asks for sheets of a panel that does not sit yet."""

    def __init__(self, stage: str, seats: Mapping[int, tuple[str, ...]]) -> None:
        super().__init__(stage)
        self.stage, self.seats = stage, seats


class SheetsNeededError(Exception):
    """A new panel sits, and not all of its sheets are in; ``missing`` says how many are not."""

    def __init__(self, stage: str, missing: int) -> None:
        super().__init__(stage)
        self.stage, self.missing = stage, missing


def objections_of(course: RoundCourse) -> QuerySet[Objection]:
    """All objections of a round, by result number."""
    return Objection.objects.filter(
        published__edition=course.version.edition.code,
        published__programme=course.programme,
        published__round=course.round_code,
    ).order_by("result_no", "pk")


def upheld_of(course: RoundCourse) -> list[Objection]:
    """What the next addendum has to judge. One query."""
    return list(objections_of(course).filter(state__in=UPHELD))


def scores_anew(one: Objection) -> bool:
    """Whether new panels judge it: it was referred to them, or its requirements are found to be met only now."""
    return one.decision is None or one.decision["requirement"] == ELIGIBLE


def build(course_id: UUID) -> RoundRecord:
    """Build the addendum that judges what is upheld now, after those before it.

    Raises:
        PanelNeededError, SheetsNeededError: what is still lacking.
        AfterError: nothing is upheld.
    """
    course = RoundCourse.objects.select_related("version__edition").get(pk=course_id)
    first, salts = built(course_id), salts_of(course)
    judged: dict[int, list[Objection]] = {}
    for one in objections_of(course).filter(state=ObjectionState.JUDGED).select_related("judged"):
        if one.judged is not None:
            judged.setdefault(one.judged.number, []).append(one)
    groups = [judged[number] for number in sorted(judged)] + [upheld_of(course)]
    if not groups[-1]:
        raise AfterError(_("No objection was upheld, so there is nothing to judge anew."))
    numbers: set[int] = set()
    decisions: dict[int, Decision] = {}
    made: RoundRecord | None = None
    for group in groups:
        numbers |= {one.result_no for one in group if scores_anew(one) and first.rules.stages}
        decisions |= {one.result_no: _decision(one.decision) for one in group if one.decision is not None}
        made = build_addendum(
            first,
            root=course.digest,
            objections=sorted(numbers),
            decisions=decisions,
            reviewers=_NewPanels(course.round_id),
            salts=salts,
            earlier=None if made is None else made.addendum,
        )
    return cast("RoundRecord", made)


def _decision(told: Mapping[str, Json]) -> Decision:
    return Decision(
        region=str(told["region"]),
        facts=cast("Mapping[str, Json]", told["facts"]),
        requirement=cast("Requirement", told["requirement"]),
        reason=str(told["reason"]),
        clause=str(told["clause"]),
        groups=tuple(cast("Sequence[str]", told["groups"])),
        bonus=tuple(cast("Sequence[str]", told["bonus"])),
    )


class _NewPanels:
    """Answers from rows as `DatabaseReviewers` does, and says so where a new panel is still to be seated or heard."""

    def __init__(self, round_id: str) -> None:
        self._rows = DatabaseReviewers(round_id)
        self._runs = {run.stage: run for run in StageRun.objects.filter(evaluation__round_id=round_id)}

    def panel(self, stage: ScoredStage, receipts: Mapping[int, str]) -> Panel:
        """As stored."""
        return self._rows.panel(stage, receipts)

    def departures(
        self, stage: ScoredStage, receipts: Mapping[int, str], seats: Mapping[int, tuple[str, ...]]
    ) -> Departures:
        """As stored."""
        return self._rows.departures(stage, receipts, seats)

    def sheets(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]], phase: Phase) -> Iterator[Sheet]:
        """As stored, once everybody sits and has handed in."""
        run = self._runs[stage.code]
        stored = panels.seats_of(run, 1) if phase else {}
        if phase and any(stored.get(number) != members for number, members in seats.items()):
            raise PanelNeededError(stage.code, seats)
        missing = (
            Assignment.objects.filter(
                run=run, phase=1, left_at=None, latest=0, participant__result_no__in=seats
            ).count()
            if phase
            else 0
        )
        if missing:
            raise SheetsNeededError(stage.code, missing)
        return iter(list(self._rows.sheets(stage, seats, phase)))
