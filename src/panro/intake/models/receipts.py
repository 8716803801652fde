"""What was handed in, as it was: snapshots, receipts, places in the frozen pool.

None of these rows ever changes, but that their text is destroyed when its term is over; what it hashed to stays, so the
root of a frozen pool can be recomputed ever after.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from panro.accounts.ids import new_id
from panro.editions.models import HASH
from panro.intake.models.applications import Application
from panro.intake.models.pools import Pool

RECEIPT_LENGTH: Final = 110


class Snapshot(models.Model):
    """What was handed in, as canonical JSON: number 1 with the receipt, later ones with answered supplements."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="snapshots", db_index=False)
    number = models.PositiveSmallIntegerField()
    document = models.TextField()
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["application_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "number"], name="snapshot_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="snapshot_number_from_one"),
            models.CheckConstraint(condition=Q(digest__regex=HASH), name="snapshot_digest_form"),
            models.CheckConstraint(
                condition=(Q(destroyed_at=None) & ~Q(document="")) | Q(destroyed_at__isnull=False, document=""),
                name="snapshot_text_or_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.number}"


class Receipt(models.Model):
    """What the applicant holds in hand: a number, and a salted commitment to what it says."""

    snapshot = models.OneToOneField(Snapshot, primary_key=True, on_delete=models.PROTECT, related_name="receipt")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="receipt")
    receipt_no = models.CharField(max_length=RECEIPT_LENGTH)
    salt = models.CharField(max_length=64)
    payload = models.TextField()
    """Canonical JSON: receipt_no, applicant, applicant_type, name, round, track, on, snapshot.

    Where papers were still to come, ``pending`` has their codes and ``pending_until`` their last day.
    """
    commitment = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True, blank=True)
    """When salt and payload were destroyed; number and commitment stay."""

    class Meta:
        ordering: ClassVar = ["issued_at", "receipt_no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["receipt_no"], name="receipt_no_once"),
            models.UniqueConstraint(fields=["commitment"], name="receipt_commitment_once"),
            models.CheckConstraint(
                condition=Q(commitment__regex=HASH) & (Q(salt__regex=HASH) | Q(destroyed_at__isnull=False)),
                name="receipt_hashes_form",
            ),
            models.CheckConstraint(
                condition=(Q(destroyed_at=None) & ~Q(payload="")) | Q(destroyed_at__isnull=False, payload="", salt=""),
                name="receipt_text_or_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt_no


class Place(models.Model):
    """Where a receipt stands in the frozen pool: result numbers follow the commitments (selection-spec, 4)."""

    receipt = models.OneToOneField(Receipt, primary_key=True, on_delete=models.PROTECT, related_name="place")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="places", db_index=False)
    result_no = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["pool_id", "result_no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pool", "result_no"], name="place_number_once"),
            models.CheckConstraint(condition=Q(result_no__gte=1), name="place_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id}/{self.result_no}"
