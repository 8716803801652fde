"""The review of a round, and the case of every application in it."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.editions.models import CODE, CODE_LENGTH, Edition
from panro.intake.models import Application
from panro.parties.models import Party
from panro.screening.states import DECIDED, CaseState, Risk

NAME_LENGTH: Final = 200
REASON: Final = r"^[a-z0-9_]+$"
REASON_LENGTH: Final = 64
CLAUSE_LENGTH: Final = 500
HASH_OR_NOTHING: Final = r"^([0-9a-f]{64})?$"

_DECIDED = sorted(DECIDED)


class Review(models.Model):
    """The requirement review of one round; once settled, nothing in it changes any more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    programme = models.CharField(max_length=CODE_LENGTH)
    round_code = models.CharField(max_length=CODE_LENGTH)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["edition_id", "programme", "round_code"]
        verbose_name = _("requirement review")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "programme", "round_code"], name="review_one_per_round"),
            models.CheckConstraint(
                condition=Q(programme__regex=CODE) & Q(round_code__regex=CODE), name="review_codes_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.round_code}"


class Case(models.Model):
    """One application at the desk, with what the queue shows and finds it by."""

    application = models.OneToOneField(
        Application, primary_key=True, on_delete=models.PROTECT, related_name="screening_case"
    )
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="cases", db_index=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    programme = models.CharField(max_length=CODE_LENGTH)
    round_code = models.CharField(max_length=CODE_LENGTH)
    track = models.CharField(max_length=CODE_LENGTH, blank=True)
    applicant_type = models.CharField(max_length=20)
    name = models.CharField(max_length=NAME_LENGTH)
    business_number = models.CharField(max_length=10, blank=True)
    address_digest = models.CharField(max_length=64, blank=True)
    """Of the applicant's address, so that an officer's own can be compared with it."""
    region = models.CharField(max_length=2, blank=True)
    receipt_no = models.CharField(max_length=110)
    received = models.DateTimeField()
    received_on = models.DateField()
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.WAITING)
    risk = models.PositiveSmallIntegerField(choices=Risk, default=Risk.NOT_ASKED)
    due = models.DateField(null=True, blank=True)
    """The applicant's last day, while it is asked for something."""
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    revision = models.PositiveIntegerField(default=1)
    """Counts every change, so that of two officers the one who looks at an older page is told."""
    says = models.CharField(max_length=10, blank=True)
    """What the rules' answers so far sum up to: a requirement, empty before they were asked."""
    says_reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    says_clause = models.CharField(max_length=CLAUSE_LENGTH, blank=True)
    assessed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    words = ArrayField(models.TextField(), default=list, blank=True)
    """By which it is found; see `panro.screening.words`."""
    search = models.GeneratedField(
        expression=Func("words", function="array_to_tsvector"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        ordering: ClassVar = ["received", "application_id"]
        verbose_name = _("case")
        indexes: ClassVar = [
            models.Index(fields=["received", "application"], name="case_by_age"),
            models.Index(fields=["state", "received", "application"], name="case_by_state"),
            models.Index(fields=["review", "state", "received", "application"], name="case_of_review"),
            models.Index(fields=["-risk", "received", "application"], name="case_by_risk"),
            models.Index(
                fields=["officer", "received", "application"],
                condition=Q(officer__isnull=False),
                name="case_of_officer",
            ),
            GinIndex(fields=["search"], name="case_search"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(condition=Q(risk__in=Risk.values), name="case_risk_known"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="case_revision_from_one"),
            models.CheckConstraint(
                condition=Q(state="asked", due__isnull=False) | (~Q(state="asked") & Q(due=None)),
                name="case_asked_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_DECIDED, decided_at__isnull=False)
                | Q(state="withdrawn", decided_at__isnull=False)
                | Q(state__in=["waiting", "asked"], decided_at=None),
                name="case_decided_with_time",
            ),
            models.CheckConstraint(
                condition=Q(says="", says_reason="", says_clause="", assessed_at=None, risk=0)
                | Q(says="eligible", says_reason="", says_clause="", assessed_at__isnull=False, risk=1)
                | (
                    Q(says__in=["ineligible", "lapsed"], says_reason__regex=REASON, assessed_at__isnull=False)
                    & ~Q(says_clause="")
                    & Q(risk__in=[2, 3])
                ),
                name="case_says_whole",
            ),
            models.CheckConstraint(
                condition=Q(business_number="") | Q(business_number__regex=r"^[0-9]{10}$"),
                name="case_business_number_form",
            ),
            models.CheckConstraint(condition=Q(address_digest__regex=HASH_OR_NOTHING), name="case_address_digest_form"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(receipt_no=""), name="case_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_no}: {self.state}"
