"""Applications and sheets as a reviewer sees them; of a blind stage nothing tells whose application it is."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from panro.evaluation.models import Assignment, ScoreDraft, ScoreVersion, SiteVisit, TimetableSlot
from panro.evaluation.states import RunState
from panro.evaluation.words import programme_name, rubric, stage_name, stage_of
from panro.intake.models import ChosenPaper, ChosenProduct
from panro.vault.kinds import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from panro.evaluation.models import Reviewer, StageRun


@dataclass(frozen=True, slots=True)
class StageShown:
    """A stage in a reviewer's list."""

    round_id: str
    programme: str
    name: str
    due: date | None
    total: int
    done: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """An application in a reviewer's list."""

    stage: StageShown
    assignment: UUID
    result_no: int
    name: str
    """Of the applicant; empty at a blind stage."""
    version: int


@dataclass(frozen=True, slots=True)
class LineShown:
    """One criterion beside what the applicant wrote about it and what was typed so far."""

    code: str
    name: str
    most: str
    step: str
    anchors: Sequence[str]
    statement: str
    points: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A paper that was handed in."""

    name: str
    number: str
    file: UUID | None


@dataclass(frozen=True, slots=True)
class SheetShown:
    """One application with its sheet."""

    assignment: UUID
    application: UUID
    party: UUID
    round_id: str
    programme: str
    stage: str
    result_no: int
    name: str
    blind: bool
    is_open: bool
    due: date | None
    lines: Sequence[LineShown]
    comment: str
    revision: int
    latest: int
    products: Sequence[str]
    papers: Sequence[PaperShown]
    slot: TimetableSlot | None
    visit: SiteVisit | None
    following: UUID | None
    """The next of this stage whose sheet is not handed in."""

    @property
    def next_args(self) -> list[UUID]:
        """Where to go after handing in: the next sheet, if there is one."""
        return [] if self.following is None else [self.following]

    def typed(self, points: Mapping[str, str], comment: str) -> SheetShown:
        """The same with what was just typed, so that nothing is lost."""
        lines = [dataclasses.replace(line, points=points.get(line.code, "")) for line in self.lines]
        return dataclasses.replace(self, lines=lines, comment=comment)

    def faulty(self, faults: Mapping[str, str]) -> SheetShown:
        """The same with what is wrong beside each criterion."""
        lines = [dataclasses.replace(line, fault=faults.get(line.code, "")) for line in self.lines]
        return dataclasses.replace(self, lines=lines)


def shown_list(rows: Iterable[Assignment]) -> Iterator[SheetRow]:
    """Rows of a reviewer's list, in the order given. No query once a process has read the notices."""
    found = list(rows)
    by_run: dict[UUID, list[Assignment]] = {}
    for row in found:
        by_run.setdefault(row.run_id, []).append(row)
    stages = {run: _stage(of[0].run, of) for run, of in by_run.items()}
    for row in found:
        name = "" if is_blind(row.run) else row.participant.application.party.name
        yield SheetRow(stages[row.run_id], row.pk, row.participant.result_no, name, row.latest)


def sheet_of(reviewer: Reviewer, assignment: UUID) -> SheetShown | None:
    """One of a reviewer's applications; None if it is not theirs, or not any more. Nine queries at most."""
    seat = (
        Assignment.objects.filter(
            Q(phase=0, run__state__in=[RunState.OPEN, RunState.CLOSED]) | Q(phase=1, appeal__sealed_at=None),
            pk=assignment,
            reviewer=reviewer,
            left_at=None,
        )
        .select_related("run__evaluation__version", "participant__application__party")
        .first()
    )
    if seat is None:
        return None
    run, application = seat.run, seat.participant.application
    blind = is_blind(run)
    draft = ScoreDraft.objects.filter(assignment=seat).first()
    points = dict(draft.points) if draft else _handed_in(seat)
    step = format(run.point_step.normalize(), "f")
    lines = [
        LineShown(
            line.code,
            line.name,
            line.most,
            step,
            line.anchors,
            str(application.answers.get(f"statement_{run.stage}_{line.code}", "")),
            points.get(line.code, ""),
        )
        for line in rubric(run)
    ]
    left = Assignment.objects.filter(run=run, reviewer=reviewer, left_at=None, latest=0, phase=seat.phase)
    left = left.filter(appeal=seat.appeal_id).exclude(pk=seat.pk)
    after = left.order_by("participant__result_no").values_list("pk", flat=True).first()
    return SheetShown(
        assignment=seat.pk,
        application=application.pk,
        party=application.party_id,
        round_id=run.evaluation.round_id,
        programme=programme_name(run.evaluation),
        stage=stage_name(run),
        result_no=seat.participant.result_no,
        name="" if blind else application.party.name,
        blind=blind,
        is_open=bool(seat.phase) or run.state == RunState.OPEN,
        due=run.due,
        lines=lines,
        comment=draft.comment if draft else "",
        revision=draft.revision if draft else 0,
        latest=seat.latest,
        products=[] if blind else _products(application.pk),
        papers=[] if blind else _papers(application.pk),
        slot=TimetableSlot.objects.filter(participant=seat.participant_id).first(),
        visit=SiteVisit.objects.filter(participant=seat.participant_id).first(),
        following=after,
    )


def is_blind(run: StageRun) -> bool:
    """Whether a stage is judged without knowing whose application it is."""
    stage = stage_of(run)
    return stage is not None and stage.blind


def _stage(run: StageRun, rows: Sequence[Assignment]) -> StageShown:
    done = sum(1 for row in rows if row.latest)
    evaluation = run.evaluation
    return StageShown(evaluation.round_id, programme_name(evaluation), stage_name(run), run.due, len(rows), done)


def _handed_in(seat: Assignment) -> dict[str, str]:
    if not seat.latest:
        return {}
    version = ScoreVersion.objects.get(assignment=seat, version=seat.latest)
    codes = [line.code for line in rubric(seat.run)]
    return {code: format(point.normalize(), "f") for code, point in zip(codes, version.points, strict=True)}


def _products(application: UUID) -> list[str]:
    rows = ChosenProduct.objects.filter(application=application).order_by("position")
    return list(rows.values_list("product__name", flat=True))


def _papers(application: UUID) -> list[PaperShown]:
    rows = ChosenPaper.objects.filter(application=application).select_related("paper").order_by("code", "paper_id")
    return [PaperShown(name_of(row.paper.kind), row.paper.number, row.paper.file_id) for row in rows]
