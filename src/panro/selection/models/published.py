"""What is published of a round: one row per publication, one line per receipt, and what became of the places.

All of it is loaded at once from a verified dossier (selection-spec, 2) and never changed; a re-run after objections
is a publication of its own. Triggers of migration 0002 refuse updates and deletions, and compare the counts of a
publication with its lines when the transaction ends.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.editions.models import CODE, CODE_LENGTH, HASH, EditionVersion

WORD: Final = r"^[a-z0-9_]+$"


class Outcome(models.TextChoices):
    """What became of a receipt (selection-spec, 8)."""

    SELECTED = "selected", _("Selected")
    WAITING = "waiting", _("Waiting list")
    NOT_SELECTED = "not_selected", _("Not selected")
    INELIGIBLE = "ineligible", _("Requirements not met")
    LAPSED = "lapsed", _("Lapsed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Standing(models.TextChoices):
    """What a stage made of a participant (selection-spec, 5)."""

    PASSED = "passed", _("passed")
    BELOW_MARK = "below_mark", _("below the pass mark")
    BELOW_LINE = "below_line", _("below the line")


class OfferAct(models.TextChoices):
    """What happened to a place after publication (selection-spec, 8)."""

    DECLINED = "declined", _("gave the place back")
    OFFERED = "offered", _("was offered a place")
    ACCEPTED = "accepted", _("accepted the place")
    REFUSED = "refused", _("refused the place")
    EXPIRED = "expired", _("did not answer in time")


class PublishedRound(models.Model):
    """One publication of a round. ``number`` 0 is the first, 1 and up are addenda after objections (이의신청)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(EditionVersion, on_delete=models.PROTECT, related_name="+")
    edition = models.CharField(max_length=CODE_LENGTH)
    programme = models.CharField(max_length=CODE_LENGTH)
    round = models.CharField(max_length=CODE_LENGTH)
    number = models.PositiveSmallIntegerField()
    current = models.BooleanField(default=True)
    simulated = models.BooleanField()
    as_announced = models.BooleanField(default=True)
    """Whether the round ran under exactly the published rules; a rehearsal may try other ones."""
    root = models.CharField(max_length=64)
    head = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seats = models.PositiveIntegerField(null=True, blank=True)
    receipts = models.PositiveIntegerField()
    selected = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()
    not_selected = models.PositiveIntegerField()
    ineligible = models.PositiveIntegerField()
    lapsed = models.PositiveIntegerField()
    withdrawn = models.PositiveIntegerField()
    rules = models.JSONField()
    """``rules.json`` of the dossier."""
    draw = models.JSONField()
    """``draw.json`` of the dossier: events, values, roots and the seed."""
    summary = models.JSONField()
    """Counts that pages show: ``regions``, ``reasons``, ``stages``, ``offers`` (see `panro.selection.summary`)."""
    public_file = models.FileField(max_length=200)
    public_bytes = models.PositiveBigIntegerField()
    public_sha256 = models.CharField(max_length=64)
    auditor_file = models.FileField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-published_at", "programme", "round", "-number"]
        permissions: ClassVar = [("open_auditor_dossier", _("May open the auditor's dossier"))]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "programme", "round", "number"], name="published_number_once"),
            models.UniqueConstraint(
                fields=["edition", "programme", "round"], condition=Q(current=True), name="published_one_current"
            ),
            models.UniqueConstraint(fields=["root"], name="published_root_once"),
            models.CheckConstraint(
                condition=Q(root__regex=HASH) & Q(head__regex=HASH) & Q(public_sha256__regex=HASH),
                name="published_hashes_form",
            ),
            models.CheckConstraint(
                condition=Q(edition__regex=CODE) & Q(programme__regex=CODE) & Q(round__regex=CODE),
                name="published_codes_form",
            ),
            models.CheckConstraint(
                condition=Q(
                    receipts=F("selected")
                    + F("waiting")
                    + F("not_selected")
                    + F("ineligible")
                    + F("lapsed")
                    + F("withdrawn")
                ),
                name="published_counts_add_up",
            ),
            models.CheckConstraint(
                condition=Q(seats__isnull=True) | Q(number__gt=0) | Q(selected__lte=F("seats")),
                name="published_within_seats",
            ),
            models.CheckConstraint(condition=~Q(public_file=""), name="published_with_file"),
            models.CheckConstraint(
                condition=Q(as_announced=True) | Q(simulated=True), name="published_real_rounds_as_announced"
            ),
        ]

    def __str__(self) -> str:
        return self.round_id

    @property
    def was_changed(self) -> bool:
        """Whether a rehearsal tried other figures than the published ones."""
        return not self.as_announced

    @property
    def round_id(self) -> str:
        """``edition/programme/round``, as the dossier names the round."""
        return f"{self.edition}/{self.programme}/{self.round}"


