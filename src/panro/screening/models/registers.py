"""What the desk keeps about applicants and about its own people: sanctions, and conflicts of officers."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.screening.models.cases import HASH_OR_NOTHING, NAME_LENGTH
from panro.screening.models.decisions import NOTE_LENGTH
from panro.screening.states import ConflictKind

NUMBER: Final = r"^[0-9]{10}$"


class Sanction(models.Model):
    """A business is excluded from support (참여제한) from a day to a day; lifted, it never counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    business_number = models.CharField(max_length=10)
    name = models.CharField(max_length=NAME_LENGTH)
    since = models.DateField()
    until = models.DateField()
    """The last day, included."""
    reason = models.CharField(max_length=NOTE_LENGTH)
    source = models.CharField(max_length=NOTE_LENGTH)
    """The decision it rests on, as the register names it."""
    imposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    imposed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_why = models.CharField(max_length=NOTE_LENGTH, blank=True)

    class Meta:
        ordering: ClassVar = ["-imposed_at", "-id"]
        verbose_name = _("sanction")
        indexes: ClassVar = [
            models.Index(fields=["business_number", "since"], name="sanction_of_business"),
            models.Index(fields=["-imposed_at", "-id"], name="sanction_newest"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(business_number__regex=NUMBER) & ~Q(business_number="0000000000"),
                name="sanction_number_is_ten_digits",
            ),
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="sanction_days_in_order"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(reason="") & ~Q(source=""), name="sanction_says_why"),
            models.UniqueConstraint(
                fields=["business_number", "since", "until", "source"],
                condition=Q(lifted_at=None),
                name="sanction_once",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_why="")
                | (Q(lifted_at__gte=F("imposed_at"), lifted_by__isnull=False) & ~Q(lifted_why="")),
                name="sanction_lifted_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.business_number}: {self.since} to {self.until}"


class StaffConflict(models.Model):
    """Somebody of the agency may not judge a business: its own, a relative's, or one at the same address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ConflictKind)
    business_number = models.CharField(max_length=10, blank=True)
    address_digest = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["user_id", "declared_at", "id"]
        verbose_name = _("conflict of an officer")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=ConflictKind.values), name="staff_conflict_kind_known"),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["own_business", "relative"], business_number__regex=NUMBER, address_digest="")
                    | (Q(kind="same_address", business_number="") & Q(address_digest__regex=r"^[0-9a-f]{64}$"))
                ),
                name="staff_conflict_names_what",
            ),
            models.CheckConstraint(
                condition=Q(address_digest__regex=HASH_OR_NOTHING), name="staff_conflict_digest_form"
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "business_number", "address_digest"],
                condition=Q(ended_at=None),
                name="staff_conflict_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("declared_at")), name="staff_conflict_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"
