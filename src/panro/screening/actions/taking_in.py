"""Bringing applications to the desk, and following what their applicants do afterwards."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, cast

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from panro.intake.models import Application
from panro.intake.states import HANDED_IN, State
from panro.parties.addresses import address_digest
from panro.parties.states import Kind
from panro.record.actions import Deed, record_many
from panro.rules.eligibility.ask import WITHDRAWN
from panro.rules.findings import Moment
from panro.screening.actions.assessing import assess_locked
from panro.screening.actions.locking import BATCH, lock, lock_reviews, public_of, reviews_of, round_id, write_states
from panro.screening.actions.outcomes import keep_decisions
from panro.screening.errors import SettledError
from panro.screening.models import Asking, Case, Review
from panro.screening.states import OPEN, CaseState
from panro.screening.words import words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from panro.parties.models import Business, Organisation, Person

DESK: Final = "system:desk"
"""Who takes applications in and follows them."""


def untaken() -> QuerySet[Application]:
    """Applications that were handed in and have no case yet; of several of one applicant the last."""
    return Application.objects.filter(
        ~Exists(Case.objects.filter(pk=OuterRef("pk"))), state__in=HANDED_IN, replaced=False
    )


@transaction.atomic
def take_in(applications: Iterable[UUID], *, now: datetime) -> int:
    """Make cases of applications that were handed in; returns how many are new. Those that have one keep it.

    Raises:
        SettledError: the review of a round is settled.
    """
    rows = list(
        untaken()
        .filter(pk__in=list(applications))
        .select_related("receipt", "edition", "party__business", "party__organisation", "party__person")
        .order_by("pk")
    )
    if not rows:
        return 0
    reviews = _reviews(rows)
    # Under the lock of their reviews, nobody else takes in the same ones.
    known = set(Case.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    new = [row for row in rows if row.pk not in known]
    if any(reviews[_round(row)].settled_at is not None for row in new):
        raise SettledError
    Case.objects.bulk_create((_case(row, reviews[_round(row)]) for row in new), batch_size=BATCH)
    counts = Counter(round_id(reviews[_round(row)]) for row in new)
    record_many(
        [
            Deed("cases_taken_in", DESK, f"round:{name}", now, public={"count": count})
            for name, count in sorted(counts.items())
        ],
        now=now,
    )
    return len(new)


@transaction.atomic
def follow(*, now: datetime, today: date, limit: int = BATCH) -> int:
    """Bring cases to where their applicants are: who answered or ran out of time waits, who withdrew is out.

    Returns how many changed, at most ``limit``; call it again until it is 0. Settled reviews stay as they are.
    """
    left = Q(application__state=State.WITHDRAWN) & ~Q(state=CaseState.WITHDRAWN)
    back = Q(state=CaseState.ASKED) & ~Q(application__state__in=[State.SUPPLEMENTING, State.WITHDRAWN])
    moved = Case.objects.filter(left | back, review__settled_at=None)
    ids = list(moved.order_by("pk").values_list("pk", flat=True)[:limit])
    if not ids:
        return 0
    open_reviews = {key for key, one in lock_reviews(reviews_of(ids)).items() if one.settled_at is None}
    found = {key: case for key, case in lock(ids).items() if case.review_id in open_reviews}
    now_at = dict(Application.objects.filter(pk__in=found).values_list("pk", "state"))
    gone = {
        key: one for key, one in found.items() if now_at[key] == State.WITHDRAWN and one.state != CaseState.WITHDRAWN
    }
    returned = {
        key: one
        for key, one in found.items()
        if one.state == CaseState.ASKED and now_at[key] not in {State.SUPPLEMENTING, State.WITHDRAWN}
    }
    write_states(dict.fromkeys(returned, CaseState.WAITING), decided_at=None)
    _withdraw(gone, now=now, today=today)
    record_many(
        [
            Deed("case_waits_again", DESK, f"application:{key}", now, public=public_of(one))
            for key, one in returned.items()
        ],
        now=now,
    )
    return len(gone) + len(returned)


def _withdraw(gone: dict[UUID, Case], *, now: datetime, today: date) -> None:
    """Take cases out whose applicants withdrew; the dossier shows what was known when they applied."""
    if not gone:
        return
    unasked = set(gone) - set(Asking.objects.filter(case__in=gone).values_list("case_id", flat=True))
    open_ = [one for key, one in gone.items() if key in unasked and one.state in OPEN]
    if open_:
        assess_locked(open_, Moment.APPLICATION, by=DESK, now=now, today=today)
    keep_decisions(gone.values(), dict.fromkeys(gone, WITHDRAWN), by=DESK, why="withdrawn", now=now)
    write_states(dict.fromkeys(gone, CaseState.WITHDRAWN), decided_at=now)
    record_many(
        [Deed("case_withdrawn", DESK, f"application:{key}", now, public=public_of(one)) for key, one in gone.items()],
        now=now,
    )


def _round(row: Application) -> tuple[UUID, str, str]:
    return row.edition_id, row.programme, row.round_code


def _reviews(rows: Collection[Application]) -> dict[tuple[UUID, str, str], Review]:
    """Make and lock the reviews of the rounds in question. Three statements."""
    rounds = {_round(row) for row in rows}
    Review.objects.bulk_create(
        [
            Review(edition_id=edition, programme=programme, round_code=code)
            for edition, programme, code in sorted(rounds)
        ],
        ignore_conflicts=True,
    )
    near = Review.objects.filter(
        edition__in={one[0] for one in rounds},
        programme__in={one[1] for one in rounds},
        round_code__in={one[2] for one in rounds},
    )
    wanted = [one.pk for one in near if (one.edition_id, one.programme, one.round_code) in rounds]
    return {(one.edition_id, one.programme, one.round_code): one for one in lock_reviews(wanted).values()}


def _case(row: Application, review: Review) -> Case:
    party = row.party
    known: Business | Organisation | Person | None = None
    match Kind(party.kind):
        case Kind.BUSINESS:
            known = party.business
        case Kind.ORGANISATION:
            known = party.organisation
        case Kind.PERSON:
            known = party.person
        case _:
            pass
    number = str(getattr(known, "business_number", ""))
    return Case(
        application=row,
        review=review,
        party=party,
        programme=row.programme,
        round_code=row.round_code,
        track=row.track,
        applicant_type=row.applicant_type,
        name=party.name,
        business_number=number,
        address_digest=address_digest(str(getattr(known, "address", ""))),
        region=str(getattr(known, "region", "")),
        receipt_no=row.receipt.receipt_no,
        received=cast("datetime", row.submitted_at),
        received_on=cast("date", row.submitted_on),
        words=words_of(party.name, number, row.receipt.receipt_no, str(getattr(known, "representative", ""))),
    )
