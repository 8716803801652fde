"""What the agency allows one applicant: more time, or a place among those it names itself."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from panro.accounts.ids import new_id
from panro.editions.models import CODE, CODE_LENGTH, Edition
from panro.intake.models.applications import REASON_LENGTH
from panro.parties.models import Party


class Extension(models.Model):
    """More time for one applicant in one round; the longest of them counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", db_index=False)
    programme = models.CharField(max_length=CODE_LENGTH)
    round_code = models.CharField(max_length=CODE_LENGTH)
    until = models.DateField()
    """The last day, included."""
    reason = models.CharField(max_length=REASON_LENGTH)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["party_id", "given_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "edition", "programme", "round_code", "until"], name="extension_once"
            ),
            models.CheckConstraint(
                condition=Q(programme__regex=CODE) & Q(round_code__regex=CODE), name="extension_codes_form"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["edition", "programme", "round_code", "until"], name="extension_of_round")
        ]

    def __str__(self) -> str:
        return f"{self.party_id}: until {self.until}"


class Nomination(models.Model):
    """An applicant that an officer named for a round which the agency fills by naming (method ``nomination``)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", db_index=False)
    programme = models.CharField(max_length=CODE_LENGTH)
    round_code = models.CharField(max_length=CODE_LENGTH)
    reason = models.CharField(max_length=REASON_LENGTH)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    named_at = models.DateTimeField()
    named_on = models.DateField()
    """The day in Seoul for which the fact vouches."""

    class Meta:
        ordering: ClassVar = ["party_id", "named_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "edition", "programme", "round_code"], name="nomination_once"),
            models.CheckConstraint(
                condition=Q(programme__regex=CODE) & Q(round_code__regex=CODE), name="nomination_codes_form"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="nomination_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.party_id}: {self.programme} {self.round_code}"
