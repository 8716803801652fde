"""What was decided and by whom, as the dossier will say it; and what an officer stated as a fact."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.screening.models.cases import CLAUSE_LENGTH, REASON, REASON_LENGTH, Case

NOTE_LENGTH: Final = 1_000
REQUIREMENTS: Final = ("eligible", "ineligible", "lapsed", "withdrawn")


class CaseDecision(models.Model):
    """The outcome of one case with the facts it rests on. Never changed; reopening the case takes it back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions", db_index=False)
    number = models.PositiveSmallIntegerField()
    requirement = models.CharField(max_length=10)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    clause = models.CharField(max_length=CLAUSE_LENGTH, blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    region = models.CharField(max_length=2, blank=True)
    groups = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    bonus = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    facts = models.TextField()
    """Canonical JSON, as `panro.dossier.case_facts.facts_text` gives it."""
    decided_by = models.CharField(max_length=100)
    """The id of an account, or ``system:`` and the name of a task."""
    decided_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=100, blank=True)
    undone_why = models.CharField(max_length=NOTE_LENGTH, blank=True)

    class Meta:
        ordering: ClassVar = ["case_id", "number"]
        verbose_name = _("decision")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="case_decision_number_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(undone_at=None), name="case_decision_one_stands"),
            models.CheckConstraint(condition=Q(number__gte=1), name="case_decision_number_from_one"),
            models.CheckConstraint(
                condition=Q(requirement="eligible", reason="", clause="")
                | Q(requirement="withdrawn", reason="withdrawn", clause="")
                | (Q(requirement__in=["ineligible", "lapsed"], reason__regex=REASON) & ~Q(clause="")),
                name="case_decision_says_why",
            ),
            models.CheckConstraint(condition=~Q(decided_by="") & ~Q(facts=""), name="case_decision_by_somebody"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by="", undone_why="")
                | (Q(undone_at__gte=F("decided_at")) & ~Q(undone_by="") & ~Q(undone_why="")),
                name="case_decision_undone_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}: {self.requirement}"


class FactOverride(models.Model):
    """An officer stated a fact about the applicant of a case, and why; the fact itself lies in the vault."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="overrides")
    key = models.CharField(max_length=40)
    value = models.JSONField(null=True, blank=True)
    as_of = models.DateField()
    reason = models.CharField(max_length=NOTE_LENGTH)
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    stated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["case_id", "stated_at", "id"]
        verbose_name = _("fact stated by an officer")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(key="") & ~Q(reason=""), name="fact_override_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.key}"
