"""The intake of a round: the numbers of its receipts, and the frozen pool."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from panro.accounts.ids import new_id
from panro.editions.models import CODE, CODE_LENGTH, HASH, Edition


class Pool(models.Model):
    """The intake of one round: how many receipts were issued, and, once frozen, their number and root."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    programme = models.CharField(max_length=CODE_LENGTH)
    round_code = models.CharField(max_length=CODE_LENGTH)
    issued = models.PositiveIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    root = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["edition_id", "programme", "round_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "programme", "round_code"], name="pool_one_per_round"),
            models.CheckConstraint(
                condition=Q(programme__regex=CODE) & Q(round_code__regex=CODE), name="pool_codes_form"
            ),
            models.CheckConstraint(
                condition=Q(frozen_at=None, count=None, root="")
                | Q(frozen_at__isnull=False, count__isnull=False, root__regex=HASH),
                name="pool_frozen_with_count_and_root",
            ),
            models.CheckConstraint(condition=Q(count=None) | Q(count__lte=F("issued")), name="pool_of_issued"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.round_code}: {self.issued}"
