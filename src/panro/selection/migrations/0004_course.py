import django.db.models.deletion
import django.db.models.expressions
import panro.accounts.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("editions", "0002_guards"),
        ("evaluation", "0002_guards"),
        ("intake", "0003_promised_papers"),
        ("selection", "0003_as_announced"),
    ]

    operations = [
        migrations.CreateModel(
            name="RoundCourse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("round_id", models.CharField(max_length=122, unique=True)),
                ("programme", models.CharField(max_length=32)),
                ("round_code", models.CharField(max_length=32)),
                ("rules", models.JSONField()),
                ("secret", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("closed", "closed"),
                            ("pool_frozen", "pool frozen"),
                            ("evaluated", "being evaluated"),
                            ("sealed", "scores sealed"),
                            ("drawn", "seed drawn"),
                            ("run", "selection made"),
                            ("confirmed", "confirmed by two persons"),
                            ("publishing", "being published"),
                            ("published", "published"),
                            ("settled", "settled"),
                        ],
                        default="closed",
                        max_length=11,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("pool_count", models.PositiveIntegerField(blank=True, null=True)),
                ("pool_root", models.CharField(blank=True, max_length=64)),
                ("assignment_value", models.CharField(blank=True, max_length=500)),
                ("assignment_source", models.CharField(blank=True, max_length=500)),
                ("scores_count", models.PositiveIntegerField(blank=True, null=True)),
                ("scores_root", models.CharField(blank=True, max_length=64)),
                ("draw_value", models.CharField(blank=True, max_length=500)),
                ("draw_source", models.CharField(blank=True, max_length=500)),
                ("seed", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("selected", models.PositiveIntegerField(blank=True, null=True)),
                ("waiting", models.PositiveIntegerField(blank=True, null=True)),
                ("not_selected", models.PositiveIntegerField(blank=True, null=True)),
                ("ineligible", models.PositiveIntegerField(blank=True, null=True)),
                ("lapsed", models.PositiveIntegerField(blank=True, null=True)),
                ("withdrawn", models.PositiveIntegerField(blank=True, null=True)),
                ("entry", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evaluation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="course",
                        to="evaluation.evaluation",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="course",
                        to="selection.publishedround",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="editions.editionversion"
                    ),
                ),
            ],
            options={
                "verbose_name": "course of a round",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["state", "-id"], name="course_by_state"),
                    models.Index(fields=["programme", "-id"], name="course_by_programme"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("round_id__regex", "^[0-9A-Za-z-]+/[0-9A-Za-z-]+/[0-9A-Za-z-]+$"),
                            ("programme__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                            ("round_code__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                        ),
                        name="course_codes_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("secret__regex", "^[0-9a-f]{64}$")), name="course_secret_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "closed",
                                    "pool_frozen",
                                    "evaluated",
                                    "sealed",
                                    "drawn",
                                    "run",
                                    "confirmed",
                                    "publishing",
                                    "published",
                                    "settled",
                                ],
                            )
                        ),
                        name="course_state_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("revision__gte", 1)), name="course_revision_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pool_count", None), ("pool_root", ""), ("state", "closed")),
                            models.Q(
                                ("pool_count__isnull", False),
                                ("pool_root__regex", "^[0-9a-f]{64}$"),
                                (
                                    "state__in",
                                    [
                                        "pool_frozen",
                                        "evaluated",
                                        "sealed",
                                        "drawn",
                                        "run",
                                        "confirmed",
                                        "publishing",
                                        "published",
                                        "settled",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="course_pool_iff_frozen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assignment_source", ""), ("assignment_value", ""), ("state", "closed")),
                            models.Q(("assignment_source", ""), ("assignment_value", ""), ("state", "pool_frozen")),
                            models.Q(
                                (
                                    "state__in",
                                    [
                                        "pool_frozen",
                                        "evaluated",
                                        "sealed",
                                        "drawn",
                                        "run",
                                        "confirmed",
                                        "publishing",
                                        "published",
                                        "settled",
                                    ],
                                ),
                                models.Q(("assignment_value", ""), _negated=True),
                                models.Q(("assignment_source", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="course_assignment_value_before_panels",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("evaluation", None), ("state__in", ["closed", "pool_frozen"])),
                            models.Q(
                                ("evaluation__isnull", False),
                                (
                                    "state__in",
                                    [
                                        "evaluated",
                                        "sealed",
                                        "drawn",
                                        "run",
                                        "confirmed",
                                        "publishing",
                                        "published",
                                        "settled",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="course_evaluation_iff_begun",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("scores_count", None),
                                ("scores_root", ""),
                                ("state__in", ["closed", "pool_frozen", "evaluated"]),
                            ),
                            models.Q(
                                ("scores_count__isnull", False),
                                ("scores_root__regex", "^[0-9a-f]{64}$"),
                                (
                                    "state__in",
                                    ["sealed", "drawn", "run", "confirmed", "publishing", "published", "settled"],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="course_scores_iff_sealed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("draw_source", ""),
                                ("draw_value", ""),
                                ("seed", ""),
                                ("state__in", ["closed", "pool_frozen", "evaluated", "sealed"]),
                            ),
                            models.Q(
                                ("seed__regex", "^[0-9a-f]{64}$"),
                                ("state__in", ["drawn", "run", "confirmed", "publishing", "published", "settled"]),
                                models.Q(("draw_value", ""), _negated=True),
                                models.Q(("draw_source", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="course_seed_iff_drawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("digest", ""),
                                ("ineligible", None),
                                ("lapsed", None),
                                ("not_selected", None),
                                ("selected", None),
                                ("state__in", ["closed", "pool_frozen", "evaluated", "sealed", "drawn"]),
                                ("waiting", None),
                                ("withdrawn", None),
                            ),
                            models.Q(
                                ("digest__regex", "^[0-9a-f]{64}$"),
                                ("ineligible__isnull", False),
                                ("lapsed__isnull", False),
                                ("not_selected__isnull", False),
                                (
                                    "pool_count",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.expressions.CombinedExpression(
                                                        models.F("selected"), "+", models.F("waiting")
                                                    ),
                                                    "+",
                                                    models.F("not_selected"),
                                                ),
                                                "+",
                                                models.F("ineligible"),
                                            ),
                                            "+",
                                            models.F("lapsed"),
                                        ),
                                        "+",
                                        models.F("withdrawn"),
                                    ),
                                ),
                                ("selected__isnull", False),
                                ("state__in", ["run", "confirmed", "publishing", "published", "settled"]),
                                ("waiting__isnull", False),
                                ("withdrawn__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="course_result_iff_run",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_by__isnull", False),
                                ("proposed_by__isnull", False),
                                ("state__in", ["confirmed", "publishing", "published", "settled"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", ["confirmed", "publishing", "published", "settled"]), _negated=True
                                ),
                                ("confirmed_by", None),
                                ("proposed_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="course_confirmed_iff_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="course_takes_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entry__isnull", False), ("state__in", ["publishing", "published", "settled"])),
                            models.Q(
                                models.Q(("state__in", ["publishing", "published", "settled"]), _negated=True),
                                ("entry", None),
                            ),
                            _connector="OR",
                        ),
                        name="course_entry_iff_publishing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published__isnull", False), ("state__in", ["published", "settled"])),
                            models.Q(
                                models.Q(("state__in", ["published", "settled"]), _negated=True), ("published", None)
                            ),
                            _connector="OR",
                        ),
                        name="course_publication_iff_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("closed", "Course opened"),
                            ("pool_frozen", "Pool frozen"),
                            ("assignment", "Value for the panels entered"),
                            ("evaluated", "Evaluation begun"),
                            ("sealed", "Scores sealed"),
                            ("drawn", "Seed drawn"),
                            ("run", "Selection made"),
                            ("confirmed", "Confirmed by two persons"),
                            ("publishing", "Entered into the record"),
                            ("published", "Published"),
                            ("settled", "Settled"),
                        ],
                        max_length=11,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="selection.roundcourse",
                    ),
                ),
            ],
            options={
                "ordering": ["course_id", "at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("course", "step"), name="course_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "step__in",
                                [
                                    "closed",
                                    "pool_frozen",
                                    "assignment",
                                    "evaluated",
                                    "sealed",
                                    "drawn",
                                    "run",
                                    "confirmed",
                                    "publishing",
                                    "published",
                                    "settled",
                                ],
                            )
                        ),
                        name="course_step_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseResult",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "course_id", "result_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("result_no", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("selected", "Selected"),
                            ("waiting", "Waiting list"),
                            ("not_selected", "Not selected"),
                            ("ineligible", "Requirements not met"),
                            ("lapsed", "Lapsed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(max_length=64)),
                ("detail", models.TextField(blank=True)),
                ("step", models.CharField(blank=True, max_length=64)),
                ("rank", models.PositiveIntegerField(blank=True, null=True)),
                ("position", models.PositiveIntegerField(blank=True, null=True)),
                ("total", models.DecimalField(blank=True, null=True)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="course_result",
                        to="intake.application",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="selection.roundcourse",
                    ),
                ),
            ],
            options={
                "ordering": ["course", "result_no"],
                "indexes": [models.Index(fields=["course", "outcome", "result_no"], name="course_result_by_outcome")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("result_no__gte", 1)), name="course_result_number_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                ["selected", "waiting", "not_selected", "ineligible", "lapsed", "withdrawn"],
                            )
                        ),
                        name="course_result_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "^[a-z0-9_]+$")), name="course_result_reason_form"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WhatIf",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("parameters", models.JSONField()),
                ("result", models.JSONField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="what_ifs",
                        to="selection.roundcourse",
                    ),
                ),
            ],
            options={
                "ordering": ["course_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("course", "number"), name="what_if_number_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="what_if_number_from_one"),
                ],
            },
        ),
    ]
