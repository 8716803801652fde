"""Deciding cases, in sets: eligible, not eligible with reason and clause, or lapsed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from django.db import transaction

from panro.dossier.audit import REVIEWED
from panro.intake.models import Application
from panro.proof.hashing import tagged_hash
from panro.record.actions import Deed, record_many
from panro.rules.eligibility.ask import Requirement
from panro.screening.actions.locking import (
    enter_refused,
    judged,
    over,
    public_of,
    refusal,
    waits,
    write_states,
)
from panro.screening.actions.outcomes import keep_decisions
from panro.screening.models import Asking, Case
from panro.screening.refusals import Refusal, Why
from panro.screening.rounds import calls_of, review_on
from panro.screening.states import CaseState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.intake.calls import Call
    from panro.rules.eligibility.ask import State as RequirementState


FACTS: Final = "panro-decision-facts-1"
"""Tag of the hash by which the record holds the facts of a decision fast; they themselves lie beside it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be decided about one case.

    ``revision`` is the one that the officer looked at. ``reason`` and ``clause`` are a rule's; left empty, they are
    those of the rule that decides.
    """

    case: UUID
    revision: int
    requirement: str
    reason: str = ""
    clause: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One case that is decided, as a dry run names it."""

    case: UUID
    name: str
    receipt_no: str
    requirement: str
    reason: str
    clause: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who is decided and what, and who is left out and why; both in the order given."""

    decided: tuple[Line, ...]
    refused: tuple[Refusal, ...]


@transaction.atomic
def decide(verdicts: Sequence[Verdict], *, by: User, now: datetime, today: date, dry_run: bool = False) -> Outcome:
    """Decide cases; each that cannot be decided is left out and named, the others are decided all the same.

    An officer decides what the rules' answers sum up to, because whoever recomputes the round comes to the same: where
    they are wrong, a fact is wrong, and that is stated first. Constant statements.

    Args:
        verdicts: which, and what; no case twice.
        by: the officer.
        now: the moment.
        today: the day in Seoul.
        dry_run: whether nothing is written.

    Raises:
        PermissionDenied: neither officer nor chief.
    """
    free, refused = judged([one.case for one in verdicts], by)
    judging = _Judging.of(free, today)
    lines: dict[UUID, Line] = {}
    for one in verdicts:
        case = free.get(one.case)
        if case is None:
            continue
        why = judging.why_not(case, one)
        if why is None:
            lines[case.pk] = Line(case.pk, case.name, case.receipt_no, case.says, case.says_reason, case.says_clause)
        else:
            refused.append(refusal(case, why))
    place = {one.case: number for number, one in enumerate(verdicts)}
    outcome = Outcome(tuple(lines.values()), tuple(sorted(refused, key=lambda one: place[one.case])))
    if not dry_run:
        notes = {one.case: one.note.strip() for one in verdicts}
        _write({key: free[key] for key in lines}, lines, notes, by=by, now=now)
        enter_refused("decide", outcome.refused, by=by, now=now)
    return outcome


def as_the_rules_say(cases: Iterable[Case], *, note: str = "") -> list[Verdict]:
    """Make the verdicts that the rules' answers sum up to; cases of which no rule was asked yet are named eligible."""
    return [Verdict(case.pk, case.revision, case.says or CaseState.ELIGIBLE.value, note=note) for case in cases]


@dataclass(frozen=True, slots=True)
class _Judging:
    """What it takes to see whether cases can be decided. Three queries."""

    calls: Mapping[UUID, Call]
    asked: Mapping[UUID, set[str]]
    applications: Mapping[UUID, str]
    today: date

    @classmethod
    def of(cls, cases: Mapping[UUID, Case], today: date) -> _Judging:
        asked: dict[UUID, set[str]] = {}
        for key, moment in Asking.objects.filter(case__in=cases).values_list("case_id", "moment"):
            asked.setdefault(key, set()).add(moment)
        rows = Application.objects.select_for_update(of=("self",)).filter(pk__in=cases).order_by("pk")
        return cls(
            calls_of({case.review_id: case.review for case in cases.values()}.values()),
            asked,
            dict(rows.values_list("pk", "state")),
            today,
        )

    def why_not(self, case: Case, verdict: Verdict) -> Why | None:
        """Say why a case cannot be decided so; None if it can."""
        application = self.applications[case.pk]
        why = over(case, application)
        if why is None and case.revision != verdict.revision:
            why = Why.STALE
        if why is None and waits(case, application):
            why = Why.WAITS
        return why or self._by_the_rules(case, verdict)

    def _by_the_rules(self, case: Case, verdict: Verdict) -> Why | None:
        call = self.calls[case.review_id]
        wanted = {
            moment.value
            for moment in REVIEWED
            if call.questions.asks_anything(moment, case.applicant_type, case.track or None)
        }
        asked = self.asked.get(case.pk, set())
        if not asked or (case.says != CaseState.INELIGIBLE and wanted - asked):
            return Why.NOT_ASKED
        if verdict.requirement != case.says or not _same(verdict, case):
            return Why.RULES_DIFFER
        if case.says == CaseState.LAPSED and self.today < review_on(call):
            return Why.TOO_EARLY
        return None


def _same(verdict: Verdict, case: Case) -> bool:
    return verdict.reason in {"", case.says_reason} and verdict.clause in {"", case.says_clause}


def _write(
    cases: Mapping[UUID, Case], lines: Mapping[UUID, Line], notes: Mapping[UUID, str], *, by: User, now: datetime
) -> None:
    if not cases:
        return
    outcomes = {
        key: Requirement(cast("RequirementState", one.requirement), one.reason, one.clause)
        for key, one in lines.items()
    }
    kept = keep_decisions(cases.values(), outcomes, by=str(by.pk), now=now, notes=notes)
    write_states({key: one.requirement for key, one in lines.items()}, decided_at=now)
    record_many(
        [
            Deed(
                "case_decided",
                str(by.pk),
                f"application:{one.case_id}",
                now,
                public=public_of(cases[one.case_id], requirement=one.requirement, reason=one.reason, clause=one.clause),
                payload={"decision": str(one.pk), "note": one.note, "facts": tagged_hash(FACTS, one.facts)},
            )
            for one in kept
        ],
        now=now,
    )
