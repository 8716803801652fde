"""An application, whatever its state, and what was chosen for it."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.catalog.models import Product
from panro.editions.models import CODE, CODE_LENGTH, Edition, EditionVersion
from panro.intake.models.pools import Pool
from panro.intake.states import HANDED_IN, LIVE, State
from panro.parties.models import Party
from panro.vault.models import Paper

WORD: Final = r"^[a-z][a-z0-9_]*$"
REASON_LENGTH: Final = 1_000
APPLICANT_LENGTH: Final = 64

_LIVE = sorted(LIVE)
_HANDED_IN = sorted(HANDED_IN)


class Application(models.Model):
    """One applicant's application in one round."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="applications", db_index=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(EditionVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    """The notice under which it is written; when it is handed in, the one in force then."""
    programme = models.CharField(max_length=CODE_LENGTH)
    round_code = models.CharField(max_length=CODE_LENGTH)
    track = models.CharField(max_length=CODE_LENGTH, blank=True)
    applicant_type = models.CharField(max_length=20)
    state = models.CharField(max_length=13, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    """Counts what was saved, so that of two open pages the one that fell behind is told."""
    answers = models.JSONField(default=dict, blank=True)
    """Answers by code of the question."""
    changed = models.JSONField(default=dict, blank=True)
    """By what can change: the revision that changed it last.

    What can change is a question, ``track``, ``products``, ``papers.CODE`` and ``promises.CODE``.
    """
    declared = models.JSONField(default=dict, blank=True)
    """Documents given by a word on the page: by code ``{"on": day, "by": account, "terms": digest of the words}``."""
    closes = models.DateField()
    """The last day on which it may be handed in, for this applicant."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    created = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_on = models.DateField(null=True, blank=True)
    """The day in Seoul that its receipt bears."""
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    applicant = models.CharField(max_length=APPLICANT_LENGTH, blank=True)
    """Under which name its receipt knows the applicant."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=REASON_LENGTH, blank=True)
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """The application of the same round whose place this draft takes when it is handed in."""
    replaced = models.BooleanField(default=False)
    """Whether a later application of the same applicant in this round took its place."""
    pool = models.ForeignKey(
        Pool, null=True, blank=True, on_delete=models.PROTECT, related_name="applications", db_index=False
    )
    only_once = models.BooleanField(default=False)
    """Whether the notice takes no other of its applicant in this programme, in any round (`panro.intake.again`)."""
    destroyed_at = models.DateTimeField(null=True, blank=True)
    """When its contents were destroyed because their term was over."""

    class Meta:
        ordering: ClassVar = ["-created", "-id"]
        verbose_name = _("application")
        indexes: ClassVar = [
            models.Index(fields=["party", "-created", "-id"], name="application_of_party"),
            models.Index(fields=["closes", "id"], condition=Q(state="draft"), name="application_draft_by_closing"),
            models.Index(
                fields=["edition", "programme", "round_code", "id"],
                condition=Q(state__in=_HANDED_IN, replaced=False),
                name="application_of_round",
            ),
            models.Index(fields=["pool", "id"], condition=Q(pool__isnull=False), name="application_in_pool"),
            models.Index(
                fields=["closes", "id"],
                condition=Q(state__in=["closed", "withdrawn", "missed"], destroyed_at=None),
                name="application_to_outlive",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "edition", "programme", "round_code"],
                condition=Q(state="draft"),
                name="application_one_draft",
            ),
            models.UniqueConstraint(
                fields=["party", "edition", "programme", "round_code"],
                condition=Q(state__in=_LIVE),
                name="application_one_live",
            ),
            models.UniqueConstraint(
                fields=["edition", "programme", "round_code", "applicant"],
                condition=Q(state__in=_HANDED_IN, replaced=False),
                name="application_one_per_applicant",
            ),
            models.UniqueConstraint(
                fields=["party", "edition", "programme"],
                condition=Q(state__in=_LIVE, only_once=True),
                name="application_once_in_programme",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="application_state_known"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="application_revision_from_one"),
            models.CheckConstraint(
                condition=Q(programme__regex=CODE) & Q(round_code__regex=CODE) & Q(applicant_type__regex=WORD),
                name="application_codes_form",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "missed"],
                    submitted_at=None,
                    submitted_on=None,
                    submitted_by=None,
                    applicant="",
                    replaced=False,
                )
                | (
                    Q(
                        state__in=_HANDED_IN,
                        submitted_at__isnull=False,
                        submitted_on__isnull=False,
                        submitted_by__isnull=False,
                    )
                    & ~Q(applicant="")
                ),
                name="application_handed_in_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at=None, withdrawn_why="", replaced=False)),
                name="application_withdrawn_with_time",
            ),
            models.CheckConstraint(
                condition=Q(pool=None, state__in=["draft", "missed", "submitted", "supplementing", "withdrawn"])
                | Q(pool__isnull=False, state__in=["supplementing", "closed", "withdrawn"]),
                name="application_closed_in_a_pool",
            ),
            models.CheckConstraint(
                condition=Q(submitted_on=None) | Q(submitted_on__lte=F("closes")),
                name="application_in_time",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at=None)
                | Q(state__in=["closed", "withdrawn"], answers={}, declared={}, withdrawn_why=""),
                name="application_destroyed_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.round_code}, {self.party_id}: {self.state}"


class ChosenProduct(models.Model):
    """A product with which somebody applies."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="products", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["application_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "product"], name="chosen_product_once"),
            models.UniqueConstraint(fields=["application", "position"], name="chosen_product_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.product_id}"


class ChosenPaper(models.Model):
    """A paper of the vault that is handed in for one of the documents asked for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="papers", db_index=False)
    code = models.CharField(max_length=CODE_LENGTH)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["application_id", "code", "paper_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "code", "paper"], name="chosen_paper_once"),
            models.CheckConstraint(condition=Q(code__regex=WORD), name="chosen_paper_code_form"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.code}"


class PromisedPaper(models.Model):
    """A document whose paper somebody else issues, and which the applicant says it will hand in later."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="promises", db_index=False)
    code = models.CharField(max_length=CODE_LENGTH)
    promised_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["application_id", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "code"], name="promised_paper_once"),
            models.CheckConstraint(condition=Q(code__regex=WORD), name="promised_paper_code_form"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.code}"


class DraftStep(models.Model):
    """A step of the form that was filled in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="steps", db_index=False)
    step = models.CharField(max_length=CODE_LENGTH)
    done_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["application_id", "done_at", "step"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "step"], name="draft_step_once"),
            models.CheckConstraint(condition=Q(step__regex=WORD), name="draft_step_form"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.step}"
