"""Reading letters, offers and objections; the number of queries never grows with the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from panro.intake.models import Receipt
from panro.parties.models import Membership
from panro.parties.states import PartyState
from panro.selection.models import Letter, Offer, OfferAct, OfferLine, OfferState, Outcome, PublishedRound, ResultLine
from panro.selection.queries import current_rounds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from panro.accounts.models import User
    from panro.intake.models import Application


def letter(pk: UUID) -> Letter | None:
    """A letter with everything its text needs. One query."""
    return (
        Letter.objects.select_related(
            "application__party",
            "application__receipt",
            "published__version",
            "replaces",
            "replaced_by",
            "drafter",
            "approver",
        )
        .defer("published__version__document", "published__version__changes", "published__rules", "published__draw")
        .filter(pk=pk)
        .first()
    )


def letters_to(user: User) -> QuerySet[Letter]:
    """The letters of all parties that somebody belongs to."""
    parties = Membership.objects.filter(user=user, party__state=PartyState.ACTIVE).values("party")
    return _listed(Letter.objects.filter(application__party__in=parties))


def letters_issued(round_id: str = "") -> QuerySet[Letter]:
    """All letters, or those of a round named as ``2021/3-1/R1``; none for what names no round."""
    found = Letter.objects.all()
    if round_id:
        edition, _slash, rest = round_id.partition("/")
        programme, _slash, code = rest.partition("/")
        found = found.filter(published__edition=edition, published__programme=programme, published__round=code)
    return _listed(found)


def _listed(rows: QuerySet[Letter]) -> QuerySet[Letter]:
    return rows.select_related("application__party", "application__receipt", "published__version", "replaced_by").defer(
        "published__version__document", "published__version__changes", "published__rules", "published__draw"
    )


def published_of(application: Application) -> tuple[PublishedRound, ResultLine] | None:
    """What is published now of an application, and its line; None while there is nothing. Two queries."""
    line = (
        ResultLine.objects.select_related("published__version")
        .defer("published__version__document", "published__version__changes", "published__draw")
        .filter(
            published__current=True, receipt__in=Receipt.objects.filter(application=application).values("commitment")
        )
        .first()
    )
    return None if line is None else (line.published, line)


def offer_to(published: PublishedRound, result_no: int) -> Offer | None:
    """The offer to a result number; each is offered a place once at most. One query."""
    return Offer.objects.filter(published=published, result_no=result_no).first()


def last_event(published: PublishedRound, result_no: int) -> OfferLine | None:
    """What happened last to the place of a result number. One query."""
    return OfferLine.objects.filter(published=published, result_no=result_no).order_by("-seq").first()


def holds_place(line: ResultLine, last: OfferLine | None) -> bool:
    """Whether a line holds a place: selected or accepted, and not given back."""
    if last is None:
        return line.outcome == Outcome.SELECTED
    return last.event == OfferAct.ACCEPTED


def rounds_with_places() -> QuerySet[PublishedRound]:
    """Publications that hold, with how many offers wait for an answer."""
    waiting = Count("live_offers", filter=Q(live_offers__state=OfferState.OFFERED))
    return current_rounds().annotate(open_offers=waiting)


def receipts_of(lines: Iterable[ResultLine]) -> dict[str, str]:
    """Receipt numbers by commitment. One query."""
    found = Receipt.objects.filter(commitment__in=[line.receipt for line in lines])
    return dict(found.values_list("commitment", "receipt_no"))
