"""Reading the desk; the number of queries never grows with the rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from django.db.models import BooleanField, Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from panro.dossier.sources import Application as Decided
from panro.intake.models import Application, Receipt
from panro.intake.states import State as ApplicationState
from panro.proof.canonical import CanonicalText
from panro.screening.errors import UndecidedError
from panro.screening.models import Asking, Case, CaseDecision, FactOverride, Review, Sanction, StaffConflict
from panro.screening.states import OPEN, CaseState
from panro.screening.words import asked
from panro.ui.pager import paginate

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from uuid import UUID

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.proof.canonical import Json
    from panro.rules.selection.model import Requirement
    from panro.ui.pager import Page

SHOWN: Final = 50
_ORDERS: Final = {
    "age": ["received", "application_id"],
    "newest": ["-received", "-application_id"],
    "risk": ["-risk", "received", "application_id"],
}
ORDERS: Final = tuple(_ORDERS)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of the queue is shown; empty texts and None narrow nothing.

    ``state`` is a state of cases, or ``open`` for those that are not decided. ``older_than`` is the last day of
    receipt. ``officer`` narrows to cases that somebody took upon oneself.
    """

    programme: str = ""
    round_code: str = ""
    state: str = ""
    risk: int | None = None
    older_than: date | None = None
    words: str = ""
    officer: UUID | None = None
    order: str = "age"


@dataclass(frozen=True, slots=True)
class Shown:
    """One case with everything that its page shows of the desk's own."""

    case: Case
    askings: list[Asking]
    decisions: list[CaseDecision]
    overrides: list[FactOverride]


def cases(narrowed: Narrowed) -> QuerySet[Case]:
    """Return the cases that fit, in no order."""
    found = Case.objects.select_related("officer").defer("words", "search")
    if narrowed.programme:
        found = found.filter(programme=narrowed.programme)
    if narrowed.round_code:
        found = found.filter(round_code=narrowed.round_code)
    if narrowed.state == "open":
        found = found.filter(state__in=sorted(OPEN))
    elif narrowed.state:
        found = found.filter(state=narrowed.state)
    if narrowed.risk is not None:
        found = found.filter(risk=narrowed.risk)
    if narrowed.older_than is not None:
        found = found.filter(received_on__lte=narrowed.older_than)
    if narrowed.officer is not None:
        found = found.filter(officer=narrowed.officer)
    if narrowed.words.strip():
        terms = asked(narrowed.words)
        found = (
            found.filter(RawSQL("screening_case.search @@ %s::tsquery", [terms], BooleanField()))
            if terms
            else found.none()
        )
    return found


def queue(narrowed: Narrowed, *, cursor: str | None = None, size: int = SHOWN) -> Page[Case]:
    """Return one page of the queue with the officers of its cases. One query.

    Raises:
        BadCursorError: the cursor is none of this list.
    """
    order = _ORDERS.get(narrowed.order, _ORDERS["age"])
    return paginate(cases(narrowed), order=order, cursor=cursor, size=size)


def rounds() -> list[Review]:
    """Return the rounds that have come to the desk, by edition and code. One query."""
    return list(Review.objects.select_related("edition").order_by("-edition__code", "programme", "round_code"))


def shown(case_id: UUID) -> Shown | None:
    """Return one case with its answers and decisions; None if there is none. Five queries."""
    found = (
        Case.objects.select_related("review__edition", "party", "officer", "application__version")
        .defer("words", "search", "application__version__document", "application__version__changes")
        .filter(pk=case_id)
        .first()
    )
    if found is None:
        return None
    askings = list(Asking.objects.filter(case=case_id).order_by("asked_at", "on", "moment").prefetch_related("answers"))
    decisions = list(CaseDecision.objects.filter(case=case_id).order_by("-number"))
    overrides = list(FactOverride.objects.filter(case=case_id).select_related("stated_by").order_by("stated_at", "pk"))
    return Shown(found, askings, decisions, overrides)


