"""Objections (이의신청): filed within the term of the notice, decided with a reason, judged by an addendum."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.intake.models import Application
from panro.selection.models.published import PublishedRound
from panro.vault.models import Paper

TEXT_LENGTH: Final = 4_000
REASON_LENGTH: Final = 2_000


class ObjectionState(models.TextChoices):
    """Where an objection stands."""

    FILED = "filed", _("waits for the office")
    CORRECTED = "corrected", _("upheld: the requirement review is decided anew")
    REFERRED = "referred", _("upheld: another panel judges")
    JUDGED = "judged", _("judged, and the result published")
    DISMISSED = "dismissed", _("dismissed")
    WITHDRAWN = "withdrawn", _("taken back")


OBJECTION: Final[dict[ObjectionState, frozenset[ObjectionState]]] = {
    ObjectionState.FILED: frozenset(
        {
            ObjectionState.CORRECTED,
            ObjectionState.REFERRED,
            ObjectionState.DISMISSED,
            ObjectionState.WITHDRAWN,
        }
    ),
    ObjectionState.CORRECTED: frozenset({ObjectionState.JUDGED}),
    ObjectionState.REFERRED: frozenset({ObjectionState.JUDGED}),
    ObjectionState.JUDGED: frozenset(),
    ObjectionState.DISMISSED: frozenset(),
    ObjectionState.WITHDRAWN: frozenset(),
}
UPHELD: Final = frozenset({ObjectionState.CORRECTED, ObjectionState.REFERRED})
"""What the next addendum has to judge."""
PENDING: Final = frozenset({ObjectionState.FILED, *UPHELD})
"""While one of these is there, no place is offered to the waiting list."""


class Objection(models.Model):
    """What an applicant says is wrong with its result, and what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="objections", db_index=False)
    published = models.ForeignKey(PublishedRound, on_delete=models.PROTECT, related_name="objections", db_index=False)
    """The publication that it objects to."""
    result_no = models.PositiveIntegerField()
    text = models.CharField(max_length=TEXT_LENGTH)
    state = models.CharField(max_length=9, choices=ObjectionState, default=ObjectionState.FILED)
    until = models.DateField()
    """The last day for objections, as the notice had it."""
    filed_on = models.DateField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    """Why it was decided so, in words for the applicant."""
    decision = models.JSONField(null=True, blank=True)
    """The requirement review decided anew: region, facts, requirement, reason, clause, groups, bonus."""
    judged = models.ForeignKey(
        PublishedRound, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """The addendum that judged it."""

    class Meta:
        ordering: ClassVar = ["filed_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["published", "state", "filed_at", "id"], name="objection_of_round"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application"], condition=~Q(state="withdrawn"), name="objection_once"),
            models.CheckConstraint(condition=Q(state__in=ObjectionState.values), name="objection_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="objection_says_something"),
            models.CheckConstraint(condition=Q(filed_on__lte=F("until")), name="objection_in_time"),
            models.CheckConstraint(
                condition=Q(state__in=["filed", "withdrawn"], decided_at=None, decided_by=None, reason="")
                | (
                    Q(
                        state__in=["corrected", "referred", "judged", "dismissed"],
                        decided_at__isnull=False,
                        decided_by__isnull=False,
                    )
                    & ~Q(reason="")
                ),
                name="objection_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="corrected", decision__isnull=False)
                | Q(state="judged")
                | (Q(state__in=["filed", "withdrawn", "dismissed", "referred"]) & Q(decision__isnull=True)),
                name="objection_decision_iff_corrected",
            ),
            models.CheckConstraint(
                condition=Q(state="judged", judged__isnull=False) | (~Q(state="judged") & Q(judged=None)),
                name="objection_judged_by_an_addendum",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.state}"


class ObjectionPaper(models.Model):
    """A paper of the applicant's vault that it names with its objection."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="papers", db_index=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering: ClassVar = ["objection_id", "paper_id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["objection", "paper"], name="objection_paper_once")]

    def __str__(self) -> str:
        return f"{self.objection_id}: {self.paper_id}"
