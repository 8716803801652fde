"""Score sheets: what is being typed, and the versions that were handed in; and what a panel wrote down."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.editions.models import HASH
from panro.evaluation.models.panels import Assignment, Participant
from panro.evaluation.models.runs import StageRun

COMMENT_LENGTH: Final = 4_000
MINUTE_LENGTH: Final = 8_000


class ScoreDraft(models.Model):
    """A sheet as it is being typed: points as written, by criterion. It counts for nothing until it is handed in."""

    assignment = models.OneToOneField(Assignment, primary_key=True, on_delete=models.PROTECT, related_name="draft")
    points = models.JSONField(default=dict, blank=True)
    comment = models.CharField(max_length=COMMENT_LENGTH, blank=True)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["assignment_id"]

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.revision}"


class ScoreVersion(models.Model):
    """A version of a sheet as handed in. It never changes; the last one counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="versions", db_index=False)
    version = models.PositiveSmallIntegerField()
    points = ArrayField(models.DecimalField(max_digits=12, decimal_places=6))
    comment = models.CharField(max_length=COMMENT_LENGTH, blank=True)
    at = models.DateTimeField()
    """To the second, as it is committed to."""
    salt = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["assignment_id", "version"]
        verbose_name = _("score")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assignment", "version"], name="score_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="score_version_from_one"),
            models.CheckConstraint(condition=Q(points__len__gte=1), name="score_version_has_points"),
            models.CheckConstraint(
                condition=Q(salt__regex=HASH) & Q(commitment__regex=HASH), name="score_version_hashes_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.version}"


class PanelMinute(models.Model):
    """What a panel discussed, about one application or the whole stage. Only added to, and only before the seal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="minutes", db_index=False)
    participant = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.PROTECT, related_name="minutes", db_index=False
    )
    text = models.CharField(max_length=MINUTE_LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["run_id", "at", "id"]
        indexes: ClassVar = [models.Index(fields=["run", "at", "id"], name="minute_of_run")]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="minute_says_something")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.at:%Y-%m-%d %H:%M}"
