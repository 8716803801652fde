"""What the rules answered: one asking per case and moment, and in it one answer per rule."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.rules.findings import Answer, Moment
from panro.screening.models.cases import CLAUSE_LENGTH, REASON, REASON_LENGTH, Case

MOMENTS = [(moment.value, moment.value) for moment in Moment]
ANSWERS = [(answer.value, answer.value) for answer in Answer]


class Asking(models.Model):
    """The rules of one moment were asked: on which day, and with which facts. Asked again, it is replaced."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="askings", db_index=False)
    moment = models.CharField(max_length=11, choices=MOMENTS)
    on = models.DateField()
    papers_until = models.DateField()
    registers_on = models.DateField()
    facts = models.JSONField()
    """Every fact that could matter then, ``[{"key", "value", "as_of", "source"}]``, ascending by key."""
    notice = models.CharField(max_length=64)
    """Digest of the version of the notice whose rules were asked."""
    asked_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["case_id", "asked_at", "moment"]
        verbose_name = _("asking")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "moment"], name="asking_once_per_moment"),
            models.CheckConstraint(
                condition=Q(moment__in=[moment.value for moment in Moment]), name="asking_moment_known"
            ),
            models.CheckConstraint(condition=Q(notice__regex=r"^[0-9a-f]{64}$"), name="asking_notice_form"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.moment}"


class CaseAnswer(models.Model):
    """One rule's answer with the sentence, the clause it rests on, the facts used, and how to mend it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asking = models.ForeignKey(Asking, on_delete=models.CASCADE, related_name="answers", db_index=False)
    position = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=64)
    answer = models.CharField(max_length=7, choices=ANSWERS)
    reason = models.CharField(max_length=REASON_LENGTH)
    clause_ko = models.CharField(max_length=CLAUSE_LENGTH)
    clause_en = models.CharField(max_length=CLAUSE_LENGTH)
    message_ko = models.TextField()
    message_en = models.TextField()
    mend_ko = models.TextField(blank=True)
    mend_en = models.TextField(blank=True)
    facts = models.JSONField(default=list)
    """Those that decided; empty where something is missing."""

    class Meta:
        ordering: ClassVar = ["asking_id", "position"]
        verbose_name = _("answer of a rule")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asking", "position"], name="case_answer_place_once"),
            models.CheckConstraint(
                condition=Q(answer__in=[answer.value for answer in Answer]), name="case_answer_known"
            ),
            models.CheckConstraint(condition=Q(reason__regex=REASON), name="case_answer_reason_form"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.answer}"
