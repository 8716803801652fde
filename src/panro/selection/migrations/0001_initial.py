import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import panro.accounts.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("editions", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublishedRound",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("edition", models.CharField(max_length=32)),
                ("programme", models.CharField(max_length=32)),
                ("round", models.CharField(max_length=32)),
                ("number", models.PositiveSmallIntegerField()),
                ("current", models.BooleanField(default=True)),
                ("simulated", models.BooleanField()),
                ("root", models.CharField(max_length=64)),
                ("head", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField()),
                ("seats", models.PositiveIntegerField(blank=True, null=True)),
                ("receipts", models.PositiveIntegerField()),
                ("selected", models.PositiveIntegerField()),
                ("waiting", models.PositiveIntegerField()),
                ("not_selected", models.PositiveIntegerField()),
                ("ineligible", models.PositiveIntegerField()),
                ("lapsed", models.PositiveIntegerField()),
                ("withdrawn", models.PositiveIntegerField()),
                ("rules", models.JSONField()),
                ("draw", models.JSONField()),
                ("summary", models.JSONField()),
                ("public_file", models.FileField(max_length=200, upload_to="")),
                ("public_bytes", models.PositiveBigIntegerField()),
                ("public_sha256", models.CharField(max_length=64)),
                ("auditor_file", models.FileField(blank=True, max_length=200, upload_to="")),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "ordering": ["-published_at", "programme", "round", "-number"],
                "permissions": [("open_auditor_dossier", "May open the auditor's dossier")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "programme", "round", "number"), name="published_number_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("current", True)),
                        fields=("edition", "programme", "round"),
                        name="published_one_current",
                    ),
                    models.UniqueConstraint(fields=("root",), name="published_root_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("root__regex", "^[0-9a-f]{64}$"),
                            ("head__regex", "^[0-9a-f]{64}$"),
                            ("public_sha256__regex", "^[0-9a-f]{64}$"),
                        ),
                        name="published_hashes_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("edition__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                            ("programme__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                            ("round__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                        ),
                        name="published_codes_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "receipts",
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
                            )
                        ),
                        name="published_counts_add_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seats__isnull", True),
                            ("number__gt", 0),
                            ("selected__lte", models.F("seats")),
                            _connector="OR",
                        ),
                        name="published_within_seats",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("public_file", ""), _negated=True), name="published_with_file"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "published_id", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("on", models.DateField()),
                ("result_no", models.PositiveIntegerField()),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("declined", "gave the place back"),
                            ("offered", "was offered a place"),
                            ("accepted", "accepted the place"),
                            ("refused", "refused the place"),
                            ("expired", "did not answer in time"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "published",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="selection.publishedround",
                    ),
                ),
            ],
            options={
                "ordering": ["published", "seq"],
                "indexes": [models.Index(fields=["published", "result_no", "seq"], name="offer_by_line")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("seq__gte", 1)), name="offer_seq_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(("event__in", ["declined", "offered", "accepted", "refused", "expired"])),
                        name="offer_event_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "published_id", "result_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("result_no", models.PositiveIntegerField()),
                ("receipt", models.CharField(max_length=64)),
                ("track", models.CharField(max_length=32)),
                ("region", models.CharField(blank=True, max_length=32)),
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
                ("clause", models.TextField(blank=True)),
                ("detail", models.TextField(blank=True)),
                ("step", models.CharField(blank=True, max_length=64)),
                ("rank", models.PositiveIntegerField(blank=True, null=True)),
                ("service", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("base", models.DecimalField(blank=True, null=True)),
                ("bonus", models.DecimalField(blank=True, null=True)),
                ("total", models.DecimalField(blank=True, null=True)),
                ("draw", models.CharField(blank=True, max_length=64)),
                ("position", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "published",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="selection.publishedround",
                    ),
                ),
            ],
            options={
                "ordering": ["published", "result_no"],
                "indexes": [
                    models.Index(fields=["published", "outcome", "result_no"], name="line_by_outcome"),
                    models.Index(fields=["published", "region", "outcome"], name="line_by_region"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("published", "receipt"), name="line_receipt_once"),
                    models.UniqueConstraint(fields=("published", "rank"), name="line_rank_once"),
                    models.UniqueConstraint(fields=("published", "position"), name="line_position_once"),
                    models.CheckConstraint(condition=models.Q(("result_no__gte", 1)), name="line_number_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(("receipt__regex", "^[0-9a-f]{64}$")), name="line_receipt_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                ["selected", "waiting", "not_selected", "ineligible", "lapsed", "withdrawn"],
                            )
                        ),
                        name="line_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "^[a-z0-9_]+$")), name="line_reason_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("base__isnull", True),
                                ("bonus__isnull", True),
                                ("draw", ""),
                                ("rank__isnull", True),
                                ("service__isnull", True),
                                ("total__isnull", True),
                            ),
                            models.Q(
                                ("base__isnull", False),
                                ("bonus__isnull", False),
                                ("draw__regex", "^[0-9a-f]{64}$"),
                                ("rank__gte", 1),
                                ("service__gte", 1),
                                ("total__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="line_ranked_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", "not_selected"),
                            models.Q(("outcome", "waiting"), ("rank__isnull", False)),
                            models.Q(
                                ("outcome", "selected"),
                                models.Q(("rank__isnull", False), ("reason", "kept"), _connector="OR"),
                            ),
                            models.Q(
                                ("detail", ""),
                                ("outcome__in", ["ineligible", "lapsed", "withdrawn"]),
                                ("rank__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="line_rank_fits_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "waiting"), ("position__gte", 1)),
                            models.Q(models.Q(("outcome", "waiting"), _negated=True), ("position__isnull", True)),
                            _connector="OR",
                        ),
                        name="line_position_iff_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "selected"), models.Q(("step", ""), _negated=True)),
                            models.Q(models.Q(("outcome", "selected"), _negated=True), ("step", "")),
                            _connector="OR",
                        ),
                        name="line_step_iff_selected",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("outcome", "selected"),
                                ("reason__in", ["selected", "objection", "kept"]),
                                ("detail", ""),
                            ),
                            models.Q(
                                models.Q(("outcome", "selected"), _negated=True),
                                models.Q(("reason__in", ["selected", "objection", "kept"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="line_reason_fits_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StageLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "published_id",
                        "result_no",
                        "stage",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("result_no", models.PositiveIntegerField()),
                ("stage", models.CharField(max_length=32)),
                ("score", models.DecimalField()),
                ("criteria", django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField())),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("passed", "passed"),
                            ("below_mark", "below the pass mark"),
                            ("below_line", "below the line"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "published",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="selection.publishedround",
                    ),
                ),
            ],
            options={
                "ordering": ["published", "result_no", "stage"],
                "indexes": [models.Index(fields=["published", "stage", "standing"], name="stage_by_standing")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", ["passed", "below_mark", "below_line"])),
                        name="stage_standing_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("score__gte", 0)), name="stage_score_positive"),
                    models.CheckConstraint(condition=models.Q(("criteria__len__gte", 1)), name="stage_criteria_filled"),
                ],
            },
        ),
    ]
