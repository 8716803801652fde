"""Keeping decisions in the shape in which a dossier shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db.models import Max

from panro.dossier.case_facts import CaseFacts, MomentFacts, facts_text
from panro.rules.eligibility.ask import region_of
from panro.rules.facts import Fact, facts_by_key
from panro.rules.findings import Moment
from panro.screening.actions.assessing import ORDER
from panro.screening.actions.locking import BATCH
from panro.screening.models import Asking, CaseDecision
from panro.screening.rounds import calls_of
from panro.screening.states import FINAL

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID

    from panro.intake.calls import Call
    from panro.rules.edition.parts import ApplicantType
    from panro.rules.eligibility.ask import Requirement
    from panro.screening.models import Case


def askings_of(cases: Collection[UUID]) -> dict[UUID, list[MomentFacts]]:
    """Return what was known of cases at each moment that was asked, in the order of moments. One query."""
    found: dict[UUID, list[MomentFacts]] = {key: [] for key in cases}
    rows = Asking.objects.filter(case__in=list(cases)).only("case_id", "moment", "on", "facts")
    for row in sorted(rows, key=lambda one: ORDER[one.moment]):
        facts = facts_by_key(*(Fact.from_json(fact) for fact in row.facts))
        found[row.case_id].append(MomentFacts(Moment(row.moment), row.on, facts))
    return found


def keep_decisions(
    cases: Collection[Case],
    outcomes: Mapping[UUID, Requirement],
    *,
    by: str,
    now: datetime,
    notes: Mapping[UUID, str] | None = None,
    why: str = "",
) -> list[CaseDecision]:
    """Keep the decisions of locked cases with the facts they rest on; one that stood is taken back. Five statements.

    Args:
        cases: which.
        outcomes: what was decided, by case.
        by: the id of an account, or ``system:`` and the name of a task.
        now: the moment.
        notes: what the officer adds, by case.
        why: the reason for which decisions that stood are taken back.
    """
    calls = calls_of({case.review_id: case.review for case in cases}.values())
    known = askings_of([case.pk for case in cases])
    undo_decisions([case.pk for case in cases if case.state in FINAL], by=by, why=why, now=now)
    counted = CaseDecision.objects.filter(case__in=known).order_by().values("case").annotate(last=Max("number"))
    last = dict(counted.values_list("case", "last"))
    return CaseDecision.objects.bulk_create(
        (
            _decision(
                case,
                calls[case.review_id],
                known[case.pk],
                outcomes[case.pk],
                number=last.get(case.pk, 0) + 1,
                note=(notes or {}).get(case.pk, ""),
                by=by,
                now=now,
            )
            for case in cases
        ),
        batch_size=BATCH,
    )


def undo_decisions(cases: Collection[UUID], *, by: str, why: str, now: datetime) -> None:
    """Take back the decisions of cases that stand. One statement."""
    CaseDecision.objects.filter(case__in=list(cases), undone_at=None).update(
        undone_at=now, undone_by=by, undone_why=why
    )


def _decision(
    case: Case,
    call: Call,
    moments: list[MomentFacts],
    outcome: Requirement,
    *,
    number: int,
    note: str,
    by: str,
    now: datetime,
) -> CaseDecision:
    """Make a decision: region as of the closing date, groups and bonus by what was known last.

    As the rehearsal of a year does (`panro.rehearsal.screening`).
    """
    withdrawn = outcome.state == "withdrawn"
    facts = CaseFacts(
        applicant_type=cast("ApplicantType", case.applicant_type),
        track=case.track or None,
        moments=tuple(moments),
        withdrawn=withdrawn,
    )
    region = region_of(moments[min(1, len(moments) - 1)].facts, on=call.round_.closes) if moments else ""
    preference = call.questions.preference(moments[-1].facts if moments else {})
    return CaseDecision(
        case=case,
        number=number,
        requirement=outcome.state,
        reason=outcome.reason,
        clause=outcome.clause,
        note=note,
        region=region,
        groups=list(preference.groups),
        bonus=list(preference.bonus),
        facts=facts_text(facts),
        decided_by=by,
        decided_at=now,
    )
