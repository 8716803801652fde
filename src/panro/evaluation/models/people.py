"""Reviewers, how they came, what they declared, and whom they must not judge."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.editions.models import HASH
from panro.evaluation.states import InvitationState, ReviewerState, Source, Why
from panro.intake.models import Application

ROUND_ID: Final = r"^[A-Za-z0-9_-]+/[A-Za-z0-9_-]+/[A-Za-z0-9_-]+$"
ROUND_LENGTH: Final = 122
NAME_LENGTH: Final = 100
REASON_LENGTH: Final = 1_000


class Reviewer(models.Model):
    """Somebody who judges applications. ``code`` is the name under which the dossier's auditor part knows them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviewer")
    code = models.CharField(max_length=64, unique=True)
    employer = models.CharField(max_length=200, blank=True)
    employer_number = models.CharField(max_length=10, blank=True)
    businesses = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    """Registration numbers of own and former businesses."""
    contracts = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    """Registration numbers of those with whom the reviewer had a contract."""
    address_digest = models.CharField(max_length=64, blank=True)
    """Keyed digest of the home address, which itself is not kept."""
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    state = models.CharField(max_length=7, choices=ReviewerState, default=ReviewerState.ACTIVE)
    joined_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name = _("reviewer")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ReviewerState.values), name="reviewer_state_known"),
            models.CheckConstraint(condition=~Q(code=""), name="reviewer_has_a_code"),
            models.CheckConstraint(
                condition=Q(employer_number="") | Q(employer_number__regex=r"^[0-9]{10}$"),
                name="reviewer_employer_ten_digits",
            ),
            models.CheckConstraint(
                condition=Q(address_digest="") | Q(address_digest__regex=HASH), name="reviewer_address_digest_form"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ReviewerInvitation(models.Model):
    """Somebody was asked to become a reviewer. The secret of its address is kept as a digest only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=NAME_LENGTH)
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=InvitationState, default=InvitationState.OPEN)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    reviewer = models.ForeignKey(
        Reviewer, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations", db_index=False
    )

    class Meta:
        ordering: ClassVar = ["-invited_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["email"], condition=Q(state="open"), name="reviewer_invited_once"),
            models.CheckConstraint(
                condition=Q(state__in=InvitationState.values), name="reviewer_invitation_state_known"
            ),
            models.CheckConstraint(condition=Q(digest__regex=HASH), name="reviewer_invitation_digest"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("invited_at")), name="reviewer_invitation_term"),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None, reviewer=None)
                | Q(state="declined", answered_at__isnull=False, reviewer=None)
                | Q(state="accepted", answered_at__isnull=False, reviewer__isnull=False),
                name="reviewer_invitation_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.state}"


class Declaration(models.Model):
    """A reviewer's word for a round: to judge fairly, keep silent, and have told of every conflict."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="declarations", db_index=False)
    round_id = models.CharField(max_length=ROUND_LENGTH)
    text_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["reviewer_id", "round_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reviewer", "round_id"], name="declaration_once_per_round"),
            models.CheckConstraint(
                condition=Q(text_hash__regex=HASH) & Q(round_id__regex=ROUND_ID), name="declaration_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id}: {self.round_id}"


class Conflict(models.Model):
    """A reviewer must not judge an application, and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="conflicts", db_index=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=Source)
    why = models.CharField(max_length=12, choices=Why)
    note = models.CharField(max_length=REASON_LENGTH, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    """The account that said so, or ``system:`` and the name of the comparison."""

    class Meta:
        ordering: ClassVar = ["reviewer_id", "application_id", "why"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reviewer", "application", "why"], name="conflict_once"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="conflict_source_known"),
            models.CheckConstraint(condition=Q(why__in=Why.values), name="conflict_why_known"),
            models.CheckConstraint(condition=~Q(by=""), name="conflict_said_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id} {self.application_id}: {self.why}"
