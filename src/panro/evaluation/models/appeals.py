"""New panels after the seal: what an objection (이의신청) that was upheld is judged by (selection-spec, 10)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from panro.accounts.ids import new_id
from panro.editions.models import HASH
from panro.evaluation.models.runs import Evaluation


class Appeal(models.Model):
    """The n-th time that new panels judge applications of a sealed round. Its own scores are sealed apart.

    ``numbers`` are the result numbers that are judged anew by it and by none before. Seats of phase 1 name the appeal
    by which they were given; nothing of phase 0 changes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="appeals", db_index=False)
    number = models.PositiveSmallIntegerField()
    numbers = ArrayField(models.PositiveIntegerField())
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=100)
    sealed_at = models.DateTimeField(null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    """How many score versions its panels handed in."""
    scores_root = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["evaluation_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="appeal_number_once"),
            models.UniqueConstraint(fields=["evaluation"], condition=Q(sealed_at=None), name="appeal_one_open"),
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(opened_by=""), name="appeal_from_one_says_who"),
            models.CheckConstraint(
                condition=Q(sealed_at=None, count=None, scores_root="")
                | Q(sealed_at__isnull=False, count__isnull=False, scores_root__regex=HASH),
                name="appeal_sealed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id}: {self.number}"
