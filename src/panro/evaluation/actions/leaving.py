"""Reviewers who leave panels after the assignment, and who takes over (selection-spec, 6)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from panro.dossier.scoring import after_departures
from panro.dossier.sources import Departures
from panro.evaluation import panels, queries
from panro.evaluation.actions.locks import lock_run
from panro.evaluation.errors import EvaluationError, NotYoursError, PanelsDifferError
from panro.evaluation.models import Assignment, Conflict, Participant, Replacement, Resignation, Reviewer
from panro.evaluation.states import RunState
from panro.record.actions import Deed, record_many
from panro.rules.selection import model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from panro.evaluation.models import StageRun
    from panro.evaluation.panels import StageRows
    from panro.rules.selection.assignment import Assignment as Dealt


@dataclass(frozen=True, slots=True)
class Gone:
    """A reviewer (by code) taken out of the panel of a result number, and why."""

    result_no: int
    reviewer: str
    why: str


@transaction.atomic
def replace(run_id: UUID, result_no: int, reviewer: str, why: str, *, by: str, now: datetime) -> list[Replacement]:
    """Take a reviewer out of one panel. Sheets that were handed in stay listed, and do not count.

    A successor who turns out to have a conflict, found since the assignment, is replaced at once as well.

    Raises:
        NotYoursError: the reviewer does not sit there.
        SelectionError: nobody is left to take over.
        SealedError, EvaluationError: the stage is not running.
    """
    return _chain(run_id, leave(run_id, [Gone(result_no, reviewer, why)], {}, by=by, now=now), by, now)


@transaction.atomic
def resign(run_id: UUID, reviewer: str, why: str, *, by: str, now: datetime) -> list[Replacement]:
    """Let a reviewer leave a stage altogether: out of all panels, and no candidate from now on; raises as `replace`."""
    lock_run(run_id, RunState.ASSIGNED, RunState.OPEN)
    seats = Assignment.objects.filter(run=run_id, reviewer__code=reviewer, left_at=None, phase=0)
    numbers = seats.order_by("participant__result_no").values_list("participant__result_no", flat=True)
    gone = [Gone(number, reviewer, why) for number in numbers]
    return _chain(run_id, leave(run_id, gone, {reviewer: why}, by=by, now=now), by, now)


@transaction.atomic
def leave(
    run_id: UUID, replaced: Sequence[Gone], resigned: Mapping[str, str], *, by: str, now: datetime
) -> list[Replacement]:
    """Take reviewers out of panels, in order; who is in ``resigned`` (code to reason) takes over nothing from now on.

    The successors are those of ``rules.selection.assign``, with every departure of the stage carried out again.
    Raises as :func:`replace`.
    """
    run = lock_run(run_id, RunState.ASSIGNED, RunState.OPEN)
    before = panels.stage_rows(run)
    _check_words(replaced, resigned)
    gone = Departures(
        tuple(model.Replacement(_receipt(before, one), one.reviewer, one.why) for one in replaced), tuple(resigned)
    )
    known = {one.reviewer for one in before.panel.resigned}
    after = panels.StageRows(before.receipts, after_departures(before.panel, gone))
    stage = panels.rules_of(run.evaluation).stage(run.stage)
    _check_seats(run, replaced)
    dealt = panels.deal(run.evaluation, stage, after)
    people = dict(Reviewer.objects.filter(rosters__run=run).values_list("code", "pk"))
    Resignation.objects.bulk_create(
        Resignation(
            run=run, reviewer_id=people[code], after=len(before.panel.replaced), why=resigned[code], at=now, by=by
        )
        for code in sorted(resigned.keys() - known)
    )
    made = _replacements(run, before, replaced, dealt=dealt, people=people, by=by, now=now)
    _move(run, made, now)
    if panels.seats_of(run) != dealt.seats:
        raise PanelsDifferError(_("The stored panels are not those that the procedure gives. Please tell an engineer."))
    _enter(run, made, sorted(resigned.keys() - known), by, now)
    return made


def _chain(run_id: UUID, made: list[Replacement], by: str, now: datetime) -> list[Replacement]:
    """Replace successors whose conflict was found since the assignment, until there is none."""
    last = made
    while last:
        pairs = {(one.successor_id, one.participant.application_id): one for one in last}
        whys = queries.first_reasons(
            Conflict.objects.filter(reviewer__in={who for who, _ in pairs}, application__in={what for _, what in pairs})
        )
        again = [
            Gone(one.participant.result_no, one.successor.code, whys[pair])
            for pair, one in pairs.items()
            if pair in whys
        ]
        last = leave(run_id, again, {}, by=by, now=now) if again else []
        made = made + last
    return made


def _check_words(replaced: Sequence[Gone], resigned: Mapping[str, str]) -> None:
    whys = [one.why for one in replaced] + list(resigned.values())
    if not all(why.strip() and why.isprintable() for why in whys):
        raise EvaluationError(_("Please say why, in one line."))


def _receipt(rows: StageRows, one: Gone) -> str:
    try:
        return rows.receipts[one.result_no]
    except KeyError:
        raise NotYoursError(
            _("Result number %(number)s does not take part in this stage.") % {"number": one.result_no}
        ) from None


def _check_seats(run: StageRun, replaced: Sequence[Gone]) -> None:
    """Say so in words if somebody to be replaced sits nowhere there."""
    if len(replaced) != 1:
        return
    (one,) = replaced
    seat = Assignment.objects.filter(
        run=run, participant__result_no=one.result_no, reviewer__code=one.reviewer, left_at=None, phase=0
    )
    if not seat.exists():
        raise NotYoursError(_("This reviewer does not sit in this panel, or has left it already."))


def _replacements(
    run: StageRun,
    before: StageRows,
    replaced: Sequence[Gone],
    *,
    dealt: Dealt,
    people: Mapping[str, UUID],
    by: str,
    now: datetime,
) -> list[Replacement]:
    """Write the replacements with their successors: the n-th of a panel is the n-th who joined it."""
    numbers = {receipt: number for number, receipt in before.receipts.items()}
    so_far = Counter(numbers[one.receipt] for one in before.panel.replaced)
    wanted = {one.result_no for one in replaced}
    participants = {one.result_no: one for one in Participant.objects.filter(run=run, result_no__in=wanted)}
    reviewers = Reviewer.objects.in_bulk(
        {people[code] for number in wanted for code in dealt.ever[number]}, field_name="pk"
    )
    made = []
    for place, one in enumerate(replaced, len(before.panel.replaced) + 1):
        successor = dealt.ever[one.result_no][run.panel + so_far[one.result_no]]
        so_far[one.result_no] += 1
        made.append(
            Replacement(
                run=run,
                number=place,
                participant=participants[one.result_no],
                reviewer=reviewers[people[one.reviewer]],
                successor=reviewers[people[successor]],
                why=one.why,
                at=now,
                by=by,
            )
        )
    return Replacement.objects.bulk_create(made)


def _move(run: StageRun, made: Sequence[Replacement], now: datetime) -> None:
    """Let each reviewer leave the seat, and the successor take the slot."""
    rows = Assignment.objects.select_for_update().filter(
        run=run, participant__in={one.participant_id for one in made}, left_at=None, phase=0
    )
    seats = {(row.participant_id, row.reviewer_id): row for row in rows}
    taken: list[Assignment] = []
    for one in made:
        seat = seats.pop((one.participant_id, one.reviewer_id))
        seat.left_at = now
        if seat not in taken:
            seat.save(update_fields=["left_at"])
        new = Assignment(run=run, participant=one.participant, reviewer=one.successor, slot=seat.slot, seated_at=now)
        seats[one.participant_id, one.successor_id] = new
        taken.append(new)
    Assignment.objects.bulk_create(taken)


def _enter(run: StageRun, made: Sequence[Replacement], resigned: Sequence[str], by: str, now: datetime) -> None:
    subject = f"round:{run.evaluation.round_id}"
    deeds = [
        Deed("reviewer_resigned", by, subject, now, payload={"stage": run.stage, "reviewer": code}) for code in resigned
    ]
    deeds += [
        Deed(
            "reviewer_replaced",
            by,
            subject,
            now,
            payload={
                "stage": run.stage,
                "number": one.number,
                "receipt": one.participant.receipt,
                "reviewer": one.reviewer.code,
                "successor": one.successor.code,
                "why": one.why,
            },
        )
        for one in made
    ]
    record_many(deeds, now=now)
