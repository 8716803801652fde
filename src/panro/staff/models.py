"""State of the office itself: who holds which role, which acts wait for a second person, who looked at the log."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.staff.states import ApprovalState, Role

HASH: Final = r"^[0-9a-f]{64}$"
WORD: Final = r"^[a-z][a-z0-9_]*$"
REASON_LENGTH: Final = 1_000
SUBJECT_LENGTH: Final = 200


class StaffRole(models.Model):
    """A role that somebody holds, from a moment until it was ended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff_roles")
    role = models.CharField(max_length=16, choices=Role)
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=100)
    """The account that approved it, or ``system:cli`` for the first ones of an installation."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["user_id", "role", "granted_at"]
        verbose_name = _("role")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "role"], condition=Q(ended_at=None), name="staff_role_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="staff_role_known"),
            models.CheckConstraint(condition=~Q(granted_by=""), name="staff_role_granted_by_somebody"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("granted_at")), name="staff_role_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class Approval(models.Model):
    """An act that takes two persons: what exactly is to be done is fixed when it is proposed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    act = models.CharField(max_length=64)
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    """What it is about, as the record names subjects."""
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    why = models.CharField(max_length=REASON_LENGTH)
    state = models.CharField(max_length=9, choices=ApprovalState, default=ApprovalState.OPEN)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-id"]
        verbose_name = _("approval")
        indexes: ClassVar = [
            models.Index(fields=["-proposed_at", "-id"], name="approval_newest"),
            models.Index(fields=["proposed_at", "id"], condition=Q(state="open"), name="approval_open"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["act", "subject"], condition=Q(state="open"), name="approval_one_open_per_subject"
            ),
            models.CheckConstraint(condition=Q(state__in=ApprovalState.values), name="approval_state_known"),
            models.CheckConstraint(condition=Q(act__regex=WORD) & Q(digest__regex=HASH), name="approval_form"),
            models.CheckConstraint(condition=~Q(why="") & ~Q(subject=""), name="approval_says_what_and_why"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None, reason="")
                | (~Q(state="open") & Q(decided_by__isnull=False, decided_at__gte=F("proposed_at"))),
                name="approval_decided_with_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"]) | ~Q(decided_by=F("proposed_by")),
                name="approval_takes_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(decided_by=F("proposed_by")),
                name="approval_withdrawn_by_its_proposer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "failed"]) | ~Q(reason=""), name="approval_refused_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}: {self.state}"


class SavedFilter(models.Model):
    """A narrowing of a list that somebody keeps under a name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    list_code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1_000)
    """The part of the address after the question mark."""

    class Meta:
        ordering: ClassVar = ["list_code", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "list_code", "name"], name="saved_filter_name_once"),
            models.CheckConstraint(condition=~Q(name="") & Q(list_code__regex=WORD), name="saved_filter_form"),
        ]

    def __str__(self) -> str:
        return f"{self.list_code}: {self.name}"


class AccessReview(models.Model):
    """A month's log of access to personal data, looked through and signed off.

    Once a month is what the standard on safety measures asks for (개인정보의 안전성 확보조치 기준 제8조 제2항).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.DateField(unique=True)
    """Its first day."""
    lines = models.PositiveIntegerField()
    note = models.CharField(max_length=REASON_LENGTH)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-month"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(month__day=1), name="access_review_of_a_month"),
            models.CheckConstraint(condition=~Q(note=""), name="access_review_says_what_was_found"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
