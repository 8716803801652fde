import django.contrib.postgres.fields
import django.db.models.deletion
import panro.accounts.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=32)),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="edition_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$")), name="edition_code_form"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "published"), ("superseded", "superseded")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("document", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("opens", models.DateField()),
                ("closes", models.DateField()),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.JSONField(blank=True, null=True)),
                ("changes", models.JSONField(blank=True, default=list)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="editions.edition"
                    ),
                ),
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
            ],
            options={
                "ordering": ["edition", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "number"), name="version_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")), fields=("edition",), name="version_one_draft"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")), fields=("edition",), name="version_one_current"
                    ),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="version_number_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "published", "superseded"])),
                        name="version_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="version_digest_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opens__lte", models.F("closes"))), name="version_window_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at__isnull", True), ("published_by__isnull", True), ("state", "draft")
                            ),
                            models.Q(models.Q(("state", "draft"), _negated=True), ("published_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="version_published_with_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("number", 1), ("reason__isnull", True)),
                            models.Q(("number__gt", 1), ("reason__isnull", False)),
                            _connector="OR",
                        ),
                        name="version_amended_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=32)),
                ("pillar", models.CharField(max_length=32)),
                ("name_ko", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("summary_ko", models.TextField()),
                ("summary_en", models.TextField()),
                ("pilot", models.BooleanField()),
                ("quota", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("company", "companies"),
                            ("person", "people"),
                            ("place", "places"),
                            ("product", "products"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("ranked", "Ranked by score"),
                            ("gate", "Review against criteria"),
                            ("nomination", "Nomination by the agency"),
                            ("contest", "Open contest"),
                        ],
                        max_length=12,
                    ),
                ),
                ("applicants", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24))),
                ("kinds", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16))),
                ("opens", models.DateField(blank=True, null=True)),
                ("closes", models.DateField(blank=True, null=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="programmes",
                        to="editions.editionversion",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "code"), name="programme_code_once"),
                    models.UniqueConstraint(fields=("version", "position"), name="programme_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$")),
                        name="programme_code_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quota__isnull", True), ("quota__gte", 1), _connector="OR"),
                        name="programme_quota_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ["company", "person", "place", "product"])),
                        name="programme_unit_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("method__in", ["ranked", "gate", "nomination", "contest"])),
                        name="programme_method_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closes__isnull", True), ("opens__isnull", True)),
                            ("opens__lte", models.F("closes")),
                            _connector="OR",
                        ),
                        name="programme_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("applicants__len__gte", 1), ("kinds__len__gte", 1)),
                        name="programme_lists_filled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoundRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=32)),
                ("name_ko", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("opens", models.DateField()),
                ("closes", models.DateField()),
                ("supplement_until", models.DateField()),
                ("results_on", models.DateField()),
                ("objections_until", models.DateField()),
                ("seats", models.PositiveIntegerField(blank=True, null=True)),
                ("until_budget_used", models.BooleanField()),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rounds", to="editions.programmerow"
                    ),
                ),
            ],
            options={
                "ordering": ["programme", "position"],
                "indexes": [models.Index(fields=["closes", "id"], name="round_by_closing")],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "code"), name="round_code_once"),
                    models.UniqueConstraint(fields=("programme", "position"), name="round_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens__lte", models.F("closes")),
                            ("closes__lte", models.F("supplement_until")),
                            ("supplement_until__lte", models.F("results_on")),
                            ("results_on__lte", models.F("objections_until")),
                        ),
                        name="round_days_in_order",
                    ),
                ],
            },
        ),
    ]
