"""Answering a request for supplements (보완), and what becomes of one that is not answered in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Max

from panro.intake import completeness, notices
from panro.intake.actions.handed_in import BATCH, call_for, enter, go_on, lock
from panro.intake.assembling import add_facts, load
from panro.intake.calls import day_for
from panro.intake.errors import NotOpenError, StrangerError, WrongStateError
from panro.intake.models import Application, ChosenPaper, ItemKind, Snapshot, Supplement, SupplementItem
from panro.intake.snapshots import take
from panro.intake.states import SupplementState
from panro.proof.canonical import encode_text, normalise
from panro.vault.models import Paper
from panro.vault.states import CURRENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.proof.canonical import Json

    type Given = Mapping[UUID, Sequence[Answered]]
    """Answers by request."""

EXPIRY: Final = "system:supplement_expiry"


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one item: a paper of the vault for a document, a value for a question."""

    kind: ItemKind
    code: str
    paper: UUID | None = None
    value: Json = None


def answer_supplement(
    supplement_id: UUID,
    answers: Sequence[Answered],
    *,
    by: User,
    now: datetime,
    today: date | None = None,
) -> Supplement:
    """Answer some or all items of a request. Once all are answered, the clock goes on and a new snapshot is kept.

    Raises:
        Supplement.DoesNotExist: there is none.
        WrongStateError: it is not open any more.
        NotOpenError: its last day has passed.
        StrangerError: a paper is not the applicant's own, or an item was not asked for.
        CanonicalError: a value cannot be kept (see `save_step`).
    """
    (answered,) = answer_supplements({supplement_id: answers}, by=by.pk, now=now, today=today)
    return answered


@transaction.atomic
def answer_supplements(
    answers: Given,
    *,
    by: UUID,
    now: datetime,
    today: date | None = None,
    tell: bool = True,
) -> list[Supplement]:
    """Answer requests of many applications; as `answer_supplement`, in the order given."""
    day = day_for(now, today)
    owners = dict(Supplement.objects.filter(pk__in=answers).values_list("pk", "application_id"))
    if missing := answers.keys() - owners.keys():
        raise Supplement.DoesNotExist(f"no supplement {', '.join(sorted(map(str, missing)))}")
    found = lock(set(owners.values()))
    asked = {one.pk: one for one in Supplement.objects.filter(pk__in=answers).prefetch_related("items")}
    for one in asked.values():
        if one.state != SupplementState.ASKED:
            raise WrongStateError.not_handed_in()
        if day > one.due:
            raise NotOpenError.over(one.due)
    rows = {key: found[owners[key]] for key in answers}
    _check_papers(answers, rows)
    touched = _fill(answers, asked, by=by, now=now)
    _take_over(touched, rows)
    done = [one for one in asked.values() if all(item.answered_at is not None for item in one.items.all())]
    for one in done:
        one.state, one.clock_started = SupplementState.ANSWERED, now
    Supplement.objects.filter(pk__in=[one.pk for one in done]).update(state=SupplementState.ANSWERED, clock_started=now)
    go_on([rows[one.pk] for one in done])
    if touched:
        changed = [rows[item.supplement_id] for item in touched]
        _keep({row.pk: row for row in changed}, by=by, now=now, day=day)
    if tell:
        _tell("supplement_received", done, found, now=now)
    return [asked[key] for key in answers]


def expire_supplements(today: date, *, now: datetime) -> int:
    """Close the requests whose last day has passed; returns how many. What they asked for stays unconfirmed."""
    expired = 0
    while batch := _expire_some(today, now):
        expired += batch
    return expired


@transaction.atomic
def _expire_some(today: date, now: datetime) -> int:
    due = Supplement.objects.filter(state=SupplementState.ASKED, due__lt=today).order_by("due", "pk")
    found = lock(set(due.values_list("application_id", flat=True)[:BATCH]))
    over = list(due.filter(application__in=found))
    Supplement.objects.filter(pk__in=[one.pk for one in over]).update(state=SupplementState.EXPIRED, clock_started=now)
    rows = [found[one.application_id] for one in over]
    go_on(rows)
    for row in rows:
        enter("supplement_expired", row, actor=EXPIRY, now=now)
    _tell("supplement_expired", over, found, now=now)
    return len(over)


