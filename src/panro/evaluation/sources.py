"""What the builder of a dossier asks of reviewers, answered from rows (`panro.dossier.sources.Reviewers`)."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from panro.dossier.salts import SystemSalts
from panro.dossier.sources import Departures, Sheet
from panro.evaluation import panels
from panro.evaluation.models import Evaluation, ScoreVersion, StageRun
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.model import Panel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from panro.dossier.salts import Salts
    from panro.rules.selection.model import Phase
    from panro.rules.selection.round_rules import ScoredStage


class DatabaseReviewers:
    """Answers for one round, stage by stage; for each stage the same number of queries, whatever its size."""

    def __init__(self, round_id: str) -> None:
        self._evaluation = Evaluation.objects.get(round_id=round_id)
        self._runs = {run.stage: run for run in StageRun.objects.filter(evaluation=self._evaluation)}
        self._rows: dict[str, panels.StageRows] = {}
        self._told: dict[str, tuple[int, set[str]]] = {}

    @property
    def assignment_value(self) -> str:
        """The value of the public event by which the panels were dealt."""
        return self._evaluation.assignment_value

    def panel(self, stage: ScoredStage, receipts: Mapping[int, str]) -> Panel:
        """Give roster and conflicts as frozen when the stage was assigned.

        Raises:
            SelectionError: others take part than those that were judged.
        """
        rows = self._rows[stage.code] = panels.stage_rows(self._runs[stage.code])
        if dict(rows.receipts) != dict(receipts):
            raise SelectionError(f"stage {stage.code}: those who take part are not those whose panels were dealt")
        self._told[stage.code] = (0, set())
        return Panel(rows.panel.roster, rows.panel.conflicts)

    def departures(
        self, stage: ScoredStage, receipts: Mapping[int, str], seats: Mapping[int, tuple[str, ...]]
    ) -> Departures:
        """Give who left, in the order in which it happened; in as many goes as somebody resigned in between."""
        del receipts, seats
        panel = self._rows[stage.code].panel
        done, told = self._told[stage.code]
        gone = [one.reviewer for one in panel.resigned if one.after == done and one.reviewer not in told]
        after = min((one.after for one in panel.resigned if one.after > done), default=len(panel.replaced))
        self._told[stage.code] = (after, told | set(gone))
        return Departures(panel.replaced[done:after], tuple(gone))

    def sheets(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]], phase: Phase) -> Iterator[Sheet]:
        """Give every version of every sheet, those of replaced reviewers too.

        Raises:
            SelectionError: the panels of the evaluation are not the stored ones.
        """
        run = self._runs[stage.code]
        if phase == 0 and panels.seats_of(run) != dict(seats):
            raise SelectionError(f"stage {stage.code}: the stored panels are not those that the procedure gives")
        rows = ScoreVersion.objects.filter(assignment__run=run, assignment__phase=phase).order_by()
        for number, reviewer, version, points, at in rows.values_list(
            "assignment__participant__result_no", "assignment__reviewer__code", "version", "points", "at"
        ):
            if phase == 0 or number in seats:
                yield Sheet(number, reviewer, version, tuple(points), at.astimezone(UTC))


class DatabaseSalts:
    """The salts that were fixed with panels and scores; all others come from elsewhere."""

    def __init__(self, round_id: str, otherwise: Salts | None = None) -> None:
        self._otherwise = otherwise or SystemSalts()
        runs = StageRun.objects.filter(evaluation__round_id=round_id).values_list("stage", "salt")
        self._known: dict[tuple[str | int, ...], str] = {("panel", round_id, stage): salt for stage, salt in runs}
        rows = ScoreVersion.objects.filter(assignment__run__evaluation__round_id=round_id).order_by()
        for stage, receipt, reviewer, version, phase, salt in rows.values_list(
            "assignment__run__stage",
            "assignment__participant__receipt",
            "assignment__reviewer__code",
            "version",
            "assignment__phase",
            "salt",
        ):
            self._known["score", round_id, stage, receipt, reviewer, version, phase] = salt

    def salt(self, *parts: str | int) -> str:
        """Give the salt that was fixed for this use, or one from elsewhere."""
        return self._known.get(parts) or self._otherwise.salt(*parts)
