"""Requests for supplements (보완): what is asked, item by item, and how long the agency's clock stood still for it."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.intake.models.applications import REASON_LENGTH, WORD, Application
from panro.intake.states import SupplementState
from panro.vault.models import Paper

ITEM_LENGTH: Final = 60


class ItemKind(models.TextChoices):
    """What is asked for."""

    DOCUMENT = "document", _("document")
    QUESTION = "question", _("question")


class Supplement(models.Model):
    """One request; while it waits for the applicant, the time the agency may take stands still.

    Of one application at most two are open at a time: what an officer asked for, and what its applicant promised.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="supplements", db_index=False)
    state = models.CharField(max_length=8, choices=SupplementState, default=SupplementState.ASKED)
    due = models.DateField()
    """The last day on which it may be answered."""
    promised = models.BooleanField(default=False)
    """Whether nobody asked: the applicant itself said, when it handed in, that these papers would follow."""
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    clock_stopped = models.DateTimeField()
    clock_started = models.DateTimeField(null=True, blank=True)
    """When it was answered, ran out or was dropped."""

    class Meta:
        ordering: ClassVar = ["application_id", "clock_stopped", "id"]
        indexes: ClassVar = [
            models.Index(fields=["application", "clock_stopped"], name="supplement_of_application"),
            models.Index(fields=["due", "id"], condition=Q(state="asked"), name="supplement_by_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "promised"], condition=Q(state="asked"), name="supplement_one_open_of_each"
            ),
            models.CheckConstraint(condition=Q(state__in=SupplementState.values), name="supplement_state_known"),
            models.CheckConstraint(
                condition=Q(state="asked", clock_started=None) | (~Q(state="asked") & Q(clock_started__isnull=False)),
                name="supplement_clock_stands_while_open",
            ),
            models.CheckConstraint(
                condition=Q(clock_started=None) | Q(clock_started__gte=F("clock_stopped")),
                name="supplement_clock_goes_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.state}"


class SupplementItem(models.Model):
    """One thing asked for, and its answer: a paper for a document, a value for a question."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    supplement = models.ForeignKey(Supplement, on_delete=models.CASCADE, related_name="items", db_index=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=ItemKind)
    code = models.CharField(max_length=ITEM_LENGTH)
    """Of the document or the question."""
    why = models.CharField(max_length=REASON_LENGTH)
    paper = models.ForeignKey(Paper, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    value = models.JSONField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        ordering: ClassVar = ["supplement_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["supplement", "kind", "code"], name="supplement_item_once"),
            models.UniqueConstraint(fields=["supplement", "position"], name="supplement_item_position_once"),
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="supplement_item_kind_known"),
            models.CheckConstraint(condition=Q(code__regex=WORD) & ~Q(why=""), name="supplement_item_says_what"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, paper=None, value__isnull=True)
                | Q(
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    kind="document",
                    paper__isnull=False,
                    value__isnull=True,
                )
                | Q(
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    kind="question",
                    paper=None,
                    value__isnull=False,
                ),
                name="supplement_item_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
