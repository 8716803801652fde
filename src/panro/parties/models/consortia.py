"""Consortia: parties that apply together, each of which signed the same text."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from panro.accounts.ids import new_id
from panro.parties.models.members import HASH
from panro.parties.models.parties import Party
from panro.parties.states import ConsortiumRole, ConsortiumState, Signature

PURPOSE_LENGTH = 2_000
DUTY_LENGTH = 500


class Consortium(models.Model):
    """What a consortium agrees on: ``text`` is the agreement as it stands, in canonical JSON, with its hash."""

    party = models.OneToOneField(Party, primary_key=True, on_delete=models.PROTECT, related_name="consortium")
    lead = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="led_consortia")
    purpose = models.CharField(max_length=PURPOSE_LENGTH)
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=ConsortiumState, default=ConsortiumState.FORMING)

    class Meta:
        ordering: ClassVar = ["party_id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ConsortiumState.values), name="consortium_state_known"),
            models.CheckConstraint(condition=Q(text_hash__regex=HASH), name="consortium_text_is_a_hash"),
            models.CheckConstraint(condition=~Q(purpose=""), name="consortium_has_a_purpose"),
        ]

    def __str__(self) -> str:
        return f"consortium {self.party_id}: {self.state}"


class ConsortiumMember(models.Model):
    """A party in a consortium, with its duty and its signature."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    consortium = models.ForeignKey(Consortium, on_delete=models.PROTECT, related_name="members")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="consortium_members")
    role = models.CharField(max_length=6, choices=ConsortiumRole)
    duty = models.CharField(max_length=DUTY_LENGTH)
    state = models.CharField(max_length=8, choices=Signature, default=Signature.INVITED)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    text_hash = models.CharField(max_length=64, blank=True)
    added = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["added", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consortium", "party"], name="consortium_member_once"),
            models.UniqueConstraint(fields=["consortium"], condition=Q(role="lead"), name="consortium_has_one_lead"),
            models.CheckConstraint(condition=Q(role__in=ConsortiumRole.values), name="consortium_role_known"),
            models.CheckConstraint(condition=Q(state__in=Signature.values), name="consortium_signature_known"),
            models.CheckConstraint(condition=~Q(duty=""), name="consortium_member_has_a_duty"),
            models.CheckConstraint(
                condition=Q(state="signed", signed_by__isnull=False, signed_at__isnull=False, text_hash__regex=HASH)
                | (~Q(state="signed") & Q(signed_by=None, signed_at=None, text_hash="")),
                name="consortium_signature_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} in {self.consortium_id}: {self.state}"