def _tell(template: str, about: Sequence[Supplement], rows: Mapping[UUID, Application], *, now: datetime) -> None:
    notices.tell(
        [
            notices.about_supplement(
                template, row := rows[one.application_id], call_for(row), of=one.pk, receipt_no=row.receipt.receipt_no
            )
            for one in about
        ],
        now=now,
    )


def _check_papers(given: Given, rows: Mapping[UUID, Application]) -> None:
    """Refuse papers that are not the applicant's own, or cannot be handed in."""
    wanted = {(rows[key].party_id, one.paper) for key, answers in given.items() for one in answers if one.paper}
    own = Paper.objects.filter(pk__in=[paper for _party, paper in wanted], state__in=CURRENT)
    if wanted - set(own.values_list("party_id", "pk")):
        raise StrangerError


def _fill(given: Given, asked: Mapping[UUID, Supplement], *, by: UUID, now: datetime) -> list[SupplementItem]:
    """Put answers into their items and return the items that were answered.

    Raises:
        StrangerError: something was not asked for, or answered with the wrong kind of thing.
    """
    touched = []
    for key, answers in given.items():
        items = {(item.kind, item.code): item for item in asked[key].items.all()}
        for one in answers:
            item = items.get((one.kind, one.code))
            if item is None or (one.paper if one.kind == ItemKind.DOCUMENT else one.value) is None:
                raise StrangerError
            is_paper = one.kind == ItemKind.DOCUMENT
            item.paper_id, item.value = (one.paper, None) if is_paper else (None, normalise(one.value))
            item.answered_at, item.answered_by_id = now, by
            encode_text(item.value)
            touched.append(item)
    SupplementItem.objects.bulk_update(touched, ["paper", "value", "answered_at", "answered_by"], batch_size=BATCH)
    return touched


def _take_over(touched: Sequence[SupplementItem], rows: Mapping[UUID, Application]) -> None:
    """Put answers in the place of what the applications held: papers for documents, values for questions.

    Args:
        touched: the items answered.
        rows: the applications, by request.
    """
    papers = {(rows[item.supplement_id].pk, item.code): item.paper_id for item in touched if item.paper_id is not None}
    held = ChosenPaper.objects.filter(application__in=[row for row, _code in papers]).values_list(
        "pk", "application_id", "code"
    )
    ChosenPaper.objects.filter(pk__in=[pk for pk, row, code in held if (row, code) in papers]).delete()
    ChosenPaper.objects.bulk_create(
        [ChosenPaper(application_id=row, code=code, paper_id=paper) for (row, code), paper in sorted(papers.items())],
        batch_size=BATCH,
    )
    told = [item for item in touched if item.kind == ItemKind.QUESTION]
    for item in told:
        row = rows[item.supplement_id]
        row.answers = {**row.answers, item.code: item.value}
    changed = {rows[item.supplement_id].pk: rows[item.supplement_id] for item in told}
    Application.objects.bulk_update(changed.values(), ["answers"], batch_size=BATCH)


def _keep(rows: Mapping[UUID, Application], *, by: UUID, now: datetime, day: date) -> None:
    """Keep a snapshot of applications as they are now, after those they have; and write that into the record."""
    found = load(Application.objects.filter(pk__in=rows))
    add_facts(found, dict.fromkeys(rows, day))
    for one in found:
        if one.promised:
            one.follows = tuple(asked.document for asked in completeness.Given.of(one, day).follows)
    counts = Snapshot.objects.filter(application__in=rows).values("application").order_by("application")
    last = dict(counts.annotate(last=Max("number")).values_list("application", "last"))
    kept = [
        Snapshot(
            application=one.application,
            number=last[one.application.pk] + 1,
            document=(taken := take(one)).text,
            digest=taken.digest,
            taken_at=now,
        )
        for one in found
    ]
    Snapshot.objects.bulk_create(kept, batch_size=BATCH)
    for snapshot in kept:
        enter(
            "supplement_answered",
            rows[snapshot.application_id],
            actor=str(by),
            now=now,
            payload={"number": snapshot.number, "snapshot": snapshot.digest},
        )
