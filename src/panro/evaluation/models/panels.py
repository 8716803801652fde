"""Who takes part in a stage, who may judge, who judges whom, and who left."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from panro.accounts.ids import new_id
from panro.editions.models import HASH
from panro.evaluation.models.appeals import Appeal
from panro.evaluation.models.people import REASON_LENGTH, Reviewer
from panro.evaluation.models.runs import StageRun
from panro.intake.models import Application


class Participant(models.Model):
    """An application that takes part in a stage, under its result number and its receipt's commitment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="participants", db_index=False)
    result_no = models.PositiveIntegerField()
    receipt = models.CharField(max_length=64)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    appeal = models.ForeignKey(
        Appeal, null=True, blank=True, on_delete=models.PROTECT, related_name="participants", db_index=False
    )
    """Of whom takes part only since an objection was upheld."""

    class Meta:
        ordering: ClassVar = ["run_id", "result_no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "result_no"], name="participant_number_once"),
            models.UniqueConstraint(fields=["run", "receipt"], name="participant_receipt_once"),
            models.UniqueConstraint(fields=["run", "application"], name="participant_application_once"),
            models.CheckConstraint(condition=Q(result_no__gte=1), name="participant_number_from_one"),
            models.CheckConstraint(condition=Q(receipt__regex=HASH), name="participant_receipt_form"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.result_no}"


class RosterPlace(models.Model):
    """A reviewer who may judge at a stage."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="roster", db_index=False)
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="rosters")

    class Meta:
        ordering: ClassVar = ["run_id", "reviewer_id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "reviewer"], name="roster_once")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.reviewer_id}"


class PanelConflict(models.Model):
    """A conflict as it was known when the stage was assigned; what is found later leads to a replacement."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="conflicts", db_index=False)
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        ordering: ClassVar = ["participant_id", "reviewer_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participant", "reviewer"], name="panel_conflict_once")
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.reviewer_id}"


class Assignment(models.Model):
    """A reviewer's seat in the panel of one application. ``phase`` 0 is the evaluation, 1 a new panel (selection-spec).

    Who leaves keeps the row, with the time; the successor has one of its own in the same slot.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="assignments", db_index=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="assignments", db_index=False)
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="assignments", db_index=False)
    slot = models.PositiveSmallIntegerField()
    phase = models.PositiveSmallIntegerField(default=0)
    appeal = models.ForeignKey(
        Appeal, null=True, blank=True, on_delete=models.PROTECT, related_name="seats", db_index=False
    )
    """Of a new panel (phase 1): by which appeal it was given."""
    seated_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    latest = models.PositiveSmallIntegerField(default=0)
    """The newest version of the sheet that was handed in; 0 before the first."""

    class Meta:
        ordering: ClassVar = ["run_id", "participant_id", "slot", "seated_at"]
        indexes: ClassVar = [
            models.Index(fields=["reviewer", "run"], name="assignment_of_reviewer"),
            models.Index(fields=["run", "participant"], name="assignment_of_run"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["participant", "phase", "slot"], condition=Q(left_at=None), name="assignment_slot_once"
            ),
            models.UniqueConstraint(fields=["participant", "phase", "reviewer"], name="assignment_reviewer_once"),
            models.CheckConstraint(condition=Q(phase__in=[0, 1]), name="assignment_phase_known"),
            models.CheckConstraint(condition=Q(slot__gte=1), name="assignment_slot_from_one"),
            models.CheckConstraint(
                condition=Q(phase=0, appeal=None) | Q(phase=1, appeal__isnull=False),
                name="assignment_anew_by_an_appeal",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("seated_at")), name="assignment_left_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.slot}: {self.reviewer_id}"


class Replacement(models.Model):
    """A reviewer taken out of a panel after the assignment; ``number`` is its place in the stage's order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="replacements", db_index=False)
    number = models.PositiveIntegerField()
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+", db_index=False)
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="+", db_index=False)
    successor = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(max_length=REASON_LENGTH)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["run_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="replacement_number_once"),
            models.UniqueConstraint(fields=["participant", "reviewer"], name="replacement_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="replacement_number_from_one"),
            models.CheckConstraint(condition=~Q(why="") & ~Q(by=""), name="replacement_says_why"),
            models.CheckConstraint(condition=~Q(successor=F("reviewer")), name="replacement_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"


class Resignation(models.Model):
    """A reviewer who left a stage altogether, when ``after`` of its replacements had been made."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="resignations", db_index=False)
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="+")
    after = models.PositiveIntegerField()
    why = models.CharField(max_length=REASON_LENGTH)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["run_id", "after", "reviewer_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "reviewer"], name="resignation_once"),
            models.CheckConstraint(condition=~Q(why="") & ~Q(by=""), name="resignation_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.reviewer_id}"
