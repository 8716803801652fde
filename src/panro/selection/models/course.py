"""The course of a round from its closing to its last offer, and everything that was tried on the way.

Triggers of migration 0005 hold the lifecycle, keep what was once set (seed, roots, digest), refuse a what-if once the
seed is known, and let the other tables only grow.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from panro.accounts.ids import new_id
from panro.editions.models import CODE, CODE_LENGTH, HASH, EditionVersion
from panro.evaluation.models import Evaluation
from panro.intake.models import Application
from panro.selection.models.published import WORD, Outcome, PublishedRound

ROUND_ID: Final = r"^[0-9A-Za-z-]+/[0-9A-Za-z-]+/[0-9A-Za-z-]+$"
VALUE_LENGTH: Final = 500
SOURCE_LENGTH: Final = 500


class CourseState(models.TextChoices):
    """Where a round stands."""

    CLOSED = "closed", pgettext_lazy("round", "closed")
    POOL_FROZEN = "pool_frozen", _("pool frozen")
    EVALUATED = "evaluated", _("being evaluated")
    SEALED = "sealed", _("scores sealed")
    DRAWN = "drawn", _("seed drawn")
    RUN = "run", _("selection made")
    CONFIRMED = "confirmed", _("confirmed by two persons")
    PUBLISHING = "publishing", _("being published")
    PUBLISHED = "published", pgettext_lazy("round", "published")
    SETTLED = "settled", _("settled")


COURSE: Final[dict[CourseState, frozenset[CourseState]]] = {
    CourseState.CLOSED: frozenset({CourseState.POOL_FROZEN}),
    CourseState.POOL_FROZEN: frozenset({CourseState.EVALUATED}),
    CourseState.EVALUATED: frozenset({CourseState.SEALED}),
    CourseState.SEALED: frozenset({CourseState.DRAWN}),
    CourseState.DRAWN: frozenset({CourseState.RUN}),
    CourseState.RUN: frozenset({CourseState.CONFIRMED}),
    CourseState.CONFIRMED: frozenset({CourseState.PUBLISHING}),
    CourseState.PUBLISHING: frozenset({CourseState.PUBLISHED}),
    CourseState.PUBLISHED: frozenset({CourseState.SETTLED}),
    CourseState.SETTLED: frozenset(),
}
"""One way only, and every step of it, also where a round has no scored stages: then no score is sealed."""

_ORDER: Final = list(COURSE)


def from_(state: CourseState) -> list[str]:
    """The states from one on, in their order."""
    return [one.value for one in _ORDER[_ORDER.index(state) :]]


class Step(models.TextChoices):
    """What is written down with its time: the states, and what happens within one."""

    CLOSED = "closed", _("Course opened")
    POOL_FROZEN = "pool_frozen", _("Pool frozen")
    ASSIGNMENT = "assignment", _("Value for the panels entered")
    EVALUATED = "evaluated", _("Evaluation begun")
    SEALED = "sealed", _("Scores sealed")
    DRAWN = "drawn", _("Seed drawn")
    RUN = "run", _("Selection made")
    CONFIRMED = "confirmed", _("Confirmed by two persons")
    PUBLISHING = "publishing", _("Entered into the record")
    PUBLISHED = "published", _("Published")
    SETTLED = "settled", _("Settled")


class RoundCourse(models.Model):
    """One round on its way: its frozen rules, the public values, and what came of it.

    ``secret`` is the source of the salts of this round that are fixed nowhere else, so that the same rows always give
    the same dossier, byte for byte.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(EditionVersion, on_delete=models.PROTECT, related_name="+")
    """The notice under which the round runs."""
    round_id = models.CharField(max_length=122, unique=True)
    programme = models.CharField(max_length=CODE_LENGTH)
    round_code = models.CharField(max_length=CODE_LENGTH)
    rules = models.JSONField()
    """``rules.json`` of the dossier, as frozen."""
    secret = models.CharField(max_length=64)
    state = models.CharField(max_length=11, choices=CourseState, default=CourseState.CLOSED)
    revision = models.PositiveIntegerField(default=1)
    pool_count = models.PositiveIntegerField(null=True, blank=True)
    pool_root = models.CharField(max_length=64, blank=True)
    assignment_value = models.CharField(max_length=VALUE_LENGTH, blank=True)
    assignment_source = models.CharField(max_length=SOURCE_LENGTH, blank=True)
    evaluation = models.OneToOneField(
        Evaluation, on_delete=models.PROTECT, null=True, blank=True, related_name="course"
    )
    scores_count = models.PositiveIntegerField(null=True, blank=True)
    scores_root = models.CharField(max_length=64, blank=True)
    draw_value = models.CharField(max_length=VALUE_LENGTH, blank=True)
    draw_source = models.CharField(max_length=SOURCE_LENGTH, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    """The root of the dossier that the selection gives; what two persons confirm."""
    selected = models.PositiveIntegerField(null=True, blank=True)
    waiting = models.PositiveIntegerField(null=True, blank=True)
    not_selected = models.PositiveIntegerField(null=True, blank=True)
    ineligible = models.PositiveIntegerField(null=True, blank=True)
    lapsed = models.PositiveIntegerField(null=True, blank=True)
    withdrawn = models.PositiveIntegerField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entry = models.PositiveBigIntegerField(null=True, blank=True)
    """Number of the record's entry ``round_published``."""
    published = models.OneToOneField(
        PublishedRound, on_delete=models.PROTECT, null=True, blank=True, related_name="course"
    )
    """The first publication; addenda change it and are publications of their own."""

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = _("course of a round")
        indexes: ClassVar = [
            models.Index(fields=["state", "-id"], name="course_by_state"),
            models.Index(fields=["programme", "-id"], name="course_by_programme"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(round_id__regex=ROUND_ID) & Q(programme__regex=CODE) & Q(round_code__regex=CODE),
                name="course_codes_form",
            ),
            models.CheckConstraint(condition=Q(secret__regex=HASH), name="course_secret_form"),
            models.CheckConstraint(condition=Q(state__in=CourseState.values), name="course_state_known"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="course_revision_from_one"),
            models.CheckConstraint(
                condition=Q(state="closed", pool_count=None, pool_root="")
                | Q(state__in=from_(CourseState.POOL_FROZEN), pool_count__isnull=False, pool_root__regex=HASH),
                name="course_pool_iff_frozen",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", assignment_value="", assignment_source="")
                | Q(state="pool_frozen", assignment_value="", assignment_source="")
                | (Q(state__in=from_(CourseState.POOL_FROZEN)) & ~Q(assignment_value="") & ~Q(assignment_source="")),
                name="course_assignment_value_before_panels",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "pool_frozen"], evaluation=None)
                | Q(state__in=from_(CourseState.EVALUATED), evaluation__isnull=False),
                name="course_evaluation_iff_begun",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "pool_frozen", "evaluated"], scores_count=None, scores_root="")
                | Q(state__in=from_(CourseState.SEALED), scores_count__isnull=False, scores_root__regex=HASH),
                name="course_scores_iff_sealed",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["closed", "pool_frozen", "evaluated", "sealed"], seed="", draw_value="", draw_source=""
                )
                | (Q(state__in=from_(CourseState.DRAWN), seed__regex=HASH) & ~Q(draw_value="") & ~Q(draw_source="")),
                name="course_seed_iff_drawn",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["closed", "pool_frozen", "evaluated", "sealed", "drawn"],
                    digest="",
                    selected=None,
                    waiting=None,
                    not_selected=None,
                    ineligible=None,
                    lapsed=None,
                    withdrawn=None,
                )
                | Q(
                    state__in=from_(CourseState.RUN),
                    digest__regex=HASH,
                    selected__isnull=False,
                    waiting__isnull=False,
                    not_selected__isnull=False,
                    ineligible__isnull=False,
                    lapsed__isnull=False,
                    withdrawn__isnull=False,
                    pool_count=F("selected")
                    + F("waiting")
                    + F("not_selected")
                    + F("ineligible")
                    + F("lapsed")
                    + F("withdrawn"),
                ),
                name="course_result_iff_run",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=from_(CourseState.CONFIRMED), proposed_by__isnull=False, confirmed_by__isnull=False
                )
                | (~Q(state__in=from_(CourseState.CONFIRMED)) & Q(proposed_by=None, confirmed_by=None)),
                name="course_confirmed_iff_by_two",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="course_takes_two"
            ),
            models.CheckConstraint(
                condition=Q(state__in=from_(CourseState.PUBLISHING), entry__isnull=False)
                | (~Q(state__in=from_(CourseState.PUBLISHING)) & Q(entry=None)),
                name="course_entry_iff_publishing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=from_(CourseState.PUBLISHED), published__isnull=False)
                | (~Q(state__in=from_(CourseState.PUBLISHED)) & Q(published=None)),
                name="course_publication_iff_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.state}"

    def is_from(self, state: CourseState) -> bool:
        """Whether the round has come to a state or beyond."""
        return self.state in from_(state)


class CourseStep(models.Model):
    """One step of a course: when, by whom, and on which grounds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    course = models.ForeignKey(RoundCourse, on_delete=models.PROTECT, related_name="steps", db_index=False)
    step = models.CharField(max_length=11, choices=Step)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    """None for a task."""

    class Meta:
        ordering: ClassVar = ["course_id", "at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "step"], name="course_step_once"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="course_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.step}"


class WhatIf(models.Model):
    """What somebody tried before the seed was known. Counted on the page of the results."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    course = models.ForeignKey(RoundCourse, on_delete=models.PROTECT, related_name="what_ifs", db_index=False)
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    parameters = models.JSONField()
    """As `panro.selection.course.trying.Changes.to_json` gives them."""
    result = models.JSONField()
    """As `panro.selection.course.trying.Odds.to_json` gives it."""

    class Meta:
        ordering: ClassVar = ["course_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="what_if_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="what_if_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.number}"


class CourseResult(models.Model):
    """What the selection made of one application, for those who confirm it; published with the dossier only."""

    pk = models.CompositePrimaryKey("course_id", "result_no")
    course = models.ForeignKey(RoundCourse, on_delete=models.PROTECT, related_name="results", db_index=False)
    result_no = models.PositiveIntegerField()
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="course_result")
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.CharField(max_length=64)
    detail = models.TextField(blank=True)
    step = models.CharField(max_length=64, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveIntegerField(null=True, blank=True)
    total = models.DecimalField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["course", "result_no"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(result_no__gte=1), name="course_result_number_from_one"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="course_result_outcome_known"),
            models.CheckConstraint(condition=Q(reason__regex=WORD), name="course_result_reason_form"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["course", "outcome", "result_no"], name="course_result_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.result_no}"