def sanctions(words: str = "", *, cursor: str | None = None) -> Page[Sanction]:
    """Return one page of the register of sanctions, the newest first, of a name or a number. One query."""
    found = Sanction.objects.select_related("imposed_by", "lifted_by")
    if words.strip():
        digits = "".join(letter for letter in words if letter.isdigit())
        fits = Q(name__icontains=words.strip())
        found = found.filter(fits | Q(business_number__startswith=digits) if digits else fits)
    return paginate(found, order=["-imposed_at", "-id"], cursor=cursor, size=SHOWN)


def conflicts_of(user: User) -> list[StaffConflict]:
    """Return what somebody declared and still holds, the first declared first. One query."""
    return list(StaffConflict.objects.filter(user=user, ended_at=None).order_by("declared_at", "pk"))


def conflicts_of_others(user: User) -> list[StaffConflict]:
    """Return what colleagues declared and still holds, by colleague. One query."""
    rows = StaffConflict.objects.filter(ended_at=None).exclude(user=user).select_related("user")
    return list(rows.order_by("user__name", "user_id", "declared_at", "pk"))


def progress(version: EditionVersion, programme: str, round_code: str) -> Mapping[str, int]:
    """Return how many cases of a round stand where. One query."""
    rows = Case.objects.filter(
        review__edition=version.edition_id, review__programme=programme, review__round_code=round_code
    )
    counted = dict(rows.order_by().values("state").annotate(count=Count("pk")).values_list("state", "count"))
    return {state.value: counted.get(state.value, 0) for state in CaseState}


def unsettled(applications: Collection[UUID]) -> set[UUID]:
    """Return those of some applications that this room still needs: their requirement review is not settled. One query.

    One in a frozen pool whose review has not begun is needed too.
    """
    settled = Case.objects.filter(application=OuterRef("pk"), review__settled_at__isnull=False)
    running = Case.objects.filter(application=OuterRef("pk"), review__settled_at=None)
    in_pool = Q(state=ApplicationState.CLOSED) & ~Exists(settled)
    rows = Application.objects.filter(in_pool | Exists(running), pk__in=applications)
    return set(rows.values_list("pk", flat=True))


def refused(applications: Collection[UUID]) -> set[UUID]:
    """Return those of some applications that a settled requirement review refused. One query."""
    cases = Case.objects.filter(application__in=applications, review__settled_at__isnull=False)
    return set(cases.filter(state__in=[CaseState.INELIGIBLE, CaseState.LAPSED]).values_list("pk", flat=True))


def decided(version: EditionVersion, programme: str, round_code: str) -> list[Decided]:
    """Return the frozen pool of a round with what was decided, as a dossier is built from it. Two queries.

    In the order of result numbers, which is that of the receipts' commitments.

    Raises:
        UndecidedError: somebody in the pool has no decision.
    """
    receipts = list(
        Receipt.objects.filter(
            place__pool__edition=version.edition_id,
            place__pool__programme=programme,
            place__pool__round_code=round_code,
        )
        .annotate(result_no=F("place__result_no"))
        .order_by("result_no")
        .only("application_id", "salt", "payload", "commitment")
    )
    decisions = {
        one.case_id: one
        for one in CaseDecision.objects.filter(
            undone_at=None,
            case__review__edition=version.edition_id,
            case__review__programme=programme,
            case__review__round_code=round_code,
        )
    }
    missing = sum(receipt.application_id not in decisions for receipt in receipts)
    if missing:
        raise UndecidedError(missing)
    return [_decided(receipt, decisions[receipt.application_id]) for receipt in receipts]


def _decided(receipt: Receipt, decision: CaseDecision) -> Decided:
    return Decided(
        salt=receipt.salt,
        payload=cast("Mapping[str, Json]", json.loads(receipt.payload)),
        region=decision.region,
        facts=CanonicalText(decision.facts),
        requirement=cast("Requirement", decision.requirement),
        reason=decision.reason,
        clause=decision.clause,
        groups=tuple(decision.groups),
        bonus=tuple(decision.bonus),
    )
