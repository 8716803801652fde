"""What the National Tax Service was asked and what it answered."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from panro.accounts.ids import new_id
from panro.parties.models.claims import Claim
from panro.parties.models.members import HASH
from panro.parties.models.parties import BUSINESS_NUMBER, Party
from panro.parties.states import RequestKind, TaxStatus, WorkState

REASON_LENGTH = 300
SOURCE = "nts"


class Work(models.Model):
    """A question that a task asks when it is due, and asks again until it is answered or given up."""

    state = models.CharField(max_length=7, choices=WorkState, default=WorkState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField()
    claimed = models.DateTimeField(null=True)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        abstract = True


def of_work(name: str) -> list[models.CheckConstraint]:
    """Return what holds for all work, with names that begin with that of the table."""
    return [
        models.CheckConstraint(condition=Q(state__in=WorkState.values), name=f"{name}_state_known"),
        models.CheckConstraint(
            condition=Q(state="asking", claimed__isnull=False) | (~Q(state="asking") & Q(claimed=None)),
            name=f"{name}_asking_claimed",
        ),
        models.CheckConstraint(condition=~Q(state="failed") | ~Q(reason=""), name=f"{name}_failed_says_why"),
    ]


class RecheckRun(models.Model):
    """The re-check of all applicants of a round, as of its closing date. One per key, such as ``2021/3-1/R1``."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=100, unique=True)
    parties = models.PositiveIntegerField()
    started = models.DateTimeField()
    started_by = models.CharField(max_length=100)
    finished = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["started", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(key=""), name="recheck_has_a_key"),
            models.CheckConstraint(
                condition=Q(finished=None) | Q(finished__gte=F("started")), name="recheck_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"re-check {self.key}"


class RecheckBatch(Work):
    """At most 100 registration numbers, asked in one call; ``parties`` and ``numbers`` run side by side."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(RecheckRun, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    parties = ArrayField(models.UUIDField())
    numbers = ArrayField(models.CharField(max_length=10))

    class Meta:
        ordering: ClassVar = ["run_id", "number"]
        indexes: ClassVar = [
            models.Index(fields=["due", "id"], condition=Q(state__in=["waiting", "asking"]), name="recheck_batch_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="recheck_batch_once"),
            models.CheckConstraint(
                condition=Q(parties__len__gte=1, numbers__len=F("parties__len")), name="recheck_batch_side_by_side"
            ),
            *of_work("recheck_batch"),
        ]

    def __str__(self) -> str:
        return f"batch {self.number} of {self.run_id}: {self.state}"


class CheckRequest(Work):
    """One question about one party, asked by a task and again until it is answered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="check_requests")
    kind = models.CharField(max_length=12, choices=RequestKind)
    claim = models.OneToOneField(Claim, null=True, on_delete=models.PROTECT, related_name="request")
    asked_by = models.CharField(max_length=100)
    created = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["created", "id"]
        indexes: ClassVar = [
            models.Index(fields=["due", "id"], condition=Q(state__in=["waiting", "asking"]), name="check_request_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "kind"],
                condition=Q(kind="status", state__in=["waiting", "asking"]),
                name="check_request_one_waiting",
            ),
            models.CheckConstraint(condition=Q(kind__in=RequestKind.values), name="check_request_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="authenticity", claim__isnull=False) | Q(kind="status", claim=None),
                name="check_request_claim_authentic",
            ),
            *of_work("check_request"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.party_id}: {self.state}"


class StatusCheck(models.Model):
    """What the tax service said of a party's number at a moment. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="status_checks")
    business_number = models.CharField(max_length=10)
    status = models.CharField(max_length=12, choices=TaxStatus)
    ended_on = models.DateField(null=True)
    tax_type = models.CharField(max_length=2, blank=True)
    tax_type_text = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField()
    source = models.CharField(max_length=20, default=SOURCE)
    raw_hash = models.CharField(max_length=64)
    batch = models.ForeignKey(RecheckBatch, null=True, on_delete=models.PROTECT, related_name="checks")

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]
        indexes: ClassVar = [models.Index(fields=["party", "-asked_at", "-id"], name="status_check_of_party")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "party"], name="status_check_once_per_batch"),
            models.CheckConstraint(condition=Q(status__in=TaxStatus.values), name="status_check_known"),
            models.CheckConstraint(
                condition=Q(business_number__regex=BUSINESS_NUMBER), name="status_check_number_form"
            ),
            models.CheckConstraint(condition=Q(raw_hash__regex=HASH), name="status_check_raw_is_a_hash"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(status="closed"), name="status_check_only_closed_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.business_number}: {self.status}"


class AuthenticityCheck(models.Model):
    """Whether number, representative and opening day of a claim are those the tax service holds. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="authenticity")
    business_number = models.CharField(max_length=10)
    representative = models.CharField(max_length=100)
    opened_on = models.DateField()
    matched = models.BooleanField()
    asked_at = models.DateTimeField()
    raw_hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(business_number__regex=BUSINESS_NUMBER), name="authenticity_number_form"
            ),
            models.CheckConstraint(condition=Q(raw_hash__regex=HASH), name="authenticity_raw_is_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.business_number}: {'matches' if self.matched else 'does not match'}"


class ServiceDay(models.Model):
    """How many calls were made to the tax service on a day in Seoul: its quota is counted by day."""

    day = models.DateField(primary_key=True)
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.calls}"
