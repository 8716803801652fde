"""Asking the tax service: what is due is claimed, asked outside of any transaction, and settled.

Safe to run side by side and to be killed at any moment: a claim that nobody settles within five minutes is claimed
anew, and what was answered of a batch is not asked again.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F, Q

from panro.accounts.lifecycles import check
from panro.parties.actions.checks import note_checks
from panro.parties.actions.claims import answer_tax_check
from panro.parties.actions.standing import number_of
from panro.parties.models import (
    Business,
    CheckRequest,
    RecheckBatch,
    RecheckRun,
    ServiceDay,
)
from panro.parties.states import WORK, RequestKind, WorkState
from panro.parties.taxservice import (
    MendFirstError,
    Question,
    QuotaSpentError,
    ServiceError,
    TryLaterError,
)
from panro.ui.clock import SEOUL, day_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from panro.parties.taxservice import TaxService

    type Clock = Callable[[], datetime]
    type Work = CheckRequest | RecheckBatch

ACTOR: Final = "system:tax_service"
CLAIM: Final = timedelta(minutes=5)
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=1)
ATTEMPTS: Final = 30
"""Attempts before something is given up: with waits up to an hour, about a day."""
RESERVE: Final = 10
"""Per cent of the day's calls that re-checks leave to people who wait for an answer."""
MEND_WAIT: Final = timedelta(hours=1)


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 30 seconds, doubling, an hour at most."""
    return min(FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 10)), LONGEST_WAIT)


def ask_due(service: TaxService, *, calls_per_day: int, clock: Clock, until: datetime) -> int:
    """Ask all that is due, people before re-checks, until the time is over; returns how much was settled.

    Stops at the first sign that the service is down: asking on would only use up attempts.
    """
    settled = 0
    while clock() < until:
        work: Work | None = _claim_request(clock()) or _claim_batch(clock())
        if work is None:
            break
        if not _reserve(work, calls_per_day, clock()):
            continue
        try:
            _ask(work, service, clock)
        except ServiceError as wrong:
            put_off(work, wrong, now=clock())
            if isinstance(wrong, TryLaterError | MendFirstError):
                break
        settled += 1
    return settled


def put_off(work: Work, wrong: ServiceError, *, now: datetime) -> None:
    """Have something asked later, or give it up after many attempts."""
    with transaction.atomic():
        held = _held(work)
        if held is None:
            return
        due = now + backoff(held.attempts)
        if isinstance(wrong, QuotaSpentError):
            held.attempts -= 1
            due = next_day(now)
        elif isinstance(wrong, MendFirstError):
            held.attempts -= 1
            due = now + MEND_WAIT
        gone = held.attempts >= ATTEMPTS
        _settle(held, WorkState.FAILED if gone else WorkState.WAITING, reason=wrong.reason, due=due)


def next_day(now: datetime) -> datetime:
    """Return the midnight in Seoul after a moment: then the calls of the day begin anew."""
    return datetime.combine(day_of(now) + timedelta(days=1), time(), SEOUL)


def _due(now: datetime) -> Q:
    return Q(state=WorkState.WAITING, due__lte=now) | Q(state=WorkState.ASKING, claimed__lte=now - CLAIM)


@transaction.atomic
def _claim_request(now: datetime) -> CheckRequest | None:
    rows = CheckRequest.objects.select_for_update(skip_locked=True, of=("self",)).select_related("claim")
    return _claimed(rows.filter(_due(now)).order_by("due", "id").first(), now)


@transaction.atomic
def _claim_batch(now: datetime) -> RecheckBatch | None:
    rows = RecheckBatch.objects.select_for_update(skip_locked=True, of=("self",)).select_related("run")
    return _claimed(rows.filter(_due(now)).order_by("due", "id").first(), now)


def _claimed[W: (CheckRequest, RecheckBatch)](work: W | None, now: datetime) -> W | None:
    if work is None:
        return None
    if work.state != WorkState.ASKING:
        check(WORK, work.state, WorkState.ASKING)
    work.state, work.claimed, work.attempts = WorkState.ASKING, now, work.attempts + 1
    work.save(update_fields=["state", "claimed", "attempts"])
    return work


def _reserve(work: Work, calls_per_day: int, now: datetime) -> bool:
    """Count one call of the day; if none is left, the work waits for the next day."""
    limit = calls_per_day if isinstance(work, CheckRequest) else calls_per_day - calls_per_day * RESERVE // 100
    day, _made = ServiceDay.objects.get_or_create(day=day_of(now))
    if ServiceDay.objects.filter(pk=day.pk, calls__lt=limit).update(calls=F("calls") + 1):
        return True
    put_off(work, QuotaSpentError("the calls of the day are used up"), now=now)
    return False


def _ask(work: Work, service: TaxService, clock: Clock) -> None:
    if isinstance(work, RecheckBatch):
        _ask_batch(work, service, clock)
    elif work.kind == RequestKind.AUTHENTICITY:
        _ask_authenticity(work, service, clock)
    else:
        _ask_status(work, service, clock)


def _ask_status(request: CheckRequest, service: TaxService, clock: Clock) -> None:
    number = number_of(request.party_id)
    answer = service.status([number]).get(number)
    if answer is None:
        raise TryLaterError("the service left the number out of its answer")
    with transaction.atomic():
        if (held := _held(request)) is not None:
            note_checks([(request.party_id, answer)], asked_at=clock(), actor=ACTOR)
            _settle(held, WorkState.DONE)


def _ask_authenticity(request: CheckRequest, service: TaxService, clock: Clock) -> None:
    stored = Business.objects.get(party=request.party_id)
    question = Question(stored.business_number, stored.representative, stored.opened_on)
    verdict = service.validate([question]).get(question)
    if verdict is None:
        raise TryLaterError("the service left the question out of its answer")
    with transaction.atomic():
        if request.claim_id is None:
            raise RuntimeError(f"request {request.pk} asks about no claim")
        answer_tax_check(request.claim_id, question, verdict, actor=ACTOR, now=clock())
        if (held := _held(request)) is not None:
            _settle(held, WorkState.DONE)


def _ask_batch(batch: RecheckBatch, service: TaxService, clock: Clock) -> None:
    answered = set(batch.checks.values_list("party_id", flat=True))
    open_ones = [
        (party, number) for party, number in zip(batch.parties, batch.numbers, strict=True) if party not in answered
    ]
    answers = service.status(sorted({number for _party, number in open_ones})) if open_ones else {}
    now = clock()
    with transaction.atomic():
        run = RecheckRun.objects.select_for_update().get(pk=batch.run_id)
        held = _held(batch)
        if held is None:
            return
        found = [(party, answers[number]) for party, number in open_ones if number in answers]
        note_checks(found, asked_at=now, actor=ACTOR, batch=batch)
        if len(found) == len(open_ones):
            _settle(held, WorkState.DONE)
            _finish(run, now)
            return
    raise TryLaterError(f"the service left {len(open_ones) - len(found)} numbers out of its answer")


def _finish(run: RecheckRun, now: datetime) -> None:
    if not run.batches.exclude(state=WorkState.DONE).exists():
        run.finished = now
        run.save(update_fields=["finished"])


def _held(work: Work) -> Work | None:
    """Return the row, locked, if this process still holds it; None if somebody claimed it anew."""
    mine = Q(pk=work.pk, state=WorkState.ASKING, claimed=work.claimed)
    if isinstance(work, CheckRequest):
        return CheckRequest.objects.select_for_update().filter(mine).first()
    return RecheckBatch.objects.select_for_update().filter(mine).first()


def _settle(work: Work, state: WorkState, *, reason: str = "", due: datetime | None = None) -> None:
    check(WORK, work.state, state)
    work.state, work.reason, work.claimed = state, reason[:300], None
    work.due = due or work.due
    work.save(update_fields=["state", "reason", "claimed", "due", "attempts"])
