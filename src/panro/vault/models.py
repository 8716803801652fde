"""State of the vault: papers, facts, consents, and which ends of validity were announced.

Facts and consents are only ever added. The one change either may suffer is its withdrawal; triggers of migration 0002
refuse every other. Rows may be deleted only where personal data is destroyed (Personal Information Protection Act,
art. 21).
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from panro.accounts.ids import new_id
from panro.files.models import StoredFile
from panro.parties.models import Party
from panro.vault.states import PaperState, VerifiedHow

WORD: Final = r"^[a-z][a-z0-9_]*$"
DOCUMENT_NUMBER: Final = r"^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{4}$"
PROGRAMME: Final = r"^[0-9A-Za-z._-]+/[0-9A-Za-z._-]+$"
HASH: Final = r"^[0-9a-f]{64}$"
CODE_LENGTH: Final = 64
NUMBER_LENGTH: Final = 60
REASON_LENGTH: Final = 500
RECIPIENT_LENGTH: Final = 120


class Paper(models.Model):
    """A paper of a party: one certificate, one plan, with the file that shows it.

    ``kind`` is a code of `panro.vault.kinds`; the validity includes both of its days.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=CODE_LENGTH)
    number = models.CharField(max_length=NUMBER_LENGTH, blank=True)
    document_number = models.CharField(max_length=19, blank=True)
    """The 16 digits by which Government24 shows whether a document is genuine (문서확인번호)."""
    issued_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="papers")
    state = models.CharField(max_length=9, choices=PaperState)
    handed_in_on = models.DateField()
    """The day in Seoul from which it counts."""
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verified_how = models.CharField(max_length=15, choices=VerifiedHow, blank=True)
    verified_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    """Why it was not accepted or was removed: words for people, or a word of `panro.files.refusals`."""
    destroyed_on = models.DateField(null=True, blank=True)
    """The day in Seoul on which it was destroyed because its term was over; None if its owner removed it."""

    class Meta:
        ordering: ClassVar = ["-added_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["party", "-added_at", "-id"], name="paper_of_party"),
            models.Index(
                fields=["valid_to"],
                condition=Q(state__in=["arriving", "unread", "verified"], valid_to__isnull=False),
                name="paper_expiring",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "kind", "file"], condition=Q(file__isnull=False), name="paper_file_once_per_kind"
            ),
            models.CheckConstraint(condition=Q(state__in=PaperState.values), name="paper_state_known"),
            models.CheckConstraint(condition=Q(kind__regex=WORD), name="paper_kind_is_a_word"),
            models.CheckConstraint(
                condition=Q(document_number="") | Q(document_number__regex=DOCUMENT_NUMBER),
                name="paper_document_number_form",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="paper_validity_in_order",
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(valid_to=None) | Q(issued_on__lte=F("valid_to")),
                name="paper_issued_before_its_end",
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(issued_on__lte=F("handed_in_on")), name="paper_issued_before_given"
            ),
            models.CheckConstraint(
                condition=~Q(state="arriving") | Q(file__isnull=False), name="paper_arriving_has_a_file"
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_how="", verified_by=None)
                | (Q(verified_at__isnull=False, verified_by__isnull=False) & ~Q(verified_how="")),
                name="paper_verified_by_whom_and_how",
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(verified_at__isnull=False), name="paper_verified_was_verified"
            ),
            models.CheckConstraint(
                condition=Q(verified_how="") | Q(verified_how__in=VerifiedHow.values), name="paper_verified_how_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["rejected", "destroyed"]) | ~Q(reason=""), name="paper_refusal_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="destroyed") | Q(number="", document_number=""), name="paper_destroyed_is_empty"
            ),
            models.CheckConstraint(
                condition=Q(destroyed_on=None) | Q(state="destroyed"), name="paper_destroyed_by_term_is_destroyed"
            ),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="paper_replaces_another"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}: {self.state}"


class StoredFact(models.Model):
    """One thing that one source says of a party, as a rule reads it (`panro.rules.facts.Fact`).

    What a register was asked (``looked_up``) vouches for ``as_of``, the day it was asked for. Everything else counts
    from ``known_from`` on, the day it came in, and vouches for ``as_of``, the day it was made. ``withdrawn_on`` is the
    first day on which it counts no longer; one that never should have counted is withdrawn as of ``known_from``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="facts")
    key = models.CharField(max_length=CODE_LENGTH)
    value = models.JSONField(null=True)
    as_of = models.DateField()
    source = models.CharField(max_length=CODE_LENGTH)
    looked_up = models.BooleanField(default=False)
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="facts")
    known_from = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["party_id", "key", "-as_of", "-recorded_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["party", "key", "-as_of", "-recorded_at", "-id"], name="fact_of_party"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(key__regex=WORD) & Q(source__regex=WORD), name="fact_says_what_and_who"),
            models.CheckConstraint(condition=Q(as_of__lte=F("known_from")), name="fact_not_from_the_future"),
            models.CheckConstraint(
                condition=Q(looked_up=False) | Q(paper=None, known_from=F("as_of")), name="fact_looked_up_on_its_day"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_on=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_on__gte=F("known_from")),
                name="fact_withdrawn_after_it_came",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.party_id}, {self.source} as of {self.as_of}"


class Consent(models.Model):
    """A party's consent that somebody may use certain data for a programme.

    One row per programme, purpose and recipient (Personal Information Protection Act, art. 15, 17 and 22: consents are
    separate). ``terms_digest`` is the hash of the words that were shown.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="consents")
    programme = models.CharField(max_length=CODE_LENGTH)
    purpose = models.CharField(max_length=CODE_LENGTH)
    recipient = models.CharField(max_length=RECIPIENT_LENGTH)
    items = models.JSONField()
    terms_digest = models.CharField(max_length=64)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    given_on = models.DateField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["programme", "purpose", "recipient", "given_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["party", "-given_at", "-id"], name="consent_of_party"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "programme", "purpose", "recipient"],
                condition=Q(withdrawn_at=None),
                name="consent_given_once",
            ),
            models.CheckConstraint(condition=Q(programme__regex=PROGRAMME), name="consent_programme_form"),
            models.CheckConstraint(condition=Q(purpose__regex=WORD) & ~Q(recipient=""), name="consent_says_what_for"),
            models.CheckConstraint(condition=Q(terms_digest__regex=HASH), name="consent_terms_are_hashed"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_on=None, withdrawn_by=None)
                | Q(withdrawn_at__gte=F("given_at"), withdrawn_on__gte=F("given_on"), withdrawn_by__isnull=False),
                name="consent_withdrawn_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.programme} to {self.recipient} by {self.party_id}"


class ConsentTerms(models.Model):
    """The words that somebody consented to, by their hash: what was agreed can be read after the words have changed."""

    digest = models.CharField(primary_key=True, max_length=64)
    purpose = models.CharField(max_length=CODE_LENGTH)
    terms = models.TextField()
    """Canonical JSON, as `panro.vault.purposes.Purpose.terms` writes it."""

    class Meta:
        ordering: ClassVar = ["purpose", "digest"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(digest__regex=HASH), name="consent_terms_digest_form"),
            models.CheckConstraint(condition=Q(purpose__regex=WORD), name="consent_terms_say_what_for"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.digest[:8]}"


class Announcement(models.Model):
    """That the end of a paper's validity was announced, so many days before; once each."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="announcements")
    days_before = models.PositiveSmallIntegerField()
    announced_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["paper_id", "-days_before"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "days_before"], name="announcement_once"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}: {self.days_before} days before"
