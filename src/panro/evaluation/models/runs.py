"""The evaluation of a round and each of its scored stages."""

from __future__ import annotations

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.editions.models import CODE_LENGTH, HASH, EditionVersion
from panro.evaluation.models.people import ROUND_ID, ROUND_LENGTH
from panro.evaluation.states import RunState

STAGE_CODE: Final = r"^[A-Za-z0-9_-]+$"
"""As the rules read codes (``site_visit``)."""


class Evaluation(models.Model):
    """The evaluation of one round: its frozen rules, the public value that deals the panels, and its seal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(EditionVersion, on_delete=models.PROTECT, related_name="+")
    """The notice under which the round runs; for the words of rubric and programme."""
    round_id = models.CharField(max_length=ROUND_LENGTH, unique=True)
    rules = models.JSONField()
    """``rules.json`` of the dossier, as frozen when the round opened."""
    pool_root = models.CharField(max_length=64)
    assignment_value = models.CharField(max_length=500, blank=True)
    """The value of the public event; one for all stages of the round."""
    begun_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    """How many score versions are sealed."""
    scores_root = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["round_id"]
        verbose_name = _("evaluation")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(round_id__regex=ROUND_ID), name="evaluation_round_form"),
            models.CheckConstraint(condition=Q(pool_root__regex=HASH), name="evaluation_pool_root_form"),
            models.CheckConstraint(
                condition=Q(sealed_at=None, count=None, scores_root="")
                | Q(sealed_at__isnull=False, count__isnull=False, scores_root__regex=HASH),
                name="evaluation_sealed_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.round_id


class StageRun(models.Model):
    """One scored stage of a round."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="runs", db_index=False)
    stage = models.CharField(max_length=CODE_LENGTH)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=RunState, default=RunState.DRAFT)
    point_step = models.DecimalField(max_digits=12, decimal_places=6)
    maxima = ArrayField(models.DecimalField(max_digits=12, decimal_places=6))
    """The most points of each criterion, in the order of the rubric."""
    panel = models.PositiveSmallIntegerField()
    """How many reviewers judge each application."""
    salt = models.CharField(max_length=64)
    """Of the commitment to who judged."""
    panels_digest = models.CharField(max_length=64, blank=True)
    """Hash of the panels as first dealt."""
    assigned_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["evaluation_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "stage"], name="stage_run_once"),
            models.UniqueConstraint(fields=["evaluation", "position"], name="stage_run_position_once"),
            models.CheckConstraint(condition=Q(stage__regex=STAGE_CODE), name="stage_run_code_form"),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="stage_run_state_known"),
            models.CheckConstraint(condition=Q(salt__regex=HASH), name="stage_run_salt_form"),
            models.CheckConstraint(
                condition=Q(point_step__gt=0) & Q(maxima__len__gte=1) & Q(panel__gte=1), name="stage_run_rubric"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", panels_digest="", assigned_at=None)
                | (~Q(state="draft") & Q(panels_digest__regex=HASH, assigned_at__isnull=False)),
                name="stage_run_assigned_with_panels",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "assigned"], opened_at=None)
                | Q(state__in=["open", "closed", "sealed"], opened_at__isnull=False),
                name="stage_run_opened_with_time",
            ),
            models.CheckConstraint(
                condition=Q(state="sealed", sealed_at__isnull=False) | (~Q(state="sealed") & Q(sealed_at=None)),
                name="stage_run_sealed_with_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.stage}: {self.state}"
