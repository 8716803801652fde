"""Letters, offers of the waiting list and objections."""

import django.db.models.deletion
import panro.accounts.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """After the course of a round."""

    dependencies = [
        ("accounts", "__first__"),
        ("editions", "0002_guards"),
        ("intake", "0003_promised_papers"),
        ("selection", "0005_course_guards"),
        ("vault", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterCounter",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="editions.edition",
                    ),
                ),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["edition_id"],
            },
        ),
        migrations.CreateModel(
            name="LetterRun",
            fields=[
                (
                    "published",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="letter_run",
                        serialize=False,
                        to="selection.publishedround",
                    ),
                ),
                ("through", models.PositiveIntegerField(default=0)),
                ("issued", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["published_id"],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("result_no", models.PositiveIntegerField()),
                ("text", models.CharField(max_length=4000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("filed", "waits for the office"),
                            ("corrected", "upheld: the requirement review is decided anew"),
                            ("referred", "upheld: another panel judges"),
                            ("judged", "judged, and the result published"),
                            ("dismissed", "dismissed"),
                            ("withdrawn", "taken back"),
                        ],
                        default="filed",
                        max_length=9,
                    ),
                ),
                ("until", models.DateField()),
                ("filed_on", models.DateField()),
                ("filed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=2000)),
                ("decision", models.JSONField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="intake.application",
                    ),
                ),
                (
                    "decided_by",
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
                    "filed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "judged",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="selection.publishedround",
                    ),
                ),
                (
                    "published",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="selection.publishedround",
                    ),
                ),
            ],
            options={
                "ordering": ["filed_at", "id"],
                "indexes": [models.Index(fields=["published", "state", "filed_at", "id"], name="objection_of_round")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("application",),
                        name="objection_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["filed", "corrected", "referred", "judged", "dismissed", "withdrawn"])
                        ),
                        name="objection_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="objection_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("filed_on__lte", models.F("until"))), name="objection_in_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None),
                                ("decided_by", None),
                                ("reason", ""),
                                ("state__in", ["filed", "withdrawn"]),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["corrected", "referred", "judged", "dismissed"]),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="objection_decided_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__isnull", False), ("state", "corrected")),
                            ("state", "judged"),
                            models.Q(
                                ("state__in", ["filed", "withdrawn", "dismissed", "referred"]),
                                ("decision__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="objection_decision_iff_corrected",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("judged__isnull", False), ("state", "judged")),
                            models.Q(models.Q(("state", "judged"), _negated=True), ("judged", None)),
                            _connector="OR",
                        ),
                        name="objection_judged_by_an_addendum",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ObjectionPaper",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="selection.objection",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.paper"
                    ),
                ),
            ],
            options={
                "ordering": ["objection_id", "paper_id"],
                "constraints": [models.UniqueConstraint(fields=("objection", "paper"), name="objection_paper_once")],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("result_no", models.PositiveIntegerField()),
                ("seq", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "waits for an answer"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("expired", "not answered in time"),
                        ],
                        default="offered",
                        max_length=8,
                    ),
                ),
                ("due", models.DateField()),
                ("offered_at", models.DateTimeField()),
                ("offered_by", models.CharField(max_length=100)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answered_by", models.CharField(blank=True, max_length=100)),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="intake.application",
                    ),
                ),
                (
                    "published",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="live_offers",
                        to="selection.publishedround",
                    ),
                ),
            ],
            options={
                "ordering": ["published_id", "seq"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "offered")), fields=["due", "id"], name="offer_open_by_due"
                    ),
                    models.Index(fields=["application"], name="offer_of_application"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("published", "result_no"), name="offer_result_once"),
                    models.UniqueConstraint(fields=("published", "seq"), name="offer_of_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["offered", "accepted", "refused", "expired"])),
                        name="offer_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("offered_by", ""), _negated=True), name="offer_says_who"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("answered_by", ""), ("state", "offered")),
                            models.Q(
                                models.Q(("state", "offered"), _negated=True),
                                ("answered_at__gte", models.F("offered_at")),
                                ("answered_at__isnull", False),
                                models.Q(("answered_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="offer_answered_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("result_no", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(choices=[("result", "result of the selection")], default="result", max_length=8),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("digest", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField()),
                ("issued_on", models.DateField()),
                ("by", models.CharField(max_length=100)),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="intake.application",
                    ),
                ),
                (
                    "approver",
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
                    "drafter",
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
                    "edition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="editions.edition",
                    ),
                ),
                (
                    "published",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="selection.publishedround",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="selection.letter",
                    ),
                ),
            ],
            options={
                "ordering": ["edition_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "number"), name="letter_number_once"),
                    models.UniqueConstraint(fields=("published", "result_no", "kind"), name="letter_line_once"),
                    models.UniqueConstraint(fields=("application", "kind", "version"), name="letter_version_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="letter_number_from_one"),
                    models.CheckConstraint(condition=models.Q(("result_no__gte", 1)), name="letter_result_from_one"),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["result"])), name="letter_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="letter_digest_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaces", None), ("version", 1)),
                            models.Q(("replaces__isnull", False), ("version__gte", 2)),
                            _connector="OR",
                        ),
                        name="letter_replaces_from_two",
                    ),
                    models.CheckConstraint(condition=models.Q(("by", ""), _negated=True), name="letter_says_who"),
                ],
            },
        ),
    ]
