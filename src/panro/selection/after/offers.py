"""Places given back, and offered on down the waiting list exactly as the rules say (selection-spec, 8).

Every act takes the row of the publication first, lets the stored events happen again in the rules' own machine, and
writes what it did as the next event: two who act at once follow each other. No place is offered before the last day for
objections has passed and every objection is decided: an addendum runs the selection again, and could otherwise name
somebody else for a place that was accepted already (selection-spec, 10: offers are those on the addendum's results).
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from panro.accounts.lifecycles import leads
from panro.intake.models import Receipt
from panro.notify.actions import Notice, ToAccount, queue
from panro.record.actions import record
from panro.rules.selection.waiting import OfferError
from panro.selection.after.errors import AfterError, NotHeldError, ReplacedError, TermOverError, TooEarlyError
from panro.selection.after.places import carried_on, groups_of
from panro.selection.after.wording import wording
from panro.selection.models import (
    OFFER,
    PENDING,
    CourseState,
    Objection,
    Offer,
    OfferLine,
    OfferState,
    PublishedRound,
    ResultLine,
    RoundCourse,
)
from panro.selection.names import RoundNames
from panro.ui.addresses import absolute
from panro.ui.clock import day_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from uuid import UUID

    from panro.intake.models import Application
    from panro.korea.text import Text
    from panro.proof.canonical import Json
    from panro.rules.selection.waiting import WaitingList
    from panro.selection.after.places import Groups

EXPIRER: Final = "system:offers"
TEMPLATES: Final = {
    "declined": "place_given_back",
    "offered": "place_offered",
    "accepted": "place_accepted",
    "refused": "place_refused",
    "expired": "place_expired",
}


class _Taken(NamedTuple):
    """A publication taken for oneself, and its places."""

    published: PublishedRound
    waiting: WaitingList


def give_back(
    published_id: UUID, result_no: int, *, by: str, now: datetime, today: date | None = None, why: str = ""
) -> OfferLine:
    """Let who holds a place give it back; it joins the end of the queue of free places.

    Args:
        published_id: the publication that holds.
        result_no: who gives back.
        by: the id of an account.
        now: the moment (aware).
        today: the day in Seoul; that of the moment unless a demo pretends another.
        why: what the applicant, or the officer who acts for it, says about it.

    Raises:
        NotHeldError: it holds no place.
        ReplacedError: an addendum has taken the place of this publication.
    """
    groups = _groups(published_id)
    with transaction.atomic():
        taken = _take(published_id, groups)
        day = today or day_of(now)
        _move(lambda: taken.waiting.give_back(result_no, day))
        return _write(taken, by=by, now=now, why=why)


def offer_next(
    published_id: UUID, *, by: str, now: datetime, today: date | None = None, due: date | None = None
) -> Offer | None:
    """Offer the first free place to whom the rules name; None if no place is free or nobody fits.

    Raises:
        TooEarlyError: objections may still be filed, or are not all decided.
        AfterError: the round is settled, or the last day given lies in the past.
        ReplacedError: as :func:`give_back`.
    """
    groups = _groups(published_id)
    with transaction.atomic():
        taken = _take(published_id, groups)
        published, day = taken.published, today or day_of(now)
        last = due or day + timedelta(days=wording().offer_days)
        if last < day:
            raise AfterError(_("The last day for an answer lies in the past. Please choose a later one."))
        _check_time(published, day)
        if _move(lambda: taken.waiting.offer(day)) is None:
            return None
        number, seq = taken.waiting.events[-1].result_no, taken.waiting.events[-1].seq
        application = _application(published, number)
        line = _write(taken, by=by, now=now, due=last)
        return Offer.objects.create(
            published=published,
            result_no=line.result_no,
            application=application,
            seq=seq,
            due=last,
            offered_at=now,
            offered_by=by,
        )


def accept(offer_id: UUID, *, by: str, now: datetime, today: date | None = None) -> Offer:
    """Take an offered place, up to and including the last day.

    Raises:
        NotHeldError: the offer was answered, or has expired.
        TermOverError: the last day has passed.
        ReplacedError: as :func:`give_back`.
    """
    return _answer(offer_id, OfferState.ACCEPTED, by, now, today)


def refuse(offer_id: UUID, *, by: str, now: datetime, today: date | None = None) -> Offer:
    """Turn an offered place down; it is the first to be offered again. Raises as :func:`accept`."""
    return _answer(offer_id, OfferState.REFUSED, by, now, today)


def expire_offers(today: date, *, now: datetime) -> int:
    """End the offers whose last day has passed, publication by publication; returns how many."""
    over = Offer.objects.filter(state=OfferState.OFFERED, due__lt=today).order_by("published_id")
    rounds = over.values_list("published_id", flat=True).distinct()
    return sum(_expire(published, today, now) for published in list(rounds))


def _expire(published_id: UUID, today: date, now: datetime) -> int:
    groups = _groups(published_id)
    with transaction.atomic():
        published = _lock(published_id)
        over = list(Offer.objects.filter(published=published, state=OfferState.OFFERED, due__lt=today).order_by("seq"))
        if not over or not published.current:
            return 0
        taken = _Taken(published, carried_on(published, groups))
        for offer in over:
            _move(partial(taken.waiting.expire, offer.result_no, today))
            _write(taken, by=EXPIRER, now=now)
            _close(offer, OfferState.EXPIRED, EXPIRER, now)
        return len(over)


def _answer(offer_id: UUID, state: OfferState, by: str, now: datetime, today: date | None) -> Offer:
    published_id = Offer.objects.values_list("published_id", flat=True).get(pk=offer_id)
    groups = _groups(published_id)
    with transaction.atomic():
        taken = _take(published_id, groups)
        offer, day = Offer.objects.get(pk=offer_id), today or day_of(now)
        if not leads(OFFER, offer.state, state):
            raise NotHeldError(
                _("This offer is settled already: it is %(state)s.") % {"state": OfferState(offer.state).label}
            )
        if day > offer.due:
            raise TermOverError(
                _("The last day for an answer was %(day)s, so the place goes on to the next.") % {"day": offer.due}
            )
        if state == OfferState.ACCEPTED:
            _move(lambda: taken.waiting.accept(offer.result_no, day))
        else:
            _move(lambda: taken.waiting.refuse(offer.result_no, day))
        _write(taken, by=by, now=now)
        return _close(offer, state, by, now)


def _groups(published_id: UUID) -> Groups:
    return groups_of(PublishedRound.objects.get(pk=published_id))


def _lock(published_id: UUID) -> PublishedRound:
    return (
        PublishedRound.objects.select_for_update(of=("self",))
        .select_related("version")
        .defer("version__document", "version__changes")
        .get(pk=published_id)
    )


def _take(published_id: UUID, groups: Groups) -> _Taken:
    published = _lock(published_id)
    if not published.current:
        raise ReplacedError(_("An addendum has replaced these results. Please open the current ones."))
    return _Taken(published, carried_on(published, groups))


def _check_time(published: PublishedRound, day: date) -> None:
    until = RoundNames(published).round.objections_until
    if day <= until:
        raise TooEarlyError(
            _("Objections may be filed until %(day)s. Places are offered from the day after.") % {"day": until}
        )
    pending = Objection.objects.filter(
        published__edition=published.edition,
        published__programme=published.programme,
        published__round=published.round,
        state__in=PENDING,
    ).count()
    if pending:
        raise TooEarlyError(
            _("%(count)d objections are not settled yet. Please settle them first.") % {"count": pending}
        )
    if RoundCourse.objects.filter(round_id=published.round_id, state=CourseState.SETTLED).exists():
        raise AfterError(_("This round is settled: no place is offered any more."))


def _move[T](step: Callable[[], T]) -> T:
    """Take a step of the machine; what the rules do not allow is said in the words of this room."""
    try:
        return step()
    except OfferError as wrong:
        raise NotHeldError(
            _("This application holds no place and has no open offer now. Please load the page again.")
        ) from wrong


def _write(taken: _Taken, *, by: str, now: datetime, due: date | None = None, why: str = "") -> OfferLine:
    """Write the machine's last event: its line, its entry in the record, and the message to whom it happened."""
    event, published = taken.waiting.events[-1], taken.published
    line = OfferLine.objects.create(
        published=published, seq=event.seq, on=event.on, result_no=event.result_no, event=event.event
    )
    public: dict[str, Json] = {
        "publication": published.number,
        "seq": event.seq,
        "result": event.result_no,
        "on": str(event.on),
    }
    if due is not None:
        public["due"] = str(due)
    record(
        f"place_{event.event}",
        actor=by,
        subject=f"round:{published.round_id}",
        at=now,
        now=now,
        public=public,
        payload={"why": why} if why else None,
    )
    receipt = _receipt(published, event.result_no)
    if receipt is not None:
        queue([_notice(receipt, published, event.event, event.seq, due)], now=now)
    return line


def _close(offer: Offer, state: OfferState, by: str, now: datetime) -> Offer:
    offer.state, offer.answered_at, offer.answered_by = state, now, by
    offer.save(update_fields=["state", "answered_at", "answered_by"])
    return offer


def _receipt(published: PublishedRound, number: int) -> Receipt | None:
    line = ResultLine.objects.get(published=published, result_no=number)
    return Receipt.objects.select_related("application").filter(commitment=line.receipt).first()


def _application(published: PublishedRound, number: int) -> Application | None:
    receipt = _receipt(published, number)
    return None if receipt is None else receipt.application


def _notice(receipt: Receipt, published: PublishedRound, event: str, seq: int, due: date | None) -> Notice:
    application = receipt.application
    values: dict[str, Text | str | int] = {
        "programme": RoundNames(published).programme.name.text,
        "receipt": receipt.receipt_no,
        "link": absolute(reverse("selection:place", args=[application.pk])),
    }
    if due is not None:
        values["deadline"] = due.isoformat()
    return Notice(
        template=TEMPLATES[event],
        to=ToAccount(application.submitted_by_id or application.created_by_id),
        values=values,
        key=f"place:{published.pk}:{seq}",
    )
