"""Editions (연도) and their versions; rows for lists are written with the version and change no more than it does.

What is published never changes: triggers of migration 0002 refuse it, whoever asks.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id

CODE_LENGTH: Final = 32
NAME_LENGTH: Final = 200
HASH: Final = r"^[0-9a-f]{64}$"
CODE: Final = r"^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"


class VersionState(models.TextChoices):
    """Where a version of an edition stands."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded")


TRANSITIONS: Final[dict[VersionState, frozenset[VersionState]]] = {
    VersionState.DRAFT: frozenset({VersionState.PUBLISHED}),
    VersionState.PUBLISHED: frozenset({VersionState.SUPERSEDED}),
    VersionState.SUPERSEDED: frozenset(),
}
"""Every change of state a version may make; the trigger ``editions_version_guard`` holds the same table."""


class Unit(models.TextChoices):
    """What a quota counts."""

    COMPANY = "company", _("companies")
    PERSON = "person", _("people")
    PLACE = "place", _("places")
    PRODUCT = "product", _("products")


class Method(models.TextChoices):
    """How a programme chooses."""

    RANKED = "ranked", _("Ranked by score")
    GATE = "gate", _("Review against criteria")
    NOMINATION = "nomination", _("Nomination by the agency")
    CONTEST = "contest", _("Open contest")


class Edition(models.Model):
    """One year of programmes, whatever its versions say."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=CODE_LENGTH)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], name="edition_code_once"),
            models.CheckConstraint(condition=Q(code__regex=CODE), name="edition_code_form"),
        ]

    def __str__(self) -> str:
        return self.code


class EditionVersion(models.Model):
    """One version of an edition: the whole document, its digest, and what changed since the version before."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    opens = models.DateField()
    closes = models.DateField()
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.JSONField(null=True, blank=True)
    """Why it was amended, ``{"ko", "en"}``; None for the first version and for drafts."""
    changes = models.JSONField(default=list, blank=True)
    """What is different from the version before, a list of ``{"programme", "ko", "en"}``."""

    class Meta:
        ordering: ClassVar = ["edition", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(state=VersionState.DRAFT), name="version_one_draft"
            ),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(state=VersionState.PUBLISHED), name="version_one_current"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number_from_one"),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="version_state_known"),
            models.CheckConstraint(condition=Q(digest__regex=HASH), name="version_digest_form"),
            models.CheckConstraint(condition=Q(opens__lte=F("closes")), name="version_window_in_order"),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT, published_at__isnull=True, published_by__isnull=True)
                | (~Q(state=VersionState.DRAFT) & Q(published_at__isnull=False)),
                name="version_published_with_time",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT)
                | Q(number=1, reason__isnull=True)
                | Q(number__gt=1, reason__isnull=False),
                name="version_amended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition.code}, version {self.number}"


class ProgrammeRow(models.Model):
    """A programme as lists show it; the document has the rest. Dates span its rounds, None without any."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(EditionVersion, on_delete=models.CASCADE, related_name="programmes")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=CODE_LENGTH)
    pillar = models.CharField(max_length=CODE_LENGTH)
    name_ko = models.CharField(max_length=NAME_LENGTH)
    name_en = models.CharField(max_length=NAME_LENGTH)
    summary_ko = models.TextField()
    summary_en = models.TextField()
    pilot = models.BooleanField()
    quota = models.PositiveIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=10, choices=Unit)
    method = models.CharField(max_length=12, choices=Method)
    applicants = ArrayField(models.CharField(max_length=24))
    kinds = ArrayField(models.CharField(max_length=16))
    opens = models.DateField(null=True, blank=True)
    closes = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["version", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "code"], name="programme_code_once"),
            models.UniqueConstraint(fields=["version", "position"], name="programme_position_once"),
            models.CheckConstraint(condition=Q(code__regex=CODE), name="programme_code_form"),
            models.CheckConstraint(condition=Q(quota__isnull=True) | Q(quota__gte=1), name="programme_quota_positive"),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="programme_unit_known"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="programme_method_known"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True) | Q(opens__lte=F("closes")),
                name="programme_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(applicants__len__gte=1) & Q(kinds__len__gte=1), name="programme_lists_filled"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class RoundRow(models.Model):
    """A round (차수) as lists and the calendar show it. Days are whole days in Seoul."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(ProgrammeRow, on_delete=models.CASCADE, related_name="rounds")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=CODE_LENGTH)
    name_ko = models.CharField(max_length=NAME_LENGTH)
    name_en = models.CharField(max_length=NAME_LENGTH)
    opens = models.DateField()
    closes = models.DateField()
    supplement_until = models.DateField()
    results_on = models.DateField()
    objections_until = models.DateField()
    seats = models.PositiveIntegerField(null=True, blank=True)
    until_budget_used = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["programme", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "code"], name="round_code_once"),
            models.UniqueConstraint(fields=["programme", "position"], name="round_position_once"),
            models.CheckConstraint(
                condition=Q(opens__lte=F("closes"))
                & Q(closes__lte=F("supplement_until"))
                & Q(supplement_until__lte=F("results_on"))
                & Q(results_on__lte=F("objections_until")),
                name="round_days_in_order",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["closes", "id"], name="round_by_closing")]

    def __str__(self) -> str:
        return self.code
