"""Asking the rules of cases, and keeping what they answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from django.db import connection, transaction

from panro.intake.facts import facts_for
from panro.korea.text import Text
from panro.proof.canonical import encode_text
from panro.proof.merkle import text_root
from panro.record.actions import Deed, record_many
from panro.rules.eligibility.ask import requirement
from panro.rules.findings import Answer, Assessment, Finding, Moment
from panro.screening.access import check_officer
from panro.screening.actions.locking import BATCH, lock, round_id
from panro.screening.actions.registers import look_up_sanctions
from panro.screening.errors import NotYetError
from panro.screening.models import Asking, CaseAnswer
from panro.screening.rounds import Days, answered_on, calls_of, days_for, first_day
from panro.screening.states import OPEN, Risk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.intake.calls import Call
    from panro.rules.edition.parts import ApplicantType
    from panro.rules.facts import Fact
    from panro.screening.models import Case

ORDER: Final = {moment.value: place for place, moment in enumerate(Moment)}
_SAYS: Final = """
    UPDATE screening_case AS kept
    SET says = given.says, says_reason = given.reason, says_clause = given.clause, risk = given.risk,
        assessed_at = %s, revision = kept.revision + 1
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::int[]) AS given (id, says, reason, clause, risk)
    WHERE kept.application_id = given.id
