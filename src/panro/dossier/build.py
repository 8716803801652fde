"""Running a round from its raw inputs to its record, in the only right order.

Pool, assignment, scores, seal, seed, selection, results; then offers; and, after objections, the addendum.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from panro.dossier.model import Addendum, Draw, FormerCase, Opening, RoundRecord, StagePanel
from panro.dossier.objections import commit_changes, objections_so_far, seat_again
from panro.dossier.pool import freeze_pool, make_case, open_facts, pool_cases
from panro.dossier.scoring import ObjectionOffice, RecordedOffice, ReviewersOffice, commit_scores, sort_scores
from panro.proof.quiet import collector_paused
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.evaluation import evaluate
from panro.rules.selection.model import ELIGIBLE
from panro.rules.selection.outcome import select_round
from panro.rules.selection.ranking import seed
from panro.rules.selection.rerun import Former, rerun
from panro.rules.selection.sealing import scores_root
from panro.rules.selection.waiting import WaitingList

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from panro.dossier.salts import Salts
    from panro.dossier.sources import Application, Decision, Departures, PublicValues, Reviewers
    from panro.proof.canonical import Json
    from panro.rules.selection.evaluation import StageEvaluation
    from panro.rules.selection.model import Case, Offer, Result, StageRow
    from panro.rules.selection.round_rules import RoundRules
    from panro.rules.selection.standing import StageOutcome

    type OfferKeeper = Callable[[WaitingList], None]


def build_round(
    *,
    rules: RoundRules,
    programme: Json,
    applications: Iterable[Application],
    reviewers: Reviewers,
    values: PublicValues,
    salts: Salts,
    offers: OfferKeeper | None = None,
) -> RoundRecord:
    """Carry out a whole round.

    Args:
        rules: the rules as frozen when the round opened; they are checked again.
        programme: the programme as published.
        applications: all applications with their decisions, in any order.
        reviewers: gives rosters, conflicts, departures and score sheets, stage by stage.
        values: the values of the two public events.
        salts: where the salts of panels, scores and facts come from.
        offers: carries on the waiting list after publication; left out, nothing was given back.

    Raises:
        SelectionError: if anything given contradicts the rules; the message says what and where.
    """
    with collector_paused():
        return _build_round(
            rules.checked(), programme, applications, reviewers=reviewers, values=values, salts=salts, offers=offers
        )


def _build_round(
    rules: RoundRules,
    programme: Json,
    applications: Iterable[Application],
    *,
    reviewers: Reviewers,
    values: PublicValues,
    salts: Salts,
    offers: OfferKeeper | None,
) -> RoundRecord:
    pool = freeze_pool(rules, applications)
    cases = pool_cases(rules, pool)
    office = ReviewersOffice(rules, cases, reviewers, salts)
    stages = evaluate(rules, cases, value=values.assignment, pool_root=pool.root, office=office)
    scores = sort_scores(rules, (score for stage in stages for score in stage.given.scores))
    commitments = commit_scores(rules, cases, scores)
    draw = _draw(rules, values, pool.root, scores_root(commitments))
    decided = select_round(rules, cases, [stage.outcome for stage in stages], draw.seed)
    facts = zip(pool.receipts, pool.applications, strict=True)
    return RoundRecord(
        rules=rules,
        programme=programme,
        receipts=pool.receipts,
        facts=tuple(open_facts(rules, receipt.commitment, one, salts) for receipt, one in facts),
        cases=cases,
        panels={stage.stage.code: _stage_panel(rules, stage, salts) for stage in stages},
        scores=scores,
        commitments=commitments,
        stages=_stage_rows(stage.outcome for stage in stages),
        draw=draw,
        results=decided.results,
        offers=_offers(rules, cases, decided.results, offers),
    )


def build_addendum(
    before: RoundRecord,
    *,
    root: str,
    objections: Iterable[int],
    decisions: Mapping[int, Decision],
    reviewers: Reviewers,
    salts: Salts,
    departures: Mapping[str, Sequence[Departures]] | None = None,
    earlier: Addendum | None = None,
    offers: OfferKeeper | None = None,
) -> RoundRecord:
    """Run a round again after its objections (이의신청) were judged.

    Args:
        before: the round's first record, which every addendum changes; it has no offers and is no addendum itself.
        root: the root of its dossier.
        objections: the result numbers whose scores are given anew, those of earlier addenda among them.
        decisions: the requirement reviews decided anew, by result number, those of earlier addenda among them.
        reviewers: gives the sheets of the new panels (phase 1).
        salts: where new salts come from.
        departures: who left the new panels of the objections that are new here, by stage code, in the order in which
            it happened; `objection_panels` tells who sits there.
        earlier: the round's last addendum so far, if there is one; the new one has the next number, and the panels
            and departures of its objections stay as they are.
        offers: carries on the waiting list of the addendum.

    Raises:
        SelectionError: if anything given contradicts the rules; the message says what and where.
    """
    if before.addendum is not None or before.offers:
        raise SelectionError(
            f"{before.rules.round_id}: an addendum changes the first dossier, before any offer was made"
        )
    rules, draw = before.rules, before.draw
    anew = frozenset(objections)
    if earlier is not None:
        _check_repeats(rules, earlier, root, anew, decisions)
    rounds = objections_so_far(rules, before.cases, sorted(anew), departures or {}, earlier)
    cases, facts, former = _decide_anew(before, decisions, salts, len(rounds))
    _check_decisions(before, cases, anew, decisions)
    stages, seated = seat_again(before, _stages_again(before), rounds)
    again = rerun(
        rules,
        Former(before.cases, stages, before.results),
        cases=cases,
        objections=anew,
        value=draw.assignment_value,
        pool_root=draw.pool_root,
        seed_value=draw.seed,
        office=ObjectionOffice(ReviewersOffice(rules, cases, reviewers, salts), seated),
    )
    scores = sort_scores(rules, (*before.scores, *again.scores))
    return replace(
        before,
        facts=facts,
        cases=cases,
        panels={code: replace(panel, objection_seats=again.seats[code]) for code, panel in before.panels.items()},
        scores=scores,
        commitments=commit_scores(rules, cases, scores),
        stages=_stage_rows(again.outcomes),
        results=again.decided.results,
        offers=_offers(rules, cases, again.decided.results, offers),
        addendum=Addendum(
            of=root,
            rounds=rounds,
            changes=commit_changes(rules, rounds, salts),
            former=former,
            former_stages=_rows_of(anew | decisions.keys(), before.stages),
            differences=again.differences,
        ),
    )


def objection_panels(
    before: RoundRecord,
    objections: Iterable[int],
    departures: Mapping[str, Sequence[Departures]] | None = None,
    earlier: Addendum | None = None,
) -> dict[str, Mapping[int, tuple[str, ...]]]:
    """Give the new panels of objections: reviewers by stage code and result number, in the order of slots.

    Whoever objects has one at every stage; it is asked only where the objection takes part. Arguments and errors are
    those of ``build_addendum``.
    """
    rounds = objections_so_far(before.rules, before.cases, sorted(set(objections)), departures or {}, earlier)
    _, seated = seat_again(before, _stages_again(before), rounds)
    return {code: assignment.seats for code, assignment in seated.items()}


def _stages_again(before: RoundRecord) -> tuple[StageEvaluation, ...]:
    """Carry out the recorded stages of the first record again."""
    draw = before.draw
    return evaluate(
        before.rules, before.cases, value=draw.assignment_value, pool_root=draw.pool_root, office=RecordedOffice(before)
    )


def _draw(rules: RoundRules, values: PublicValues, pool_root: str, sealed_root: str) -> Draw:
    drawn = seed(
        round_id=rules.round_id,
        draw_event=rules.draw_event,
        draw_value=values.draw,
        pool_root=pool_root,
        scores_root=sealed_root,
    )
    return Draw(values.assignment, values.draw, pool_root, sealed_root, drawn)


def _stage_panel(rules: RoundRules, done: StageEvaluation, salts: Salts) -> StagePanel:
    salt = salts.salt("panel", rules.round_id, done.stage.code)
    panel = done.given.panel
    return StagePanel(panel, Opening.of(salt, panel.to_json()), done.given.assignment.seats, {})


def _stage_rows(outcomes: Iterable[StageOutcome]) -> tuple[StageRow, ...]:
    return tuple(row for outcome in outcomes for row in outcome.rows())


def _offers(
    rules: RoundRules, cases: Sequence[Case], results: Sequence[Result], keeper: OfferKeeper | None
) -> tuple[Offer, ...]:
    if keeper is None:
        return ()
    waiting = WaitingList(rules, cases, results)
    keeper(waiting)
    if waiting.open_offers:
        raise SelectionError(f"{rules.round_id}: the offer to result {min(waiting.open_offers)} is still open")
    return waiting.events


def _decide_anew(
    before: RoundRecord, decisions: Mapping[int, Decision], salts: Salts, number: int
) -> tuple[tuple[Case, ...], tuple[Opening, ...], tuple[FormerCase, ...]]:
    cases, facts = list(before.cases), list(before.facts)
    former = []
    for result_no in sorted(decisions):
        if not 1 <= result_no <= len(cases):
            raise SelectionError(f"{before.rules.round_id}: there is no result {result_no} to decide anew")
        old = cases[result_no - 1]
        former.append(FormerCase(old, facts[result_no - 1].commitment))
        decision = decisions[result_no]
        cases[result_no - 1] = make_case(before.rules, result_no, old.receipt, old.track, decision)
        facts[result_no - 1] = open_facts(before.rules, old.receipt, decision, salts, f"addendum {number}")
    return tuple(cases), tuple(facts), tuple(former)


def _check_decisions(
    before: RoundRecord, cases: Sequence[Case], objections: Collection[int], decisions: Mapping[int, Decision]
) -> None:
    round_id = before.rules.round_id
    for result_no in sorted(decisions):
        eligible = cases[result_no - 1].requirement == ELIGIBLE
        if before.rules.stages and eligible and result_no not in objections:
            raise SelectionError(f"{round_id}: result {result_no} was decided anew; name it among the objections too")


def _check_repeats(
    rules: RoundRules, earlier: Addendum, root: str, objections: Collection[int], decisions: Mapping[int, Decision]
) -> None:
    """Refuse an addendum that forgets what an earlier one of the same dossier decided."""
    name = f"{rules.round_id}: addendum {earlier.number}"
    if earlier.of != root:
        raise SelectionError(f"{name} changes the dossier {earlier.of}, not {root}; give the root of the first dossier")
    for number in earlier.objections:
        if number not in objections:
            raise SelectionError(f"{name} judged result {number} anew; name it among the objections again")
    for one in earlier.former:
        if one.case.result_no not in decisions:
            raise SelectionError(f"{name} decided result {one.case.result_no} anew; repeat the decision")


def _rows_of(numbers: Collection[int], rows: Iterable[StageRow]) -> tuple[StageRow, ...]:
    return tuple(row for row in rows if row.result_no in numbers)
