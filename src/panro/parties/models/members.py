"""Who acts for a party, and who is asked to."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from panro.accounts.ids import new_id
from panro.parties.models.parties import Party
from panro.parties.states import InvitationState, Role

HASH: Final = r"^[0-9a-f]{64}$"


class Membership(models.Model):
    """An account acts for a party. An active party always has an owner (a deferred trigger holds it)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=7, choices=Role)
    since = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["since", "id"]
        indexes: ClassVar = [models.Index(fields=["party", "since", "id"], name="membership_of_party")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "party"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.party_id}"


class Invitation(models.Model):
    """An e-mail address is asked to act for a party. Only a hash of the secret in its link is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=7, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField()
    expires = models.DateTimeField()
    state = models.CharField(max_length=8, choices=InvitationState, default=InvitationState.PENDING)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["created", "id"]
        indexes: ClassVar = [
            models.Index(fields=["expires"], condition=Q(state="pending"), name="invitation_expiring"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "email"], condition=Q(state="pending"), name="invitation_one_pending"
            ),
            models.CheckConstraint(condition=Q(state__in=InvitationState.values), name="invitation_state_known"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(condition=Q(token_hash__regex=HASH), name="invitation_token_is_a_hash"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower_case"),
            models.CheckConstraint(condition=Q(expires__gt=F("created")), name="invitation_expires_later"),
            models.CheckConstraint(
                condition=Q(state="pending", answered=None) | (~Q(state="pending") & Q(answered__isnull=False)),
                name="invitation_answered_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined", "revoked"]) | Q(answered_by__isnull=False),
                name="invitation_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}: {self.state}"
