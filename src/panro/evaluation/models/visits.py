"""When somebody presents, and where a panel went to look."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from panro.accounts.ids import new_id
from panro.evaluation.models.panels import Participant
from panro.evaluation.models.runs import StageRun
from panro.files.models import StoredFile

PLACE_LENGTH = 300


class TimetableSlot(models.Model):
    """When and where an applicant presents to its panel."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="timetable", db_index=False)
    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="slot")
    place = models.CharField(max_length=PLACE_LENGTH)
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["run_id", "starts", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "place", "starts"], name="timetable_slot_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")) & ~Q(place=""), name="timetable_slot_form"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.starts}"


class SiteVisit(models.Model):
    """A visit to an applicant's place, planned and then carried out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="visit")
    place = models.CharField(max_length=PLACE_LENGTH)
    planned = models.DateTimeField()
    visited_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=4_000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering: ClassVar = ["planned", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(place=""), name="site_visit_has_a_place"),
            models.CheckConstraint(
                condition=Q(visited_at=None) | ~Q(note=""), name="site_visit_carried_out_says_what_was_seen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.planned:%Y-%m-%d}"


class VisitPhoto(models.Model):
    """A photograph of a visit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, related_name="photos", db_index=False)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["visit_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "position"], name="visit_photo_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.visit_id}/{self.position}"