"""
_RISK: Final = {"eligible": Risk.CLEAR, "lapsed": Risk.UNKNOWN, "ineligible": Risk.REFUSED}


@dataclass(frozen=True, slots=True)
class Question:
    """One case with the days for which it is asked."""

    case: UUID
    days: Days


def assess(
    cases: Collection[UUID],
    moment: Moment,
    on: date | None = None,
    *,
    by: User,
    now: datetime,
    today: date,
) -> list[UUID]:
    """Ask the rules of a moment of cases, and keep the answers; returns the cases that were asked.

    Decided cases are left out: their answers stay. Facts count for the days that `panro.screening.rounds.days_for`
    gives. Constant statements, but for each day on which applications came in.

    Args:
        cases: which.
        moment: of asking.
        on: the day of the review before the evaluation; at other moments the notice says it.
        by: the officer.
        now: the moment.
        today: the day in Seoul.

    Raises:
        PermissionDenied: neither officer nor chief.
        NotYetError: the moment has not come for one of them.
    """
    check_officer(by)
    with transaction.atomic():
        found = [case for case in lock(cases).values() if case.state in OPEN]
        return assess_locked(found, moment, on=on, by=str(by.pk), now=now, today=today)


def assess_locked(
    cases: Sequence[Case], moment: Moment, *, by: str, now: datetime, today: date, on: date | None = None
) -> list[UUID]:
    """Ask of cases that are locked already; as `assess`."""
    calls = calls_of({case.review_id: case.review for case in cases}.values())
    answered = answered_on([case.pk for case in cases])
    days = {}
    for case in cases:
        call = calls[case.review_id]
        first = first_day(call, moment, case.received_on)
        days[case.pk] = days_for(case, call, moment, on=on, today=today, answered=answered.get(case.pk))
        if not first <= days[case.pk].on <= today:
            raise NotYetError(first)
    look_up_sanctions({(case.party_id, days[case.pk].registers_on) for case in cases}, by=by, now=now, today=today)
    return _ask(cases, moment, days, calls, by=by, now=now)


@transaction.atomic
def assess_on(questions: Iterable[Question], moment: Moment, *, by: str, now: datetime) -> list[UUID]:
    """Ask for days that the caller knows, as a rehearsal does; no register is looked up. As `assess` otherwise."""
    days = {one.case: one.days for one in questions}
    found = [case for case in lock(days).values() if case.state in OPEN]
    return _ask(found, moment, days, calls_of({case.review_id: case.review for case in found}.values()), by=by, now=now)


def _ask(
    cases: Sequence[Case],
    moment: Moment,
    days: Mapping[UUID, Days],
    calls: Mapping[UUID, Call],
    *,
    by: str,
    now: datetime,
) -> list[UUID]:
    if not cases:
        return []
    facts = _facts(cases, moment, days)
    asked: dict[UUID, Assessment] = {}
    askings, answers = [], []
    for case in cases:
        call, known, day = calls[case.review_id], facts[case.pk], days[case.pk]
        found = call.questions.assess(
            known,
            moment=moment,
            on=day.on,
            applicant_type=cast("ApplicantType", case.applicant_type),
            track=case.track or None,
        )
        asking = Asking(
            case=case,
            moment=moment.value,
            on=day.on,
            papers_until=day.papers_until,
            registers_on=day.registers_on,
            facts=[known[key].to_json() for key in sorted(known)],
            notice=call.digest,
            asked_at=now,
        )
        asked[case.pk] = found
        askings.append(asking)
        answers += [_answer(asking, place, one) for place, one in enumerate(found.findings, 1)]
    before = Asking.objects.filter(case__in=asked, moment=moment.value)
    CaseAnswer.objects.filter(asking__in=before).delete()
    before.delete()
    Asking.objects.bulk_create(askings, batch_size=BATCH)
    CaseAnswer.objects.bulk_create(answers, batch_size=BATCH)
    _sum_up(asked, now=now)
    _enter(cases, moment, answers, by=by, now=now)
    return list(asked)


def _facts(cases: Sequence[Case], moment: Moment, days: Mapping[UUID, Days]) -> dict[UUID, dict[str, Fact]]:
    """Read the facts of cases; of one applicant in several rounds, one case after the other."""
    found: dict[UUID, dict[str, Fact]] = {}
    left = list(cases)
    while left:
        seen: set[UUID] = set()
        now: list[Case] = []
        later: list[Case] = []
        for case in left:
            (later if case.party_id in seen else now).append(case)
            seen.add(case.party_id)
        found |= facts_for(
            [case.pk for case in now],
            moment=moment,
            papers_until={case.pk: days[case.pk].papers_until for case in now},
            registers_on={case.pk: days[case.pk].registers_on for case in now},
        )
        left = later
    return found


def _answer(asking: Asking, place: int, finding: Finding) -> CaseAnswer:
    mend = finding.mend
    return CaseAnswer(
        asking=asking,
        position=place,
        rule=finding.rule,
        answer=finding.answer.value,
        reason=finding.reason,
        clause_ko=finding.clause.ko,
        clause_en=finding.clause.en,
        message_ko=finding.message.ko,
        message_en=finding.message.en,
        mend_ko="" if mend is None else mend.ko,
        mend_en="" if mend is None else mend.en,
        facts=[fact.to_json() for fact in finding.facts],
    )


def _sum_up(asked: Mapping[UUID, Assessment], *, now: datetime) -> None:
    """Sum up what the rules said of cases at all moments so far. Two statements."""
    rows = CaseAnswer.objects.filter(asking__case__in=asked).select_related("asking").order_by("asking", "position")
    found: dict[UUID, dict[str, list[Finding]]] = {key: {} for key in asked}
    for row in rows.defer("asking__facts", "facts"):
        moment = Moment(row.asking.moment)
        finding = Finding(
            row.rule,
            Answer(row.answer),
            row.reason,
            Text(row.clause_ko, row.clause_en),
            moment,
            (),
            Text(row.message_ko, row.message_en),
        )
        found[row.asking.case_id].setdefault(moment.value, []).append(finding)
    sums = {
        key: requirement(
            *(Assessment(Moment(moment), tuple(said[moment])) for moment in sorted(said, key=ORDER.__getitem__))
        )
        for key, said in found.items()
    }
    with connection.cursor() as cursor:
        cursor.execute(
            _SAYS,
            [
                now,
                list(sums),
                [one.state for one in sums.values()],
                [one.reason for one in sums.values()],
                [one.clause for one in sums.values()],
                [_RISK[one.state].value for one in sums.values()],
            ],
        )


def _enter(cases: Sequence[Case], moment: Moment, answers: Sequence[CaseAnswer], *, by: str, now: datetime) -> None:
    """Write one entry per round: how many cases and answers, and the root of the answers."""
    of_case = {case.pk: round_id(case.review) for case in cases}
    lines: dict[str, list[str]] = {name: [] for name in of_case.values()}
    tallies: dict[str, Counter[str]] = {name: Counter() for name in of_case.values()}
    for one in answers:
        name = of_case[one.asking.case_id]
        lines[name].append(
            encode_text({"case": str(one.asking.case_id), "rule": one.rule, "answer": one.answer, "reason": one.reason})
        )
        tallies[name][one.answer] += 1
    counts = Counter(of_case.values())
    record_many(
        [
            Deed(
                "cases_assessed",
                by,
                f"round:{name}",
                now,
                public={"moment": moment.value, "count": counts[name], "answers": dict(tallies[name])},
                payload={"root": text_root(lines[name])},
            )
            for name in sorted(lines)
        ],
        now=now,
    )
