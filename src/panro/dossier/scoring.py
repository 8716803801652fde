"""From what reviewers hand in to a stage's panel, assignment and committed score versions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from panro.dossier.sources import Departures
from panro.rules.selection.assignment import Assignment, assign
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.evaluation import StageInput
from panro.rules.selection.model import Resignation, Score
from panro.rules.selection.sealing import score_sealer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from panro.dossier.model import RoundRecord
    from panro.dossier.salts import Salts
    from panro.dossier.sources import Reviewers, Sheet
    from panro.rules.selection.model import Case, Panel, Phase
    from panro.rules.selection.round_rules import RoundRules, ScoredStage


@dataclass(frozen=True, slots=True)
class ReviewersOffice:
    """Asks the people of each stage, in the right order: roster, then who left, then score sheets."""

    rules: RoundRules
    cases: Sequence[Case]
    reviewers: Reviewers
    salts: Salts

    def __call__(self, stage: ScoredStage, key: str, receipts: Mapping[int, str]) -> StageInput:
        """Give a stage's panel, assignment and scores of the evaluation (phase 0)."""
        panel = ordered(self.reviewers.panel(stage, receipts))
        seated = assign(key=key, stage=stage.code, size=stage.panel, panel=panel, receipts=receipts)
        while (gone := self.reviewers.departures(stage, receipts, seated.seats)) != Departures():
            panel = after_departures(panel, gone)
            seated = assign(key=key, stage=stage.code, size=stage.panel, panel=panel, receipts=receipts)
        return StageInput(panel, seated, self.scores(stage, seated.seats, seated.ever, 0))

    def scores(
        self,
        stage: ScoredStage,
        seats: Mapping[int, tuple[str, ...]],
        ever: Mapping[int, tuple[str, ...]],
        phase: Phase,
    ) -> list[Score]:
        """Collect the sheets of a phase as score versions, each with its salt, ascending."""
        sheets = sorted(
            self.reviewers.sheets(stage, seats, phase), key=lambda one: (one.result_no, one.reviewer, one.version)
        )
        _check_sheets(stage, sheets, ever)
        salt, round_id, cases = self.salts.salt, self.rules.round_id, self.cases
        return [
            Score(
                stage=stage.code,
                result_no=one.result_no,
                reviewer=one.reviewer,
                version=one.version,
                phase=phase,
                points=one.points,
                at=one.at,
                salt=salt(
                    "score", round_id, stage.code, cases[one.result_no - 1].receipt, one.reviewer, one.version, phase
                ),
            )
            for one in sheets
        ]


@dataclass(frozen=True, slots=True)
class ObjectionOffice:
    """Asks the new panels after objections; ``seated`` are those of all objections by stage."""

    office: ReviewersOffice
    seated: Mapping[str, Assignment]

    def __call__(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]]) -> list[Score]:
        """Give the scores of the new panels of those that take part (phase 1)."""
        ever = self.seated[stage.code].ever
        return self.office.scores(stage, seats, {number: ever[number] for number in seats}, 1)


@dataclass(frozen=True, slots=True)
class RecordedOffice:
    """Answers from a round's record, so that a round can be carried out again."""

    record: RoundRecord

    def __call__(self, stage: ScoredStage, key: str, receipts: Mapping[int, str]) -> StageInput:
        """Give a stage's recorded panel and scores, assigned again."""
        panel = self.record.panels[stage.code].panel
        seated: Assignment = assign(key=key, stage=stage.code, size=stage.panel, panel=panel, receipts=receipts)
        scores = [score for score in self.record.scores if score.stage == stage.code and score.phase == 0]
        return StageInput(panel, seated, scores)


def ordered(panel: Panel) -> Panel:
    """Bring roster and conflicts into their order; conflicts of reviewers who are not in the roster do not matter."""
    roster = tuple(sorted(set(panel.roster)))
    inside = set(roster)
    unique = {(one.receipt, one.reviewer): one for one in reversed(panel.conflicts) if one.reviewer in inside}
    return replace(panel, roster=roster, conflicts=tuple(unique[pair] for pair in sorted(unique)))


def after_departures(panel: Panel, gone: Departures) -> Panel:
    """Note who left; who resigns is no candidate for these replacements and later ones, but was for those before."""
    known = {one.reviewer for one in panel.resigned}
    new = {Resignation(name, len(panel.replaced)) for name in gone.resigned if name not in known}
    return replace(panel, replaced=(*panel.replaced, *gone.replaced), resigned=tuple(sorted({*panel.resigned, *new})))


def sort_scores(rules: RoundRules, scores: Iterable[Score]) -> tuple[Score, ...]:
    """Order score versions as the dossier lists them."""
    place = {stage.code: position for position, stage in enumerate(rules.stages)}
    return tuple(sorted(scores, key=lambda one: (place[one.stage], one.result_no, one.reviewer, one.version)))


def commit_scores(rules: RoundRules, cases: Sequence[Case], scores: Iterable[Score]) -> tuple[str, ...]:
    """Give the commitments of score versions, in the order given; ``cases`` in that of result numbers."""
    sealers = {stage.code: score_sealer(stage) for stage in rules.stages}
    return tuple([sealers[score.stage](score, cases[score.result_no - 1].receipt) for score in scores])


def _check_sheets(stage: ScoredStage, sheets: Iterable[Sheet], ever: Mapping[int, tuple[str, ...]]) -> None:
    before: tuple[int, str] | None = None
    version = 0
    for sheet in sheets:
        who = (sheet.result_no, sheet.reviewer)
        version = version + 1 if who == before else 1
        before = who
        where = f"stage {stage.code}, result {sheet.result_no}, reviewer {sheet.reviewer!r}"
        if sheet.version != version:
            raise SelectionError(f"{where}: found version {sheet.version}, expected version {version}")
        if version == 1 and sheet.reviewer not in ever.get(sheet.result_no, ()):
            raise SelectionError(f"{where}: was never in this panel; leave the sheet out")
