"""The words of the notice for a round being judged: names of programme, stage and criteria, with their anchors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from panro.accounts.language import say
from panro.editions.documents import edition_of
from panro.evaluation.panels import rules_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from panro.evaluation.models import Evaluation, StageRun
    from panro.rules.edition.programme import Programme, Stage


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rubric as a reviewer reads it: ``anchors`` say what one sees at each grade, best first."""

    code: str
    name: str
    most: str
    anchors: Sequence[str]


def programme_of(evaluation: Evaluation) -> Programme | None:
    """The programme as the notice has it; None if the notice does not have it."""
    _edition, programme, _round = evaluation.round_id.split("/")
    try:
        return edition_of(evaluation.version).programme(programme)
    except KeyError:
        return None


def stage_of(run: StageRun) -> Stage | None:
    """The stage as the notice has it; None if the notice does not have it."""
    programme = programme_of(run.evaluation)
    if programme is None:
        return None
    return next((stage for stage in programme.stages if stage.code == run.stage), None)


def programme_name(evaluation: Evaluation) -> str:
    """What the programme is called on the page."""
    programme = programme_of(evaluation)
    return evaluation.round_id if programme is None else say(programme.name.text)


def stage_name(run: StageRun) -> str:
    """What the stage is called on the page."""
    stage = stage_of(run)
    return run.stage if stage is None else say(stage.name.text)


def rubric(run: StageRun) -> list[Line]:
    """The rubric of a stage in the order of the rules."""
    rules = rules_of(run.evaluation).stage(run.stage)
    stage = stage_of(run)
    known = {} if stage is None else {line.code: line for line in stage.rubric}
    found = []
    for criterion in rules.criteria:
        line = known.get(criterion.code)
        most = format(criterion.max.normalize(), "f")
        name = criterion.code if line is None else say(line.name.text)
        anchors = [] if line is None else [say(anchor.text) for anchor in line.anchors]
        found.append(Line(criterion.code, name, most, anchors))
    return found
