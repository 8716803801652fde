"""The rows of every file of a dossier (selection-spec, 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from panro.proof.chain import utc_text
from panro.rules.selection.sealing import points_writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from panro.dossier.model import Addendum, Opening, RoundRecord
    from panro.proof.canonical import Json
    from panro.rules.selection.model import Case, StageRow

type Row = Sequence[str]
type Table = tuple[str, Sequence[str], Iterable[Row]]

CASE_COLUMNS: Final = (
    "result_no",
    "track",
    "region",
    "requirement",
    "reason",
    "clause",
    "groups",
    "bonus",
    "facts",
)
STAGE_COLUMNS: Final = ("stage", "result_no", "score", "criteria", "standing")
_RESULT_COLUMNS: Final = (
    "result_no",
    "outcome",
    "reason",
    "detail",
    "step",
    "rank",
    "service",
    "base",
    "bonus",
    "total",
    "draw",
    "position",
)
_SCORE_COLUMNS: Final = ("stage", "result_no", "reviewer", "version", "phase", "points", "at", "salt")


def public_tables(record: RoundRecord) -> Iterator[Table]:
    """Give name, columns and rows of every public CSV file."""
    receipts = [(str(case.result_no), case.receipt) for case in record.cases]
    yield "pool.csv", ("result_no", "receipt"), receipts
    yield "cases.csv", CASE_COLUMNS, map(case_cells, record.cases, (facts.commitment for facts in record.facts))
    yield "scores.csv", ("phase", "commitment"), _score_commitments(record)
    yield "stages.csv", STAGE_COLUMNS, map(stage_cells, record.stages)
    yield "results.csv", _RESULT_COLUMNS, _result_rows(record)
    yield "offers.csv", ("seq", "on", "result_no", "event"), _offer_rows(record)
    if record.addendum is not None:
        columns = ("result_no", "before", "after", "total_before", "total_after")
        yield "difference.csv", columns, _difference_rows(record.addendum)


def auditor_tables(record: RoundRecord) -> Iterator[Table]:
    """Give name, columns and rows of every file for the auditor alone."""
    opening = ("result_no", "salt", "payload")
    yield "auditor/receipts.csv", opening, _opening_rows(record.receipts)
    yield "auditor/facts.csv", opening, _opening_rows(record.facts)
    panels = {code: panel.opening for code, panel in record.panels.items()}
    yield "auditor/panels.csv", ("stage", "salt", "payload"), _stage_rows(record, panels)
    yield "auditor/assignment.csv", ("stage", "phase", "result_no", "slot", "reviewer"), _assignment_rows(record)
    yield "auditor/scores.csv", _SCORE_COLUMNS, _score_rows(record)
    if record.addendum is not None:
        yield "auditor/objections.csv", ("stage", "salt", "payload"), _stage_rows(record, record.addendum.changes)


def public_objects(record: RoundRecord) -> Iterator[tuple[str, Json]]:
    """Give name and content of every public JSON file but the manifest and the proof."""
    draw = record.draw
    yield "rules.json", record.rules.to_json()
    yield "programme.json", record.programme
    yield "panels.json", {stage.code: record.panels[stage.code].opening.commitment for stage in record.rules.stages}
    yield (
        "draw.json",
        {
            "round": record.rules.round_id,
            "assignment_event": record.rules.assignment_event,
            "assignment_value": draw.assignment_value,
            "draw_event": record.rules.draw_event,
            "draw_value": draw.draw_value,
            "pool_root": draw.pool_root,
            "scores_root": draw.scores_root,
            "seed": draw.seed,
        },
    )
    if record.addendum is not None:
        yield "addendum.json", _addendum_object(record.addendum)


def case_cells(case: Case, facts: str) -> Row:
    """Give the cells of one row of ``cases.csv``; ``facts`` is the commitment to the facts."""
    return (
        str(case.result_no),
        case.track,
        case.region,
        case.requirement,
        case.reason,
        case.clause,
        ";".join(case.groups),
        ";".join(case.bonus),
        facts,
    )


def stage_cells(row: StageRow) -> Row:
    """Give the cells of one row of ``stages.csv``."""
    criteria = ";".join([format(mean, "f") for mean in row.criteria])
    return row.stage, str(row.result_no), format(row.score, "f"), criteria, row.standing


def _addendum_object(addendum: Addendum) -> Json:
    return {
        "number": addendum.number,
        "of": addendum.of,
        "objections": [one.numbers for one in addendum.rounds],
        "cases": [
            dict(zip(CASE_COLUMNS, case_cells(former.case, former.facts), strict=True)) for former in addendum.former
        ],
        "stages": [dict(zip(STAGE_COLUMNS, stage_cells(row), strict=True)) for row in addendum.former_stages],
        "panels": {code: opening.commitment for code, opening in addendum.changes.items()},
    }


def _score_commitments(record: RoundRecord) -> Iterable[Row]:
    phases = [str(score.phase) for score in record.scores]
    return sorted(zip(phases, record.commitments, strict=True))


def _result_rows(record: RoundRecord) -> Iterator[Row]:
    for one in record.results:
        yield (
            str(one.result_no),
            one.outcome,
            one.reason,
            one.detail,
            one.step,
            _number(one.rank),
            _number(one.service),
            _decimal(one.base),
            _decimal(one.bonus),
            _decimal(one.total),
            one.draw,
            _number(one.position),
        )


def _offer_rows(record: RoundRecord) -> Iterator[Row]:
    for offer in record.offers:
        yield str(offer.seq), offer.on.isoformat(), str(offer.result_no), offer.event


def _difference_rows(addendum: Addendum) -> Iterator[Row]:
    for one in addendum.differences:
        yield str(one.result_no), one.before, one.after, _decimal(one.total_before), _decimal(one.total_after)


def _opening_rows(openings: Iterable[Opening]) -> Iterator[Row]:
    for number, opening in enumerate(openings, 1):
        yield str(number), opening.salt, opening.payload


def _stage_rows(record: RoundRecord, openings: Mapping[str, Opening]) -> Iterator[Row]:
    for stage in record.rules.stages:
        opening = openings[stage.code]
        yield stage.code, opening.salt, opening.payload


def _assignment_rows(record: RoundRecord) -> Iterator[Row]:
    for stage in record.rules.stages:
        panel = record.panels[stage.code]
        for phase, seats in (("0", panel.seats), ("1", panel.objection_seats)):
            for number in sorted(seats):
                for slot, reviewer in enumerate(seats[number], 1):
                    yield stage.code, phase, str(number), str(slot), reviewer


def _score_rows(record: RoundRecord) -> Iterator[Row]:
    writers = {stage.code: points_writer(stage) for stage in record.rules.stages}
    for score in record.scores:
        yield (
            score.stage,
            str(score.result_no),
            score.reviewer,
            str(score.version),
            str(score.phase),
            writers[score.stage](score.points),
            utc_text(score.at),
            score.salt,
        )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _decimal(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")
