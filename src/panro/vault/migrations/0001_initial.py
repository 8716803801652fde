import django.db.models.deletion
import panro.accounts.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("files", "0001_initial"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=64)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("document_number", models.CharField(blank=True, max_length=19)),
                ("issued_on", models.DateField(null=True)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("arriving", "file being checked"),
                            ("unread", "handed in"),
                            ("verified", "verified"),
                            ("rejected", "not accepted"),
                            ("replaced", "replaced by a newer one"),
                            ("destroyed", "removed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("handed_in_on", models.DateField()),
                ("added_at", models.DateTimeField()),
                (
                    "verified_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("document_number", "document check number at Government24"),
                            ("issuer", "asked at the issuer"),
                            ("issue_number", "issue number looked up at the issuer's site"),
                            ("original", "the original was seen"),
                            ("read", "read and found plausible"),
                        ],
                        max_length=15,
                    ),
                ),
                ("verified_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="files.storedfile",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="parties.party"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="vault.paper",
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-added_at", "-id"],
                "indexes": [
                    models.Index(fields=["party", "-added_at", "-id"], name="paper_of_party"),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["arriving", "unread", "verified"]), ("valid_to__isnull", False)
                        ),
                        fields=["valid_to"],
                        name="paper_expiring",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("file__isnull", False)),
                        fields=("party", "kind", "file"),
                        name="paper_file_once_per_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["arriving", "unread", "verified", "rejected", "replaced", "destroyed"])
                        ),
                        name="paper_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__regex", "^[a-z][a-z0-9_]*$")), name="paper_kind_is_a_word"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("document_number", ""),
                            ("document_number__regex", "^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{4}$"),
                            _connector="OR",
                        ),
                        name="paper_document_number_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None),
                            ("valid_to", None),
                            ("valid_from__lte", models.F("valid_to")),
                            _connector="OR",
                        ),
                        name="paper_validity_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_on", None),
                            ("valid_to", None),
                            ("issued_on__lte", models.F("valid_to")),
                            _connector="OR",
                        ),
                        name="paper_issued_before_its_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_on", None), ("issued_on__lte", models.F("handed_in_on")), _connector="OR"
                        ),
                        name="paper_issued_before_given",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "arriving"), _negated=True), ("file__isnull", False), _connector="OR"
                        ),
                        name="paper_arriving_has_a_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_at", None), ("verified_by", None), ("verified_how", "")),
                            models.Q(
                                ("verified_at__isnull", False),
                                ("verified_by__isnull", False),
                                models.Q(("verified_how", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="paper_verified_by_whom_and_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "verified"), _negated=True),
                            ("verified_at__isnull", False),
                            _connector="OR",
                        ),
                        name="paper_verified_was_verified",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verified_how", ""),
                            ("verified_how__in", ["document_number", "issuer", "issue_number", "original", "read"]),
                            _connector="OR",
                        ),
                        name="paper_verified_how_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["rejected", "destroyed"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="paper_refusal_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "destroyed"), _negated=True),
                            models.Q(("document_number", ""), ("number", "")),
                            _connector="OR",
                        ),
                        name="paper_destroyed_is_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replaces", models.F("id")), _negated=True), name="paper_replaces_another"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days_before", models.PositiveSmallIntegerField()),
                ("announced_at", models.DateTimeField()),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="announcements", to="vault.paper"
                    ),
                ),
            ],
            options={
                "ordering": ["paper_id", "-days_before"],
                "constraints": [models.UniqueConstraint(fields=("paper", "days_before"), name="announcement_once")],
            },
        ),
        migrations.CreateModel(
            name="StoredFact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("value", models.JSONField(null=True)),
                ("as_of", models.DateField()),
                ("source", models.CharField(max_length=64)),
                ("looked_up", models.BooleanField(default=False)),
                ("known_from", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_on", models.DateField(null=True)),
                (
                    "paper",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="vault.paper"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="parties.party"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["party_id", "key", "-as_of", "-recorded_at", "-id"],
                "indexes": [
                    models.Index(fields=["party", "key", "-as_of", "-recorded_at", "-id"], name="fact_of_party")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z][a-z0-9_]*$"), ("source__regex", "^[a-z][a-z0-9_]*$")),
                        name="fact_says_what_and_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("as_of__lte", models.F("known_from"))), name="fact_not_from_the_future"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("looked_up", False),
                            models.Q(("known_from", models.F("as_of")), ("paper", None)),
                            _connector="OR",
                        ),
                        name="fact_looked_up_on_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_by", None), ("withdrawn_on", None)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_on__gte", models.F("known_from"))),
                            _connector="OR",
                        ),
                        name="fact_withdrawn_after_it_came",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("programme", models.CharField(max_length=64)),
                ("purpose", models.CharField(max_length=64)),
                ("recipient", models.CharField(max_length=120)),
                ("items", models.JSONField()),
                ("terms_digest", models.CharField(max_length=64)),
                ("given_at", models.DateTimeField()),
                ("given_on", models.DateField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_on", models.DateField(null=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="parties.party"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["programme", "purpose", "recipient", "given_at", "id"],
                "indexes": [models.Index(fields=["party", "-given_at", "-id"], name="consent_of_party")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("party", "programme", "purpose", "recipient"),
                        name="consent_given_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("programme__regex", "^[0-9A-Za-z._-]+/[0-9A-Za-z._-]+$")),
                        name="consent_programme_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("purpose__regex", "^[a-z][a-z0-9_]*$"), models.Q(("recipient", ""), _negated=True)
                        ),
                        name="consent_says_what_for",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("terms_digest__regex", "^[0-9a-f]{64}$")), name="consent_terms_are_hashed"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_by", None), ("withdrawn_on", None)),
                            models.Q(
                                ("withdrawn_at__gte", models.F("given_at")),
                                ("withdrawn_by__isnull", False),
                                ("withdrawn_on__gte", models.F("given_on")),
                            ),
                            _connector="OR",
                        ),
                        name="consent_withdrawn_after_given",
                    ),
                ],
            },
        ),
    ]
