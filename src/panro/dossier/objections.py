"""The objections (이의신청) of every addendum so far, and what changed in their new panels (selection-spec, 10)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from panro.dossier.model import ObjectionChanges, Objections, Opening
from panro.dossier.scoring import after_departures
from panro.rules.selection.assignment import ObjectedPanel, ObjectionRound, seat_objections
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.evaluation import StageEvaluation, StageInput, stage_key
from panro.rules.selection.model import Panel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from panro.dossier.model import Addendum, RoundRecord
    from panro.dossier.salts import Salts
    from panro.dossier.sources import Departures
    from panro.proof.canonical import Json
    from panro.rules.selection.assignment import Assignment
    from panro.rules.selection.model import Case
    from panro.rules.selection.round_rules import RoundRules


def objections_so_far(
    rules: RoundRules,
    cases: Sequence[Case],
    numbers: Sequence[int],
    departures: Mapping[str, Sequence[Departures]],
    earlier: Addendum | None,
) -> tuple[Objections, ...]:
    """Give the objections of the earlier addenda as they were, and those that are new with what changed since.

    Args:
        rules: the round's rules.
        cases: all cases of the round, in the order of result numbers.
        numbers: the result numbers whose scores are given anew, the earlier ones among them.
        departures: who left the new panels of the new objections, by stage, in the order in which it happened.
        earlier: the round's last addendum so far.

    Raises:
        SelectionError: if a result number or a stage does not exist.
    """
    for number in numbers:
        if not 1 <= number <= len(cases):
            raise SelectionError(f"{rules.round_id}: there is no result {number} to judge anew")
    strange = departures.keys() - {stage.code for stage in rules.stages}
    if strange:
        raise SelectionError(f"{rules.round_id}: there is no stage {min(strange)!r} for somebody to leave")
    before = () if earlier is None else earlier.rounds
    known = {number for one in before for number in one.numbers}
    new = tuple(sorted(set(numbers) - known))
    return (*before, Objections(new, {code: _changes(gone) for code, gone in departures.items()}))


def _changes(departures: Iterable[Departures]) -> ObjectionChanges:
    panel = Panel(())
    for gone in departures:
        panel = after_departures(panel, gone)
    return ObjectionChanges(panel.replaced, panel.resigned)


def seat_again(
    before: RoundRecord, stages: Iterable[StageEvaluation], rounds: Sequence[Objections]
) -> tuple[tuple[StageEvaluation, ...], dict[str, Assignment]]:
    """Tell the stages of their objections, and give the new panels of all objections by stage.

    Raises:
        SelectionError: if somebody who left cannot be replaced.
    """
    told, seated = [], {}
    for one in stages:
        panel, code = one.given.panel, one.stage.code
        objections = tuple(_at_stage(code, before.cases, objections) for objections in rounds)
        objected = ObjectedPanel(panel.roster, panel.conflicts, panel.replaced, panel.resigned, objections)
        given = StageInput(objected, one.given.assignment, one.given.scores)
        told.append(replace(one, given=given))
        seated[code] = seat_objections(
            key=stage_key(before.rules, one.stage, before.draw.assignment_value, before.draw.pool_root),
            stage=code,
            size=one.stage.panel,
            panel=objected,
            rounds=objections,
            ever=one.given.assignment.ever,
        )
    return tuple(told), seated


def _at_stage(code: str, cases: Sequence[Case], objections: Objections) -> ObjectionRound:
    receipts = {number: cases[number - 1].receipt for number in objections.numbers}
    changes = objections.changes.get(code, ObjectionChanges())
    return ObjectionRound(receipts, changes.replaced, changes.resigned)


def commit_changes(rules: RoundRules, rounds: Sequence[Objections], salts: Salts) -> dict[str, Opening]:
    """Commit, for each stage, to what changed in the new panels of every addendum so far."""
    openings = {}
    for stage in rules.stages:
        payload: list[Json] = [one.changes.get(stage.code, ObjectionChanges()).to_json() for one in rounds]
        salt = salts.salt("objections", rules.round_id, stage.code, len(rounds))
        openings[stage.code] = Opening.of(salt, payload)
    return openings
