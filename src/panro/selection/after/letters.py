"""Issuing letters: one for every result told, numbered without a gap, in batches that each stand for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction
from django.urls import reverse

from panro.editions.models import Edition
from panro.intake.models import Receipt
from panro.notify.actions import Notice, ToAccount, queue
from panro.record.actions import record
from panro.selection.after.told import digest_of, values_of
from panro.selection.after.wording import wording
from panro.selection.models import Letter, LetterCounter, LetterKind, LetterRun, PublishedRound, ResultLine, StageLine
from panro.selection.names import RoundNames
from panro.staff.models import Approval
from panro.staff.states import ApprovalState
from panro.ui.addresses import absolute
from panro.ui.clock import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

BATCH: Final = 1_000
ISSUER: Final = "system:letters"
UNTOLD: Final = "withdrawn"
"""Who withdrew gets no letter."""


class _Told(NamedTuple):
    """A line, its receipt in this house, and what a letter would tell."""

    line: ResultLine
    receipt: Receipt
    digest: str


class _People(NamedTuple):
    drafter: UUID | None
    approver: UUID | None


def issue_letters(published: UUID, *, now: datetime, by: str = ISSUER, batch: int = BATCH) -> int:
    """Write to everybody whose result a publication tells first or changes; returns how many letters were issued.

    Each batch is one transaction with the same number of statements, however many lines it has; what a batch did is
    not done again, so that a run that was cut off goes on where it ended. A publication that is not the current one
    any more issues nothing: the addendum tells what holds.

    Args:
        published: the publication.
        now: the moment (aware); its day in Seoul stands on the letters.
        by: the id of an account, or ``system:`` and the name of a task.
        batch: how many lines at a time.
    """
    issued = 0
    while (made := _issue_batch(published, now, by, batch)) is not None:
        issued += made
    return issued


def unfinished() -> list[UUID]:
    """Publications whose letters are not all issued, the oldest first. One query."""
    rows = PublishedRound.objects.filter(current=True).exclude(letter_run__finished_at__isnull=False)
    return list(rows.order_by("published_at", "id").values_list("pk", flat=True))


@transaction.atomic
def _issue_batch(published_id: UUID, now: datetime, by: str, batch: int) -> int | None:
    """Issue the letters of the next lines; None if there are none left."""
    published = (
        PublishedRound.objects.select_for_update(of=("self",))
        .select_related("version")
        .defer("version__document", "version__changes", "rules", "draw")
        .get(pk=published_id)
    )
    run, _made = LetterRun.objects.get_or_create(published=published)
    if run.finished_at is not None or not published.current:
        return None
    lines = list(
        ResultLine.objects.filter(published=published, result_no__gt=run.through).order_by("result_no")[:batch]
    )
    if not lines:
        run.finished_at = now
        run.save(update_fields=["finished_at"])
        return None
    told = _told(published, lines)
    letters = _write(published, told, now, by) if told else []
    run.through, run.issued = lines[-1].result_no, run.issued + len(letters)
    run.save(update_fields=["through", "issued"])
    return len(letters)


def _told(published: PublishedRound, lines: Sequence[ResultLine]) -> list[_Told]:
    wanted = {line.receipt: line for line in lines if line.outcome != UNTOLD}
    receipts = Receipt.objects.filter(commitment__in=wanted).select_related("application")
    found = {receipt.commitment: receipt for receipt in receipts}
    stages: dict[int, list[StageLine]] = {}
    if found:
        numbers = [line.result_no for line in lines]
        for row in StageLine.objects.filter(published=published, result_no__range=(numbers[0], numbers[-1])):
            stages.setdefault(row.result_no, []).append(row)
    return [
        _Told(line, found[commitment], digest_of(line, stages.get(line.result_no, [])))
        for commitment, line in wanted.items()
        if commitment in found
    ]


def _write(published: PublishedRound, told: Sequence[_Told], now: datetime, by: str) -> list[Letter]:
    latest: dict[UUID, Letter] = {}
    applications = [one.receipt.application_id for one in told]
    for letter in Letter.objects.filter(application__in=applications, kind=LetterKind.RESULT).order_by("version"):
        latest[letter.application_id] = letter
    new = [one for one in told if _is_news(latest.get(one.receipt.application_id), one)]
    if not new:
        return []
    edition = Edition.objects.get(pk=published.version.edition_id)
    LetterCounter.objects.get_or_create(edition=edition)
    counter = LetterCounter.objects.select_for_update().get(edition=edition)
    people = _people(published)
    letters = [
        _letter(one, latest.get(one.receipt.application_id), published, counter.last + place, people)
        for place, one in enumerate(new, 1)
    ]
    for letter in letters:
        letter.edition, letter.issued_at, letter.issued_on, letter.by = edition, now, day_of(now), by
    counter.last += len(letters)
    counter.save(update_fields=["last"])
    Letter.objects.bulk_create(letters)
    record(
        "letters_issued",
        actor=by,
        subject=f"round:{published.round_id}",
        at=now,
        now=now,
        public={"publication": published.number, "first": letters[0].number, "last": letters[-1].number},
        payload={"letters": [[one.number, one.result_no, one.version, one.digest] for one in letters]},
    )
    names = RoundNames(published)
    queue([_notice(letter, one, names) for letter, one in zip(letters, new, strict=True)], now=now)
    return letters


def _is_news(before: Letter | None, one: _Told) -> bool:
    return before is None or before.digest != one.digest


def _letter(one: _Told, before: Letter | None, published: PublishedRound, number: int, people: _People) -> Letter:
    return Letter(
        number=number,
        published=published,
        result_no=one.line.result_no,
        kind=LetterKind.RESULT,
        version=1 if before is None else before.version + 1,
        application=one.receipt.application,
        digest=one.digest,
        replaces=before,
        drafter_id=people.drafter,
        approver_id=people.approver,
    )


def _people(published: PublishedRound) -> _People:
    """Who proposed and who confirmed the publication; only its publisher is known where no two persons did."""
    approval = (
        Approval.objects.filter(subject=f"round:{published.round_id}", state=ApprovalState.APPROVED)
        .order_by("-decided_at", "-id")
        .first()
    )
    if approval is None:
        return _People(published.published_by_id, None)
    return _People(approval.proposed_by_id, approval.decided_by_id)


def _notice(letter: Letter, one: _Told, names: RoundNames) -> Notice:
    application = one.receipt.application
    values = values_of(one.line, names, one.receipt.receipt_no)
    following = wording().next[one.line.outcome]  # type: ignore[index] # a constraint of the table holds the words
    return Notice(
        template="result_announced",
        to=ToAccount(application.submitted_by_id or application.created_by_id),
        values={
            "programme": values["programme"],
            "receipt": one.receipt.receipt_no,
            "outcome": values["reason"],
            "next": following.filled(values),
            "link": absolute(reverse("selection:letter", args=[letter.pk])),
        },
        key=f"letter:{letter.pk}",
    )
