"""Handing an application in: checked, kept as it is, numbered, acknowledged; in one transaction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from panro.accounts.ids import new_id
from panro.intake import notices, writing
from panro.intake.actions.asking import Asked, Request, open_requests
from panro.intake.actions.handed_in import drop_supplements
from panro.intake.again import of_each
from panro.intake.assembling import Assembled, add_facts, load
from panro.intake.calls import day_for
from panro.intake.completeness import Given, consents_missing, lacking
from panro.intake.errors import (
    AlreadyAppliedError,
    ApplicantClosedError,
    IncompleteError,
    NoConsentError,
    NotAgainError,
    NotOpenError,
    StaleError,
    WrongStateError,
)
from panro.intake.models import Application, ItemKind, Receipt
from panro.intake.snapshots import applicant_of, issue, take
from panro.intake.states import LIVE, State
from panro.record.actions import Deed, new_salt, record_many
from panro.rules.reapplication import once_in_a_year

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.intake.snapshots import Taken
    from panro.proof.canonical import Json

    type Salts = Callable[[Application], str]

ONE_EACH: Final = ("application_one_per_applicant", "application_one_live", "application_once_in_programme")
"""Constraints that say that somebody else, or another page, was first."""
CLOSED: Final = " is closed"
"""So ends what the trigger ``intake_applicant_is_open`` says."""
PROMISED: Final = "제출할 때 나중에 내기로 한 서류입니다."
"""Why a paper that was promised is waited for; pages say it in their own language."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One application to be handed in.

    Attributes:
        application: which.
        by: the account that hands it in.
        today: the day in Seoul.
        revision: the one that was looked at; None means whatever stands.
        at: when it came; None means now.
        applicant: the name by which its receipt knows the applicant; empty means as `applicant_of` gives it.
    """

    application: UUID
    by: UUID
    today: date
    revision: int | None = None
    at: datetime | None = None
    applicant: str = ""


@dataclass(frozen=True, slots=True)
class Checks:
    """What is asked before an application is taken.

    Without them it is taken as it comes, and what is missing comes out in the requirement
    review (요건검토): so an officer takes in what was sent on paper, and so a rehearsal hands in.
    """

    complete: bool = True
    consent: bool = True
    again: bool = True
    """Whether the notice lets an applicant apply again."""


ALL_CHECKS: Final = Checks()
NO_CHECKS: Final = Checks(complete=False, consent=False, again=False)


def _fresh(_application: Application) -> str:
    return new_salt()


def submit(
    application_id: UUID,
    *,
    revision: int,
    by: User,
    now: datetime,
    today: date | None = None,
    salts: Salts = _fresh,
) -> Receipt:
    """Hand an application in and return its receipt; handing it in again returns the same one.

    Args:
        application_id: which.
        revision: the one that was looked at.
        by: who hands it in.
        now: the moment.
        today: the day in Seoul; told from the moment if it is not given.
        salts: gives the salt of a receipt.

    Raises:
        Application.DoesNotExist: there is none.
        StaleError: another page saved in between.
        WrongStateError: it was withdrawn, or its time has passed.
        NotOpenError: the round has not begun, is over for this applicant, or is frozen.
        AlreadyAppliedError: the applicant has another live application in this round.
        ApplicantClosedError: one of its owners closed it.
        NotAgainError: the notice does not let it apply again.
        NoConsentError, IncompleteError: something is missing.
    """
    (receipt,) = submit_many([Submission(application_id, by.pk, day_for(now, today), revision)], now=now, salts=salts)
    return receipt


@transaction.atomic
def submit_many(
    submissions: Sequence[Submission],
    *,
    now: datetime,
    salts: Salts = _fresh,
    checks: Checks = ALL_CHECKS,
    tell: bool = True,
) -> list[Receipt]:
    """Hand applications in; their numbers follow the order given, which is that of the receipts returned.

    Eight statements for the rows, the outbox and the record, whatever their number up to a thousand, and three more
    where papers are to follow: a request for those is opened at once. If one cannot be handed in, none is. Rows are
    locked in this order: the drafts, what they correct, the rounds.

    Args:
        submissions: which.
        now: the moment.
        salts: gives the salt of a receipt.
        checks: what is asked of them.
        tell: whether those who hand in get a message.

    Raises:
        What `submit` raises, for the first of them that cannot be handed in.
    """
    wanted = {one.application: one for one in submissions}
    found = {one.application.pk: one for one in load(Application.objects.filter(pk__in=wanted), locked=True)}
    if missing := wanted.keys() - found.keys():
        raise Application.DoesNotExist(f"no application {', '.join(sorted(map(str, missing)))}")
    drafts = [found[key] for key in wanted if found[key].application.state == State.DRAFT]
    known = {} if len(drafts) == len(wanted) else _receipts([key for key in wanted if key not in _ids(drafts)])
    for one in drafts:
        _check_time(one, wanted[one.application.pk])
    if drafts:
        add_facts(drafts, {one.application.pk: wanted[one.application.pk].today for one in drafts})
        if checks.again:
            _check_again(drafts)
        for one in drafts:
            _check_content(one, wanted[one.application.pk], checks)
        known |= _hand_in(drafts, wanted, now=now, salts=salts, tell=tell, once=checks.again)
    return [known[key] for key in wanted]


def _ids(drafts: Sequence[Assembled]) -> set[UUID]:
    return {one.application.pk for one in drafts}


def _receipts(applications: Sequence[UUID]) -> dict[UUID, Receipt]:
    """Return the receipts of what was handed in before.

    Raises:
        WrongStateError: one of them was not: its time has passed, or it was withdrawn.
    """
    known = {
        receipt.application_id: receipt
        for receipt in Receipt.objects.filter(application__in=applications, application__state__in=LIVE)
    }
    if len(known) != len(applications):
        raise WrongStateError.not_a_draft()
    return known


def _check_time(one: Assembled, submission: Submission) -> None:
    row, round_ = one.application, one.call.round_
    if submission.revision is not None and submission.revision != row.revision:
        raise StaleError(row, [code for code, last in row.changed.items() if last > submission.revision])
    if submission.today < round_.opens:
        raise NotOpenError.not_yet(round_.opens)
    if submission.today > (last := max(row.closes, round_.closes)):
        raise NotOpenError.over(last)
    if any(other.live and other.id != row.corrects_id for other in one.earlier):
        raise AlreadyAppliedError


def _check_again(drafts: Sequence[Assembled]) -> None:
    """Refuse those whom the notice does not let apply again, after what they handed in before."""
    by_round: dict[str, list[Assembled]] = {}
    for one in drafts:
        by_round.setdefault(one.call.round_id, []).append(one)
    for group in by_round.values():
        before = {one.application.party_id: one.before for one in group}
        tracks = {one.application.party_id: one.application.track for one in group}
        for answer in of_each(before, tracks, group[0].call).values():
            if not answer.allowed:
                raise NotAgainError(answer)


def _check_content(one: Assembled, submission: Submission, checks: Checks) -> None:
    given = Given.of(one, submission.today)
    if checks.consent and consents_missing(given):
        raise NoConsentError
    if checks.complete and (missing := lacking(given)):
        raise IncompleteError(missing)
    one.follows = tuple(asked.document for asked in given.follows)


def _hand_in(
    drafts: Sequence[Assembled],
    wanted: Mapping[UUID, Submission],
    *,
    now: datetime,
    salts: Salts,
    tell: bool,
    once: bool,
) -> dict[UUID, Receipt]:
    taken = [take(one) for one in drafts]
    _make_way(drafts, now=now)
    numbers = _numbers(drafts)
    rows = [
        replace(
            _row(one, snapshot, wanted[one.application.pk], number=number, now=now, salt=salts(one.application)),
            only_once=once and once_in_a_year(one.call.programme.reapplication),
        )
        for one, snapshot, number in zip(drafts, taken, numbers, strict=True)
    ]
    try:
        written = writing.hand_in(rows)
    except IntegrityError as refused:
        if any(name in str(refused) for name in ONE_EACH):
            raise AlreadyAppliedError from refused
        if CLOSED in str(refused):
            raise ApplicantClosedError from refused
        raise
    if written != len(rows):
        raise WrongStateError.not_a_draft()
    both = list(zip(drafts, rows, strict=True))
    waiting = [(one, row) for one, row in both if one.follows]
    if waiting:
        _await_papers(waiting, now=now)
    deeds = [_deed(one, row) for one, row in both]
    record_many([*deeds, *(_promise(one, row) for one, row in waiting)], now=now)
    if tell:
        notices.tell(
            [
                notices.received(
                    one.application,
                    one.call,
                    account=row.account,
                    receipt_no=row.receipt_no,
                    digest=row.digest,
                    head=one.head,
                    at=row.at,
                    follows=one.follows,
                )
                for one, row in both
            ],
            now=now,
        )
    return {row.application: _receipt(row) for row in rows}


def _make_way(drafts: Sequence[Assembled], *, now: datetime) -> None:
    """Let earlier applications of the same applicants in the same round give way to those that take their place."""
    earlier = sorted(other.id for one in drafts for other in one.earlier)
    if not earlier:
        return
    rows = Application.objects.filter(pk__in=earlier)
    list(rows.order_by("pk").select_for_update().values_list("pk"))
    drop_supplements(earlier, now=now)
    rows.update(state=State.WITHDRAWN, replaced=True, withdrawn_at=Coalesce("withdrawn_at", Value(now)))


def _numbers(drafts: Sequence[Assembled]) -> list[int]:
    """Draw the numbers of receipts, in the order given.

    Raises:
        NotOpenError: a round is frozen.
    """
    keys = [one.round_key for one in drafts]
    counts = Counter(keys)
    last = writing.draw_numbers({key: (new_id(), count) for key, count in counts.items()})
    if last.keys() != counts.keys():
        raise NotOpenError.frozen()
    following = {key: last[key] - counts[key] for key in counts}
    numbers = []
    for key in keys:
        following[key] += 1
        numbers.append(following[key])
    return numbers


def _row(
    one: Assembled, snapshot: Taken, submission: Submission, *, number: int, now: datetime, salt: str
) -> writing.HandedIn:
    row = one.application
    applicant = submission.applicant or applicant_of(row.party)
    issued = issue(one, number=number, applicant=applicant, on=submission.today, digest=snapshot.digest, salt=salt)
    return writing.HandedIn(
        application=row.pk,
        version=one.version,
        snapshot=new_id(),
        document=snapshot.text,
        digest=snapshot.digest,
        receipt_no=one.call.receipt_no(number),
        salt=salt,
        payload=issued.text,
        commitment=issued.commitment,
        applicant=applicant,
        at=submission.at or now,
        day=submission.today,
        account=submission.by,
        closes=max(row.closes, one.call.round_.closes),
    )


def _deed(one: Assembled, row: writing.HandedIn) -> Deed:
    """Tell the record that an application came in; the commitment tells nothing of its applicant."""
    public: dict[str, Json] = {"round": one.call.round_id, "receipt": row.commitment}
    if one.earlier:
        public["replaces"] = [str(other.id) for other in one.earlier]
    return Deed(
        "application_submitted",
        actor=str(row.account),
        subject=f"application:{row.application}",
        at=row.at,
        public=public,
    )


def _await_papers(waiting: Sequence[tuple[Assembled, writing.HandedIn]], *, now: datetime) -> None:
    """Open one request for the papers that each applicant promised; it waits for them until the round's last day."""
    requests = [
        Request(
            one.application.pk,
            tuple(Asked(ItemKind.DOCUMENT, document.code, PROMISED) for document in one.follows),
            one.call.round_.supplement_until,
        )
        for one, _row in waiting
    ]
    open_requests(requests, {row.application: row.account for _one, row in waiting}, now=now, promised=True)


def _promise(one: Assembled, row: writing.HandedIn) -> Deed:
    """Tell the record that papers are to follow, and until when."""
    return Deed(
        "papers_promised",
        actor=str(row.account),
        subject=f"application:{row.application}",
        at=row.at,
        public={
            "round": one.call.round_id,
            "receipt": row.commitment,
            "due": one.call.round_.supplement_until.isoformat(),
        },
    )


def _receipt(row: writing.HandedIn) -> Receipt:
    receipt = Receipt(
        snapshot_id=row.snapshot,
        application_id=row.application,
        receipt_no=row.receipt_no,
        salt=row.salt,
        payload=row.payload,
        commitment=row.commitment,
        issued_at=row.at,
    )
    receipt._state.adding = False  # noqa: SLF001 - it was written by the statement above
    return receipt
