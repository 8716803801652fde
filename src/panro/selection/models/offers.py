"""Offers of the waiting list (예비 순번 제안): to whom a free place was offered, until when, and the answer.

What happened to places, in order, is told by ``OfferLine`` alone: the lines of a rehearsal come with its dossier, those
of a running round are added by the acts of `panro.selection.after.offers`. An ``Offer`` is where one offer stands; its
``seq`` is that of the line by which it was made.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.intake.models import Application
from panro.selection.models.published import PublishedRound


class OfferState(models.TextChoices):
    """Where an offer stands."""

    OFFERED = "offered", _("waits for an answer")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    EXPIRED = "expired", _("not answered in time")


OFFER: Final[dict[OfferState, frozenset[OfferState]]] = {
    OfferState.OFFERED: frozenset({OfferState.ACCEPTED, OfferState.REFUSED, OfferState.EXPIRED}),
    OfferState.ACCEPTED: frozenset(),
    OfferState.REFUSED: frozenset(),
    OfferState.EXPIRED: frozenset(),
}
"""Who accepted and gives the place back afterwards keeps the accepted offer; the line ``declined`` tells of it."""


class Offer(models.Model):
    """A free place offered to one of the waiting list."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    published = models.ForeignKey(PublishedRound, on_delete=models.PROTECT, related_name="live_offers", db_index=False)
    result_no = models.PositiveIntegerField()
    application = models.ForeignKey(
        Application, null=True, blank=True, on_delete=models.PROTECT, related_name="offers", db_index=False
    )
    """Empty where the receipt is of another system: the office then answers for the applicant."""
    seq = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=OfferState, default=OfferState.OFFERED)
    due = models.DateField()
    """The last day in Seoul for an answer."""
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=100)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["published_id", "seq"]
        indexes: ClassVar = [
            models.Index(fields=["due", "id"], condition=Q(state="offered"), name="offer_open_by_due"),
            models.Index(fields=["application"], name="offer_of_application"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["published", "result_no"], name="offer_result_once"),
            models.UniqueConstraint(fields=["published", "seq"], name="offer_of_line_once"),
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="offer_state_known"),
            models.CheckConstraint(condition=~Q(offered_by=""), name="offer_says_who"),
            models.CheckConstraint(
                condition=Q(state="offered", answered_at=None, answered_by="")
                | (
                    ~Q(state="offered")
                    & Q(answered_at__isnull=False, answered_at__gte=F("offered_at"))
                    & ~Q(answered_by="")
                ),
                name="offer_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.published_id} {self.result_no}: {self.state}"
