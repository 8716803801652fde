"""What the doctor looks at: whether sealed scores, their seal and the record still say the same, and the panels too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db.models import Count, F

from panro.evaluation import panels
from panro.evaluation.models import Assignment, Evaluation, StageRun
from panro.evaluation.seals import commitments
from panro.evaluation.states import RunState
from panro.record import doctor
from panro.record.doctor import Broken, Check
from panro.record.models import Entry
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.sealing import scores_root

if TYPE_CHECKING:
    from collections.abc import Iterator

SCORES = "evaluation: scores are those that were handed in and sealed"
PANELS = "evaluation: panels are those that the public procedure deals"
SHEETS = "evaluation: every seat knows how many versions its sheet has"


def register_checks() -> None:
    """Hand the checks of this room to the doctor."""
    doctor.register(Check(SCORES, scores))
    doctor.register(Check(PANELS, dealt))
    doctor.register(Check(SHEETS, sheets))


def scores() -> Iterator[Broken]:
    """Scores with another commitment than was stored with them, and seals with another root or count."""
    sealed = {entry.subject: json.loads(entry.document) for entry in Entry.objects.filter(act="evaluation_sealed")}
    for evaluation in Evaluation.objects.order_by("round_id"):
        found = []
        for commitment, recomputed, where in commitments(evaluation):
            found.append(recomputed)
            if commitment != recomputed:
                yield Broken(f"round {evaluation.round_id}, score {where}", commitment, recomputed or "no score")
        if evaluation.sealed_at is None:
            continue
        root, said = scores_root(found), sealed.get(f"round:{evaluation.round_id}", {})
        if root != evaluation.scores_root:
            yield Broken(f"round {evaluation.round_id}, root of scores", evaluation.scores_root, root)
        if (said.get("root"), said.get("count")) != (root, len(found)):
            where = f"round {evaluation.round_id}, seal in the record"
            yield Broken(where, f"{said.get('count')} scores, {said.get('root')}", f"{len(found)} scores, {root}")


def dealt() -> Iterator[Broken]:
    """Panels that the procedure does not give."""
    runs = (
        StageRun.objects.exclude(state=RunState.DRAFT)
        .select_related("evaluation")
        .annotate(people=Count("participants"))
    )
    for run in runs.filter(people__gt=0).order_by("evaluation__round_id", "position"):
        where = f"round {run.evaluation.round_id}, stage {run.stage}, panels"
        stored = panels.seats_of(run)
        try:
            stage = panels.rules_of(run.evaluation).stage(run.stage)
            seats = panels.deal(run.evaluation, stage, panels.stage_rows(run)).seats
        except SelectionError as wrong:
            yield Broken(where, str(wrong), "others")
            continue
        if stored != dict(seats):
            yield Broken(where, panels.panels_digest(seats), panels.panels_digest(stored))


def sheets() -> Iterator[Broken]:
    """Seats whose newest version is not the last of as many."""
    rows = Assignment.objects.annotate(count=Count("versions")).exclude(count=F("latest"))
    for row in rows.order_by("pk").only("latest").iterator(2_000):
        yield Broken(f"seat {row.pk}, versions", str(row.latest), str(getattr(row, "count", "")))
