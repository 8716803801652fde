"""What acts on cases share: locking them, refusing conflicts, writing the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection

from panro.intake.states import State
from panro.record.actions import Deed, record_many
from panro.screening.access import check_officer, conflicts
from panro.screening.models import Case, Review
from panro.screening.refusals import CONFLICTS, OF_CONFLICT, Refusal, Why
from panro.screening.states import DECIDED, CaseState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.proof.canonical import Json

BATCH: Final = 1_000
_STATES: Final = """
    UPDATE screening_case AS kept
    SET state = given.state, decided_at = given.decided, due = NULL, revision = kept.revision + 1
    FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS given (id, state, decided)
    WHERE kept.application_id = given.id
"""


def lock(ids: Collection[UUID]) -> dict[UUID, Case]:
    """Lock cases in the order of their ids and return those that exist, with their reviews. One query."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("review__edition").defer("words", "search")
    return {case.pk: case for case in rows.filter(pk__in=list(ids)).order_by("pk")}


def lock_reviews(reviews: Collection[UUID]) -> dict[UUID, Review]:
    """Lock reviews in the order of their ids. One query."""
    rows = Review.objects.select_for_update(of=("self",)).select_related("edition").filter(pk__in=list(reviews))
    return {review.pk: review for review in rows.order_by("pk")}


def reviews_of(cases: Collection[UUID]) -> set[UUID]:
    """Return the reviews to which cases belong. One query."""
    return set(Case.objects.filter(pk__in=list(cases)).order_by().values_list("review_id", flat=True).distinct())


def judged(cases: Collection[UUID], by: User) -> tuple[dict[UUID, Case], list[Refusal]]:
    """Lock cases and part those that an officer may judge from the others, which are named. Three queries.

    Raises:
        PermissionDenied: neither officer nor chief.
    """
    check_officer(by)
    found = lock(cases)
    barred = conflicts(by, found.values())
    refused = [refusal(found[key], OF_CONFLICT[kind]) for key, kind in barred.items()]
    refused += [Refusal(key, "", "", Why.NO_CASE) for key in cases if key not in found]
    return {key: case for key, case in found.items() if key not in barred}, refused


def over(case: Case, application: str) -> Why | None:
    """Say why nothing is decided about a case any more; None if something can be.

    Args:
        case: with its review.
        application: the state of its application.
    """
    if case.review.settled_at is not None:
        return Why.SETTLED
    if case.state == CaseState.WITHDRAWN or application == State.WITHDRAWN:
        return Why.WITHDRAWN
    return Why.DECIDED if case.state in DECIDED else None


def waits(case: Case, application: str) -> bool:
    """Whether the applicant of a case has been asked for something."""
    return case.state == CaseState.ASKED or application == State.SUPPLEMENTING


def refusal(case: Case, why: Why) -> Refusal:
    """Say that a case is left out."""
    return Refusal(case.pk, case.name, case.receipt_no, why)


def enter_refused(act: str, refused: Sequence[Refusal], *, by: User, now: datetime) -> None:
    """Write into the record who tried to judge what they may not."""
    record_many(
        [
            Deed(
                "screening_refused",
                str(by.pk),
                f"application:{one.case}",
                now,
                public={"act": act, "why": one.why.value},
            )
            for one in refused
            if one.why in CONFLICTS
        ],
        now=now,
    )


def round_id(review: Review) -> str:
    """Name a round as a dossier does: ``2021/3-1/R1``."""
    return f"{review.edition.code}/{review.programme}/{review.round_code}"


def write_states(states: Mapping[UUID, str], *, decided_at: datetime | None) -> None:
    """Bring locked cases into states, and count their revisions. One statement.

    Args:
        states: by case.
        decided_at: the moment of their decision; None where they wait again.
    """
    if not states:
        return
    with connection.cursor() as cursor:
        cursor.execute(_STATES, [list(states), [str(one) for one in states.values()], [decided_at] * len(states)])


def public_of(case: Case, **more: Json) -> dict[str, Json]:
    """Return what everybody may read of an act on a case."""
    return {"round": round_id(case.review), "receipt": case.receipt_no, **more}