class ResultLine(models.Model):
    """What became of one receipt and why; what does not apply is None or empty."""

    pk = models.CompositePrimaryKey("published_id", "result_no")
    published = models.ForeignKey(PublishedRound, on_delete=models.PROTECT, related_name="lines", db_index=False)
    result_no = models.PositiveIntegerField()
    receipt = models.CharField(max_length=64)
    track = models.CharField(max_length=CODE_LENGTH)
    region = models.CharField(max_length=CODE_LENGTH, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.CharField(max_length=64)
    clause = models.TextField(blank=True)
    detail = models.TextField(blank=True)
    step = models.CharField(max_length=64, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    service = models.PositiveSmallIntegerField(null=True, blank=True)
    base = models.DecimalField(null=True, blank=True)
    bonus = models.DecimalField(null=True, blank=True)
    total = models.DecimalField(null=True, blank=True)
    draw = models.CharField(max_length=64, blank=True)
    position = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["published", "result_no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["published", "receipt"], name="line_receipt_once"),
            models.UniqueConstraint(fields=["published", "rank"], name="line_rank_once"),
            models.UniqueConstraint(fields=["published", "position"], name="line_position_once"),
            models.CheckConstraint(condition=Q(result_no__gte=1), name="line_number_from_one"),
            models.CheckConstraint(condition=Q(receipt__regex=HASH), name="line_receipt_form"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="line_outcome_known"),
            models.CheckConstraint(condition=Q(reason__regex=WORD), name="line_reason_form"),
            models.CheckConstraint(
                condition=Q(
                    rank__isnull=True,
                    service__isnull=True,
                    base__isnull=True,
                    bonus__isnull=True,
                    total__isnull=True,
                    draw="",
                )
                | Q(
                    rank__gte=1,
                    service__gte=1,
                    base__isnull=False,
                    bonus__isnull=False,
                    total__isnull=False,
                    draw__regex=HASH,
                ),
                name="line_ranked_whole",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.NOT_SELECTED)
                | Q(outcome=Outcome.WAITING, rank__isnull=False)
                | (Q(outcome=Outcome.SELECTED) & (Q(rank__isnull=False) | Q(reason="kept")))
                | Q(
                    outcome__in=[Outcome.INELIGIBLE, Outcome.LAPSED, Outcome.WITHDRAWN],
                    rank__isnull=True,
                    detail="",
                ),
                name="line_rank_fits_outcome",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.WAITING, position__gte=1)
                | (~Q(outcome=Outcome.WAITING) & Q(position__isnull=True)),
                name="line_position_iff_waiting",
            ),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.SELECTED) & ~Q(step="")) | (~Q(outcome=Outcome.SELECTED) & Q(step="")),
                name="line_step_iff_selected",
            ),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.SELECTED) & Q(reason__in=["selected", "objection", "kept"]) & Q(detail=""))
                | (~Q(outcome=Outcome.SELECTED) & ~Q(reason__in=["selected", "objection", "kept"])),
                name="line_reason_fits_outcome",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["published", "outcome", "result_no"], name="line_by_outcome"),
            models.Index(fields=["published", "region", "outcome"], name="line_by_region"),
        ]

    def __str__(self) -> str:
        return f"{self.published_id} {self.result_no}"


class StageLine(models.Model):
    """One participant's score at one stage; ``criteria`` are the panel's means in the order of the rubric."""

    pk = models.CompositePrimaryKey("published_id", "result_no", "stage")
    published = models.ForeignKey(PublishedRound, on_delete=models.PROTECT, related_name="stages", db_index=False)
    result_no = models.PositiveIntegerField()
    stage = models.CharField(max_length=CODE_LENGTH)
    score = models.DecimalField()
    criteria = ArrayField(models.DecimalField())
    standing = models.CharField(max_length=12, choices=Standing)

    class Meta:
        ordering: ClassVar = ["published", "result_no", "stage"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="stage_standing_known"),
            models.CheckConstraint(condition=Q(score__gte=0), name="stage_score_positive"),
            models.CheckConstraint(condition=Q(criteria__len__gte=1), name="stage_criteria_filled"),
        ]
        indexes: ClassVar = [models.Index(fields=["published", "stage", "standing"], name="stage_by_standing")]

    def __str__(self) -> str:
        return f"{self.published_id} {self.result_no} {self.stage}"


class OfferLine(models.Model):
    """What happened to a place after publication, in order."""

    pk = models.CompositePrimaryKey("published_id", "seq")
    published = models.ForeignKey(PublishedRound, on_delete=models.PROTECT, related_name="offers", db_index=False)
    seq = models.PositiveIntegerField()
    on = models.DateField()
    result_no = models.PositiveIntegerField()
    event = models.CharField(max_length=8, choices=OfferAct)

    class Meta:
        ordering: ClassVar = ["published", "seq"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(seq__gte=1), name="offer_seq_from_one"),
            models.CheckConstraint(condition=Q(event__in=OfferAct.values), name="offer_event_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["published", "result_no", "seq"], name="offer_by_line")]

    def __str__(self) -> str:
        return f"{self.published_id} {self.seq}"
