"""Counted figures of a season, and exports. Both are this room's own; of everything else it only reads.

The trigger of migration 0002 holds the lifecycle of exports and keeps who asked for what, and why.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.editions.models import CODE_LENGTH, Edition
from panro.insight.states import Dataset, ExportState, Form

REASON_LENGTH: Final = 1_000
KEY_LENGTH: Final = 64


class Theme(models.TextChoices):
    """What a figure is about; its ``key`` is of that kind."""

    ROUND = "round", _("rounds")
    REGION = "region", _("regions")
    INDUSTRY = "industry", _("industries")
    GROUP = "group", _("preferred groups")
    AGE = "age", _("age of open cases")
    SUPPLEMENT = "supplement", _("supplements")
    PANEL = "panel", _("panels")


class FigureSet(models.Model):
    """All figures of one edition, counted at one moment."""

    edition = models.OneToOneField(Edition, primary_key=True, on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField()
    day = models.DateField()
    """The day in Seoul to which ages are counted."""
    milliseconds = models.PositiveIntegerField()
    """How long the counting took."""

    class Meta:
        ordering: ClassVar = ["edition_id"]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.counted_at:%Y-%m-%d %H:%M}"


class Figure(models.Model):
    """One count of one round: how many of which measure, by what ``theme`` names.

    Without a round it is the sum of the programme, without a programme that of the season.
    """

    pk = models.CompositePrimaryKey("figures_id", "theme", "programme", "round_code", "key", "measure")
    figures = models.ForeignKey(FigureSet, on_delete=models.CASCADE, related_name="rows", db_index=False)
    theme = models.CharField(max_length=10, choices=Theme)
    programme = models.CharField(max_length=CODE_LENGTH, blank=True)
    round_code = models.CharField(max_length=CODE_LENGTH, blank=True)
    key = models.CharField(max_length=KEY_LENGTH, blank=True)
    measure = models.CharField(max_length=16)
    count = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["figures", "theme", "programme", "round_code", "key", "measure"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(theme__in=Theme.values), name="figure_theme_known"),
            models.CheckConstraint(condition=Q(measure__regex=r"^[a-z_]+$"), name="figure_measure_is_a_word"),
        ]

    def __str__(self) -> str:
        return f"{self.theme} {self.programme}/{self.round_code} {self.key} {self.measure}: {self.count}"


class ExportJob(models.Model):
    """A table that somebody of the agency asked for: what, narrowed to what, why, and how far it has come."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.CharField(max_length=8, choices=Dataset)
    form = models.CharField(max_length=4, choices=Form)
    language = models.CharField(max_length=2)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", db_index=False)
    programme = models.CharField(max_length=CODE_LENGTH, blank=True)
    """Empty: all of the season."""
    round_code = models.CharField(max_length=CODE_LENGTH, blank=True)
    state_filter = models.CharField(max_length=12, blank=True)
    """Only cases of this state, or results of this outcome; empty: all."""
    reason = models.CharField(max_length=REASON_LENGTH)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=ExportState, default=ExportState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    """Which worker's turn it is; one that was given up and comes back finds another number here."""
    heard_at = models.DateTimeField(null=True, blank=True)
    """When its worker last told how far it is."""
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    key = models.CharField(max_length=120, blank=True)
    length = models.PositiveBigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        verbose_name = _("export")
        indexes: ClassVar = [
            models.Index(fields=["-asked_at", "-id"], name="export_newest"),
            models.Index(fields=["asked_by", "-asked_at", "-id"], name="export_of_officer"),
            models.Index(fields=["state", "asked_at"], name="export_by_state"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_known"),
            models.CheckConstraint(
                condition=Q(dataset__in=Dataset.values, form__in=Form.values, language__in=["ko", "en"]),
                name="export_form_known",
            ),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="export_has_a_reason"),
            models.CheckConstraint(condition=Q(round_code="") | ~Q(programme=""), name="export_round_of_a_programme"),
            models.CheckConstraint(
                condition=Q(state="queued", heard_at=None)
                | (Q(state="running", heard_at__isnull=False, attempt__gte=1))
                | Q(state__in=["done", "failed", "expired"]),
                name="export_heard_while_running",
            ),
            models.CheckConstraint(condition=Q(total=None) | Q(done__lte=F("total")), name="export_done_of_total"),
            models.CheckConstraint(
                condition=(
                    Q(state="done", length__isnull=False, made_at__isnull=False, total__isnull=False, done=F("total"))
                    & ~Q(key="")
                )
                | (~Q(state="done") & Q(key="")),
                name="export_done_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.asked_at:%Y-%m-%d %H:%M}: {self.state}"
