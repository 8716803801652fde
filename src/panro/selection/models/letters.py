"""Letters (결과 통지서): one to one with results, numbered without a gap, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.editions.models import HASH, Edition
from panro.intake.models import Application
from panro.selection.models.published import PublishedRound


class LetterKind(models.TextChoices):
    """What a letter is about."""

    RESULT = "result", _("result of the selection")


class LetterCounter(models.Model):
    """How many letters a year has issued; whoever issues takes this row first, so that no number is left out."""

    edition = models.OneToOneField(Edition, primary_key=True, on_delete=models.PROTECT, related_name="+")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["edition_id"]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.last}"


class Letter(models.Model):
    """What an applicant is told of its result. A changed result gets a new letter, which names the one it replaces."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    """Of the year, from 1: the last part of the document number."""
    published = models.ForeignKey(PublishedRound, on_delete=models.PROTECT, related_name="letters", db_index=False)
    result_no = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=LetterKind, default=LetterKind.RESULT)
    version = models.PositiveSmallIntegerField(default=1)
    """1, or how often this applicant was written to in this round."""
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="letters", db_index=False)
    digest = models.CharField(max_length=64)
    """Of what the letter tells (`panro.selection.after.letters.digest_of`)."""
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    """The day in Seoul that the letter bears."""
    by = models.CharField(max_length=100)
    """The id of an account, or ``system:`` and the name of a task."""
    drafter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """Who proposed the publication (담당)."""
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """Who confirmed it (결재)."""

    class Meta:
        ordering: ClassVar = ["edition_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "number"], name="letter_number_once"),
            models.UniqueConstraint(fields=["published", "result_no", "kind"], name="letter_line_once"),
            models.UniqueConstraint(fields=["application", "kind", "version"], name="letter_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="letter_number_from_one"),
            models.CheckConstraint(condition=Q(result_no__gte=1), name="letter_result_from_one"),
            models.CheckConstraint(condition=Q(kind__in=LetterKind.values), name="letter_kind_known"),
            models.CheckConstraint(condition=Q(digest__regex=HASH), name="letter_digest_form"),
            models.CheckConstraint(
                condition=Q(version=1, replaces=None) | Q(version__gte=2, replaces__isnull=False),
                name="letter_replaces_from_two",
            ),
            models.CheckConstraint(condition=~Q(by=""), name="letter_says_who"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}-{self.number}"


class LetterRun(models.Model):
    """How far the letters of a publication have come: all lines up to ``through`` were looked at."""

    published = models.OneToOneField(
        PublishedRound, primary_key=True, on_delete=models.PROTECT, related_name="letter_run"
    )
    through = models.PositiveIntegerField(default=0)
    issued = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["published_id"]

    def __str__(self) -> str:
        return f"{self.published_id}: {self.through}"
