"""State of files: what is stored, and what is still arriving."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from panro.accounts.ids import new_id
from panro.files.states import State, UploadState

HASH = r"^[0-9a-f]{64}$"
PURPOSE = r"^[a-z][a-z0-9_]*$"
NAME_LENGTH = 150
REASON_LENGTH = 300


class StoredFile(models.Model):
    """A file as it was handed in. Its bytes lie in the storage under ``key``, which no name of a person is part of."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stored_files")
    purpose = models.CharField(max_length=40)
    name = models.CharField(max_length=NAME_LENGTH)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    type = models.CharField(max_length=100)
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    key = models.CharField(max_length=120, unique=True)
    created = models.DateTimeField()
    examined = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed = models.DateTimeField(null=True)
    destroyed = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["created", "id"]
        indexes: ClassVar = [
            models.Index(fields=["created", "id"], condition=Q(state="pending"), name="file_pending"),
            models.Index(fields=["owner", "purpose"], condition=~Q(state="destroyed"), name="file_of_owner"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="file_state_known"),
            models.CheckConstraint(condition=Q(purpose__regex=PURPOSE), name="file_purpose_is_a_word"),
            models.CheckConstraint(condition=Q(size__gte=1), name="file_not_empty"),
            models.CheckConstraint(condition=Q(sha256__regex=HASH), name="file_hash_is_a_hash"),
            models.CheckConstraint(condition=~Q(name="") | Q(state="destroyed"), name="file_has_a_name"),
            models.CheckConstraint(
                condition=Q(state="clean", examined__isnull=False) | ~Q(state="clean"), name="file_clean_was_examined"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["infected", "refused", "failed"]) | ~Q(reason=""), name="file_refusal_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="destroyed", destroyed__isnull=False) | (~Q(state="destroyed") & Q(destroyed=None)),
                name="file_destroyed_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}: {self.state}"


class Upload(models.Model):
    """A file that arrives in pieces, one after the other, over as many requests as it takes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploads")
    purpose = models.CharField(max_length=40)
    name = models.CharField(max_length=NAME_LENGTH)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    state = models.CharField(max_length=9, choices=UploadState, default=UploadState.OPEN)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    claimed = models.DateTimeField(null=True)
    file = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="upload")

    class Meta:
        ordering: ClassVar = ["created", "id"]
        indexes: ClassVar = [
            models.Index(fields=["owner", "purpose"], condition=Q(state__in=["open", "finishing"]), name="upload_open"),
            models.Index(fields=["expires"], condition=Q(state__in=["open", "finishing"]), name="upload_expiring"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=UploadState.values), name="upload_state_known"),
            models.CheckConstraint(condition=Q(purpose__regex=PURPOSE), name="upload_purpose_is_a_word"),
            models.CheckConstraint(condition=Q(size__gte=1), name="upload_not_empty"),
            models.CheckConstraint(
                condition=Q(received__gte=0, received__lte=F("size")), name="upload_within_its_size"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["finishing", "finished"]) | Q(received=F("size")),
                name="upload_finished_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="finished", file__isnull=False) | (~Q(state="finished") & Q(file=None)),
                name="upload_finished_has_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="finishing") | Q(claimed__isnull=False), name="upload_finishing_is_claimed"
            ),
            models.CheckConstraint(condition=Q(expires__gt=F("created")), name="upload_expires_later"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}: {self.received}/{self.size}"


class Piece(models.Model):
    """A piece of an upload; its bytes lie in the storage until the file is put together."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    offset = models.BigIntegerField()
    size = models.IntegerField()
    key = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering: ClassVar = ["upload_id", "offset"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["upload", "offset"], name="piece_one_per_offset"),
            models.CheckConstraint(condition=Q(offset__gte=0) & Q(size__gte=1), name="piece_holds_something"),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} at {self.offset}"
