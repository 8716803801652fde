"""What rooms below ask of published results: what became of earlier applications, and what is still needed.

`SelectionConfig.ready` fills their seams with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Subquery

from panro.intake.models import Application, Receipt
from panro.intake.seams import Outcome as Known
from panro.intake.states import State
from panro.selection.models import CourseState, OfferAct, OfferLine, Outcome, ResultLine, RoundCourse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from panro.intake.calls import Call


def outcomes(parties: Collection[UUID], call: Call) -> Mapping[UUID, Collection[Known]]:
    """Return what became of the applications of parties in earlier rounds of a programme, as published now.

    Who gave a place back holds none. One query; none for a round before which no other closed.
    """
    if not any(one.closes < call.round_.opens for one in call.programme.rounds):
        return {}
    rows = _results(
        Receipt.objects.filter(
            application__party__in=parties,
            application__edition__code=call.edition.head.code,
            application__programme=call.programme.code,
            application__replaced=False,
        )
    )
    found: dict[UUID, list[Known]] = {}
    for _application, party, code, track, holds in rows:
        found.setdefault(party, []).append(Known(code, holds, track))
    return found


def unsettled(applications: Collection[UUID]) -> set[UUID]:
    """Return those of some applications whose round is on its course: objections and offers rest on them. One query."""
    course = RoundCourse.objects.filter(
        version__edition=OuterRef("edition"), programme=OuterRef("programme"), round_code=OuterRef("round_code")
    ).exclude(state=CourseState.SETTLED)
    rows = Application.objects.filter(Exists(course), pk__in=applications, state=State.CLOSED)
    return set(rows.values_list("pk", flat=True))


def not_selected(applications: Collection[UUID]) -> set[UUID]:
    """Return those of some applications that are published and hold no place. One query."""
    rows = _results(Receipt.objects.filter(application__in=applications))
    return {application for application, *_, holds in rows if not holds}


def _results(receipts: QuerySet[Receipt]) -> Iterator[tuple[UUID, UUID, str, str, bool]]:
    """Give application, party, round, track, and whether it holds a place, of receipts whose result is published."""
    lines = ResultLine.objects.filter(
        published__programme=OuterRef("application__programme"),
        published__round=OuterRef("application__round_code"),
        published__current=True,
        published__edition=OuterRef("application__edition__code"),
        receipt=OuterRef("commitment"),
    )
    last = OfferLine.objects.filter(published=OuterRef("published"), result_no=OuterRef("result_no")).order_by("-seq")
    lines = lines.annotate(last=Subquery(last.values("event")[:1]))
    found = receipts.annotate(outcome=Subquery(lines.values("outcome")[:1]), last=Subquery(lines.values("last")[:1]))
    for application, party, code, track, outcome, event in found.exclude(outcome=None).values_list(
        "application", "application__party", "application__round_code", "application__track", "outcome", "last"
    ):
        holds = outcome == Outcome.SELECTED if event is None else event == OfferAct.ACCEPTED
        yield application, party, code, track, holds
