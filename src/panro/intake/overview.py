"""What a member's own page brings together: applications of all its parties, what is due, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import F, OuterRef, Q, Subquery

from panro.intake.calls import Call, call_under
from panro.intake.models import Application, Receipt, Supplement
from panro.intake.states import State, SupplementState
from panro.parties.models import ConsortiumMember
from panro.parties.states import Signature
from panro.vault.models import Paper
from panro.vault.states import CURRENT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

SOON: Final = 30
"""Papers whose validity ends within so many days are pointed out."""
AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True)
class Row:
    """An application in a list, with the round it is for."""

    application: Application
    call: Call
    receipt_no: str
    supplement_due: date | None

    @property
    def is_draft(self) -> bool:
        """Whether it is being written."""
        return self.application.state == State.DRAFT

    @property
    def is_extended(self) -> bool:
        """Whether this applicant has more time than the notice says."""
        return self.application.closes > self.call.round_.closes


def applications(parties: Collection[UUID]) -> QuerySet[Application]:
    """Return the applications of parties that still count, with what a list shows; to be ordered and paged."""
    due = Supplement.objects.filter(application=OuterRef("pk"), state=SupplementState.ASKED)
    receipts = Receipt.objects.filter(application=OuterRef("pk"))
    return (
        Application.objects.filter(party__in=parties, replaced=False)
        .select_related("party", "edition")
        .annotate(
            digest=F("version__digest"),
            due=Subquery(due.order_by("due").values("due")[:1]),
            number=Subquery(receipts.values("receipt_no")[:1]),
        )
    )


def rows(found: Sequence[Application]) -> list[Row]:
    """Return applications as rows; no query once a process has read their notices."""
    return [
        Row(
            one,
            call_under(getattr(one, "digest", ""), one.programme, one.round_code),
            getattr(one, "number", None) or "",
            getattr(one, "due", None),
        )
        for one in found
    ]


def drafts(parties: Collection[UUID]) -> list[Row]:
    """Return what is being written, the first to close first. One query."""
    found = applications(parties).filter(state=State.DRAFT).order_by("closes", "pk")
    return rows(list(found[:AT_ONCE]))


def to_complete(parties: Collection[UUID]) -> list[Row]:
    """Return applications of which something is asked, the first to be due first. One query."""
    found = list(applications(parties).filter(state=State.SUPPLEMENTING).order_by("closes", "pk")[:AT_ONCE])
    return sorted(rows(found), key=lambda row: row.supplement_due or row.application.closes)


def latest(parties: Collection[UUID], count: int) -> list[Row]:
    """Return the newest applications that were handed in or missed. One query."""
    found = applications(parties).exclude(state=State.DRAFT).order_by("-created", "-pk")
    return rows(list(found[:count]))


def expiring(parties: Collection[UUID], on: date) -> list[Paper]:
    """Return papers whose validity ends soon or ended lately, the first first. One query."""
    ends = Q(valid_to__gte=on.fromordinal(on.toordinal() - SOON), valid_to__lte=on.fromordinal(on.toordinal() + SOON))
    found = Paper.objects.filter(ends, party__in=parties, state__in=CURRENT).select_related("party")
    return list(found.order_by("valid_to", "pk")[:AT_ONCE])


def to_sign(parties: Collection[UUID]) -> list[ConsortiumMember]:
    """Return invitations into consortia that wait for a signature. One query."""
    found = ConsortiumMember.objects.filter(party__in=parties, state=Signature.INVITED)
    return list(found.select_related("party", "consortium__party").order_by("added", "pk")[:AT_ONCE])
