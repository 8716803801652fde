import django.db.models.deletion
import panro.accounts.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("catalog", "0001_initial"),
        ("editions", "0002_guards"),
        ("parties", "0001_initial"),
        ("vault", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pool",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("programme", models.CharField(max_length=32)),
                ("round_code", models.CharField(max_length=32)),
                ("issued", models.PositiveIntegerField(default=0)),
                ("frozen_at", models.DateTimeField(blank=True, null=True)),
                ("count", models.PositiveIntegerField(blank=True, null=True)),
                ("root", models.CharField(blank=True, max_length=64)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="editions.edition"
                    ),
                ),
            ],
            options={
                "ordering": ["edition_id", "programme", "round_code"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "programme", "round_code"), name="pool_one_per_round"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("programme__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                            ("round_code__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                        ),
                        name="pool_codes_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("count", None), ("frozen_at", None), ("root", "")),
                            models.Q(
                                ("count__isnull", False),
                                ("frozen_at__isnull", False),
                                ("root__regex", "^[0-9a-f]{64}$"),
                            ),
                            _connector="OR",
                        ),
                        name="pool_frozen_with_count_and_root",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("count", None), ("count__lte", models.F("issued")), _connector="OR"),
                        name="pool_of_issued",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("programme", models.CharField(max_length=32)),
                ("round_code", models.CharField(max_length=32)),
                ("until", models.DateField()),
                ("reason", models.CharField(max_length=1000)),
                ("given_at", models.DateTimeField()),
                (
                    "edition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="editions.edition",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
            ],
            options={
                "ordering": ["party_id", "given_at", "id"],
                "indexes": [
                    models.Index(fields=["edition", "programme", "round_code", "until"], name="extension_of_round")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("party", "edition", "programme", "round_code", "until"), name="extension_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("programme__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                            ("round_code__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                        ),
                        name="extension_codes_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="extension_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Nomination",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("programme", models.CharField(max_length=32)),
                ("round_code", models.CharField(max_length=32)),
                ("reason", models.CharField(max_length=1000)),
                ("named_at", models.DateTimeField()),
                ("named_on", models.DateField()),
                (
                    "edition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="editions.edition",
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
            ],
            options={
                "ordering": ["party_id", "named_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("party", "edition", "programme", "round_code"), name="nomination_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("programme__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                            ("round_code__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                        ),
                        name="nomination_codes_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="nomination_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("programme", models.CharField(max_length=32)),
                ("round_code", models.CharField(max_length=32)),
                ("track", models.CharField(blank=True, max_length=32)),
                ("applicant_type", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being written"),
                            ("missed", "not submitted in time"),
                            ("submitted", "submitted"),
                            ("supplementing", "to be completed"),
                            ("closed", "under review"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=13,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("answers", models.JSONField(blank=True, default=dict)),
                ("changed", models.JSONField(blank=True, default=dict)),
                ("declared", models.JSONField(blank=True, default=dict)),
                ("closes", models.DateField()),
                ("created", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("submitted_on", models.DateField(blank=True, null=True)),
                ("applicant", models.CharField(blank=True, max_length=64)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_why", models.CharField(blank=True, max_length=1000)),
                ("replaced", models.BooleanField(default=False)),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.application",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="editions.edition",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="parties.party",
                    ),
                ),
                (
                    "submitted_by",
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
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="editions.editionversion",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="intake.pool",
                    ),
                ),
            ],
            options={
                "verbose_name": "application",
                "ordering": ["-created", "-id"],
                "indexes": [
                    models.Index(fields=["party", "-created", "-id"], name="application_of_party"),
                    models.Index(
                        condition=models.Q(("state", "draft")),
                        fields=["closes", "id"],
                        name="application_draft_by_closing",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("replaced", False), ("state__in", ["closed", "submitted", "supplementing", "withdrawn"])
                        ),
                        fields=["edition", "programme", "round_code", "id"],
                        name="application_of_round",
                    ),
                    models.Index(
                        condition=models.Q(("pool__isnull", False)), fields=["pool", "id"], name="application_in_pool"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("party", "edition", "programme", "round_code"),
                        name="application_one_draft",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["closed", "submitted", "supplementing"])),
                        fields=("party", "edition", "programme", "round_code"),
                        name="application_one_live",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("replaced", False), ("state__in", ["closed", "submitted", "supplementing", "withdrawn"])
                        ),
                        fields=("edition", "programme", "round_code", "applicant"),
                        name="application_one_per_applicant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "missed", "submitted", "supplementing", "closed", "withdrawn"])
                        ),
                        name="application_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("revision__gte", 1)), name="application_revision_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("programme__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                            ("round_code__regex", "^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"),
                            ("applicant_type__regex", "^[a-z][a-z0-9_]*$"),
                        ),
                        name="application_codes_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("applicant", ""),
                                ("replaced", False),
                                ("state__in", ["draft", "missed"]),
                                ("submitted_at", None),
                                ("submitted_by", None),
                                ("submitted_on", None),
                            ),
                            models.Q(
                                ("state__in", ["closed", "submitted", "supplementing", "withdrawn"]),
                                ("submitted_at__isnull", False),
                                ("submitted_by__isnull", False),
                                ("submitted_on__isnull", False),
                                models.Q(("applicant", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="application_handed_in_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                            models.Q(
                                models.Q(("state", "withdrawn"), _negated=True),
                                ("replaced", False),
                                ("withdrawn_at", None),
                                ("withdrawn_why", ""),
                            ),
                            _connector="OR",
                        ),
                        name="application_withdrawn_with_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("pool", None),
                                ("state__in", ["draft", "missed", "submitted", "supplementing", "withdrawn"]),
                            ),
                            models.Q(("pool__isnull", False), ("state__in", ["supplementing", "closed", "withdrawn"])),
                            _connector="OR",
                        ),
                        name="application_closed_in_a_pool",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_on", None), ("submitted_on__lte", models.F("closes")), _connector="OR"
                        ),
                        name="application_in_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("document", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("taken_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshots",
                        to="intake.application",
                    ),
                ),
            ],
            options={
                "ordering": ["application_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="snapshot_number_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="snapshot_number_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="snapshot_digest_form"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Supplement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waiting for the applicant"),
                            ("answered", "answered"),
                            ("expired", "not answered in time"),
                            ("dropped", "no longer needed"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("due", models.DateField()),
                ("clock_stopped", models.DateTimeField()),
                ("clock_started", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplements",
                        to="intake.application",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["application_id", "clock_stopped", "id"],
                "indexes": [
                    models.Index(fields=["application", "clock_stopped"], name="supplement_of_application"),
                    models.Index(
                        condition=models.Q(("state", "asked")), fields=["due", "id"], name="supplement_by_due"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")), fields=("application",), name="supplement_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "answered", "expired", "dropped"])),
                        name="supplement_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("clock_started", None), ("state", "asked")),
                            models.Q(models.Q(("state", "asked"), _negated=True), ("clock_started__isnull", False)),
                            _connector="OR",
                        ),
                        name="supplement_clock_stands_while_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("clock_started", None), ("clock_started__gte", models.F("clock_stopped")), _connector="OR"
                        ),
                        name="supplement_clock_goes_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChosenPaper",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=32)),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="papers",
                        to="intake.application",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.paper"),
                ),
            ],
            options={
                "ordering": ["application_id", "code", "paper_id"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "code", "paper"), name="chosen_paper_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]*$")), name="chosen_paper_code_form"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChosenProduct",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="products",
                        to="intake.application",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
                    ),
                ),
            ],
            options={
                "ordering": ["application_id", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "product"), name="chosen_product_once"),
                    models.UniqueConstraint(fields=("application", "position"), name="chosen_product_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("step", models.CharField(max_length=32)),
                ("done_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="intake.application",
                    ),
                ),
            ],
            options={
                "ordering": ["application_id", "done_at", "step"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "step"), name="draft_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(("step__regex", "^[a-z][a-z0-9_]*$")), name="draft_step_form"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "snapshot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="receipt",
                        serialize=False,
                        to="intake.snapshot",
                    ),
                ),
                ("receipt_no", models.CharField(max_length=110)),
                ("salt", models.CharField(max_length=64)),
                ("payload", models.TextField()),
                ("commitment", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField()),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipt", to="intake.application"
                    ),
                ),
            ],
            options={
                "ordering": ["issued_at", "receipt_no"],
                "constraints": [
                    models.UniqueConstraint(fields=("receipt_no",), name="receipt_no_once"),
                    models.UniqueConstraint(fields=("commitment",), name="receipt_commitment_once"),
                    models.CheckConstraint(
                        condition=models.Q(("salt__regex", "^[0-9a-f]{64}$"), ("commitment__regex", "^[0-9a-f]{64}$")),
                        name="receipt_hashes_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplementItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(choices=[("document", "document"), ("question", "question")], max_length=8)),
                ("code", models.CharField(max_length=60)),
                ("why", models.CharField(max_length=1000)),
                ("value", models.JSONField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
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
                    "paper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vault.paper",
                    ),
                ),
                (
                    "supplement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="intake.supplement",
                    ),
                ),
            ],
            options={
                "ordering": ["supplement_id", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("supplement", "kind", "code"), name="supplement_item_once"),
                    models.UniqueConstraint(fields=("supplement", "position"), name="supplement_item_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["document", "question"])), name="supplement_item_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]*$"), models.Q(("why", ""), _negated=True)),
                        name="supplement_item_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at", None), ("answered_by", None), ("paper", None), ("value__isnull", True)
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("kind", "document"),
                                ("paper__isnull", False),
                                ("value__isnull", True),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("kind", "question"),
                                ("paper", None),
                                ("value__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="supplement_item_answered_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "receipt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="place",
                        serialize=False,
                        to="intake.receipt",
                    ),
                ),
                ("result_no", models.PositiveIntegerField()),
                (
                    "pool",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="intake.pool",
                    ),
                ),
            ],
            options={
                "ordering": ["pool_id", "result_no"],
                "constraints": [
                    models.UniqueConstraint(fields=("pool", "result_no"), name="place_number_once"),
                    models.CheckConstraint(condition=models.Q(("result_no__gte", 1)), name="place_number_from_one"),
                ],
            },
        ),
    ]
