"""State of the record. Rows are only ever added; triggers and the runtime role's missing rights see to that.

The one exception is a payload, which may be deleted (never changed), because personal data must be destroyed when its
purpose ends (Personal Information Protection Act, art. 21); what it was committed to stays in its entry.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from panro.accounts.ids import new_id

HASH = r"^[0-9a-f]{64}$"
WORD = r"^[a-z][a-z0-9_]*$"


class Entry(models.Model):
    """One thing that was done. ``document`` is the canonical JSON that is sealed."""

    number = models.BigAutoField(primary_key=True)
    act = models.CharField(max_length=64)
    actor = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    occurred = models.DateTimeField()
    recorded = models.DateTimeField()
    document = models.TextField()
    commitment = models.CharField(max_length=64, null=True)  # noqa: DJ001 - absent, not empty

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [models.Index(fields=["subject", "number"], name="entry_by_subject")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(act__regex=WORD), name="entry_act_is_a_word"),
            models.CheckConstraint(condition=~Q(actor="") & ~Q(subject=""), name="entry_says_who_and_what"),
            models.CheckConstraint(condition=Q(occurred__lte=models.F("recorded")), name="entry_not_from_the_future"),
            models.CheckConstraint(
                condition=Q(commitment=None) | Q(commitment__regex=HASH), name="entry_commitment_is_a_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.subject}"


class Payload(models.Model):
    """The personal part of an entry, apart, so that it can be destroyed without touching the chain."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT, related_name="payload")
    salt = models.CharField(max_length=64)
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(salt__regex=HASH), name="payload_salt_is_64_digits"),
        ]

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"


class Seal(models.Model):
    """A batch of entries, chained to the batch before (docs/selection-spec.md, section 9)."""

    number = models.BigIntegerField(primary_key=True)
    previous = models.CharField(max_length=64, unique=True)
    root = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    head = models.CharField(max_length=64, unique=True)
    sealed = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gte=1), name="seal_numbers_start_at_1"),
            models.CheckConstraint(
                condition=Q(previous__regex=HASH) & Q(root__regex=HASH) & Q(head__regex=HASH), name="seal_of_hashes"
            ),
        ]

    def __str__(self) -> str:
        return f"seal {self.number}"


class SealedEntry(models.Model):
    """Which entry stands where in which seal; a table of its own, because an entry is never changed."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT, related_name="place")
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="places")
    index = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["seal_id", "index"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seal", "index"], name="sealed_entry_one_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.seal_id}/{self.index}"


class AccessNote(models.Model):
    """Somebody saw personal data: one line of the access log."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    actor = models.CharField(max_length=100)
    party = models.CharField(max_length=200)
    what = models.CharField(max_length=64)
    why = models.CharField(max_length=300)
    happened = models.DateTimeField()
    recorded = models.DateTimeField()
    source = models.GenericIPAddressField(null=True)

    class Meta:
        ordering: ClassVar = ["-happened", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["party", "-happened", "-id"], name="access_of_party"),
            models.Index(fields=["actor", "-happened", "-id"], name="access_by_actor"),
            models.Index(fields=["recorded"], name="access_by_age"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(actor="") & ~Q(party="") & ~Q(why=""), name="access_says_who_whose_why"
            ),
            models.CheckConstraint(condition=Q(what__regex=WORD), name="access_what_is_a_word"),
            models.CheckConstraint(condition=Q(happened__lte=models.F("recorded")), name="access_not_from_the_future"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.what} {self.party}"


class DailyHead(models.Model):
    """The head of the chain as it stood at the end of a day in Seoul: what is published, and cannot be taken back."""

    day = models.DateField(primary_key=True)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="days")
    head = models.CharField(max_length=64)
    published = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-day"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(head__regex=HASH), name="daily_head_is_a_hash")]

    def __str__(self) -> str:
        return f"{self.day} {self.head}"
