"""Proof that somebody belongs to a business, and disputes over it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from panro.accounts.ids import new_id
from panro.files.models import StoredFile
from panro.parties.models.parties import BUSINESS_NUMBER, Party
from panro.parties.states import ClaimState, DisputeState, Way

TEXT_LENGTH = 1_000


class Claim(models.Model):
    """Somebody says: this business is mine, or I work there.

    By paper or by the tax service the claimant proves an own row of the business (``party``); by the owner's consent
    it asks to be let into the row that holds the number.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="claims")
    business_number = models.CharField(max_length=10, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims")
    way = models.CharField(max_length=13, choices=Way)
    evidence = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=TEXT_LENGTH, blank=True)
    state = models.CharField(max_length=9, choices=ClaimState, default=ClaimState.OPEN)
    reason = models.CharField(max_length=TEXT_LENGTH, blank=True)
    created = models.DateTimeField()
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["created", "id"]
        indexes: ClassVar = [
            models.Index(fields=["party", "created", "id"], name="claim_of_party"),
            models.Index(fields=["business_number", "created"], name="claim_of_number"),
            models.Index(fields=["created", "id"], condition=Q(state="open"), name="claim_open"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party"],
                condition=Q(state="open", way__in=["paper", "tax_check"]),
                name="claim_one_open_proof",
            ),
            models.UniqueConstraint(
                fields=["party", "user"],
                condition=Q(state="open", way="owner_consent"),
                name="claim_one_open_request",
            ),
            models.CheckConstraint(
                condition=Q(business_number="") | Q(business_number__regex=BUSINESS_NUMBER), name="claim_number_form"
            ),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="claim_way_known"),
            models.CheckConstraint(condition=Q(state__in=ClaimState.values), name="claim_state_known"),
            models.CheckConstraint(
                condition=Q(way="paper", evidence__isnull=False) | (~Q(way="paper") & Q(evidence=None)),
                name="claim_by_paper_has_paper",
            ),
            models.CheckConstraint(condition=Q(way="paper") | ~Q(business_number=""), name="claim_names_a_number"),
            models.CheckConstraint(
                condition=Q(state="open", decided=None) | (~Q(state="open") & Q(decided__isnull=False)),
                name="claim_decided_has_a_time",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="claim_refusal_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "refused"]) | Q(way="tax_check") | Q(decided_by__isnull=False),
                name="claim_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk} by {self.way}: {self.state}"


class Dispute(models.Model):
    """Two rows claim one number: ``holder`` has it, ``claim`` wants it. Officers decide."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    holder = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="disputes")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="disputes")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=TEXT_LENGTH)
    answer = models.CharField(max_length=TEXT_LENGTH, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=DisputeState, default=DisputeState.OPEN)
    reason = models.CharField(max_length=TEXT_LENGTH, blank=True)
    created = models.DateTimeField()
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["created", "id"]
        indexes: ClassVar = [
            models.Index(fields=["created", "id"], condition=Q(state="open"), name="dispute_open"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim"], condition=Q(state="open"), name="dispute_one_open_per_claim"),
            models.CheckConstraint(condition=Q(state__in=DisputeState.values), name="dispute_state_known"),
            models.CheckConstraint(
                condition=Q(answer="", answered=None, answered_by=None)
                | (~Q(answer="") & Q(answered__isnull=False, answered_by__isnull=False)),
                name="dispute_answer_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided=None) | (~Q(state="open") & Q(decided__isnull=False)),
                name="dispute_decided_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["for_claimant", "for_holder"]) | (Q(decided_by__isnull=False) & ~Q(reason="")),
                name="dispute_decision_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"dispute {self.pk}: {self.state}"
