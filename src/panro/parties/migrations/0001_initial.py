import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import panro.accounts.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("business", "Business"),
                            ("organisation", "Organisation"),
                            ("consortium", "Consortium"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "active"), ("closed", "closed")], default="active", max_length=6
                    ),
                ),
                ("created", models.DateTimeField()),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["person", "business", "organisation", "consortium"])),
                        name="party_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "closed"])), name="party_state_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="party_has_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecheckRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=100, unique=True)),
                ("parties", models.PositiveIntegerField()),
                ("started", models.DateTimeField()),
                ("started_by", models.CharField(max_length=100)),
                ("finished", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["started", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="recheck_has_a_key"),
                    models.CheckConstraint(
                        condition=models.Q(("finished", None), ("finished__gte", models.F("started")), _connector="OR"),
                        name="recheck_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("calls", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_number", models.CharField(blank=True, max_length=10)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("owner_consent", "Consent of the owner"),
                            ("paper", "Registration certificate"),
                            ("tax_check", "Check at the National Tax Service"),
                        ],
                        max_length=13,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "being looked at"),
                            ("granted", "granted"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("created", models.DateTimeField()),
                ("decided", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="parties.party"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["created", "id"],
                "indexes": [
                    models.Index(fields=["party", "created", "id"], name="claim_of_party"),
                    models.Index(fields=["business_number", "created"], name="claim_of_number"),
                    models.Index(condition=models.Q(("state", "open")), fields=["created", "id"], name="claim_open"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open"), ("way__in", ["paper", "tax_check"])),
                        fields=("party",),
                        name="claim_one_open_proof",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open"), ("way", "owner_consent")),
                        fields=("party", "user"),
                        name="claim_one_open_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("business_number", ""), ("business_number__regex", "^[0-9]{10}$"), _connector="OR"
                        ),
                        name="claim_number_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["owner_consent", "paper", "tax_check"])), name="claim_way_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "granted", "refused", "withdrawn"])),
                        name="claim_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("evidence__isnull", False), ("way", "paper")),
                            models.Q(models.Q(("way", "paper"), _negated=True), ("evidence", None)),
                            _connector="OR",
                        ),
                        name="claim_by_paper_has_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("way", "paper"), models.Q(("business_number", ""), _negated=True), _connector="OR"
                        ),
                        name="claim_names_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("decided__isnull", False)),
                            _connector="OR",
                        ),
                        name="claim_decided_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="claim_refusal_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["granted", "refused"]), _negated=True),
                            ("way", "tax_check"),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="claim_decided_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("manager", "Manager"), ("staff", "Staff")], max_length=7
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting for an answer"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("revoked", "taken back"),
                            ("expired", "expired"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("answered", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="parties.party"
                    ),
                ),
            ],
            options={
                "ordering": ["created", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")), fields=["expires"], name="invitation_expiring"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("party", "email"),
                        name="invitation_one_pending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "accepted", "declined", "revoked", "expired"])),
                        name="invitation_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "manager", "staff"])), name="invitation_role_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("token_hash__regex", "^[0-9a-f]{64}$")), name="invitation_token_is_a_hash"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="invitation_email_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires__gt", models.F("created"))), name="invitation_expires_later"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered", None), ("state", "pending")),
                            models.Q(models.Q(("state", "pending"), _negated=True), ("answered__isnull", False)),
                            _connector="OR",
                        ),
                        name="invitation_answered_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "declined", "revoked"]), _negated=True),
                            ("answered_by__isnull", False),
                            _connector="OR",
                        ),
                        name="invitation_answered_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("manager", "Manager"), ("staff", "Staff")], max_length=7
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="parties.party"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
                "indexes": [models.Index(fields=["party", "since", "id"], name="membership_of_party")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "party"), name="membership_once"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "manager", "staff"])), name="membership_role_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecheckBatch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("parties", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField())),
                ("numbers", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10))),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("asking", "being asked"),
                            ("done", "answered"),
                            ("failed", "given up"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due", models.DateTimeField()),
                ("claimed", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="parties.recheckrun"
                    ),
                ),
            ],
            options={
                "ordering": ["run_id", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "asking"])),
                        fields=["due", "id"],
                        name="recheck_batch_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="recheck_batch_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "asking", "done", "failed"])),
                        name="recheck_batch_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("numbers__len", models.F("parties__len")), ("parties__len__gte", 1)),
                        name="recheck_batch_side_by_side",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed__isnull", False), ("state", "asking")),
                            models.Q(models.Q(("state", "asking"), _negated=True), ("claimed", None)),
                            _connector="OR",
                        ),
                        name="recheck_batch_asking_claimed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="recheck_batch_failed_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Business",
            fields=[
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="business",
                        serialize=False,
                        to="parties.party",
                    ),
                ),
                ("business_number", models.CharField(max_length=10)),
                ("corporate_number", models.CharField(blank=True, max_length=13)),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("sole", "Sole proprietor"),
                            ("corporation", "Company"),
                            ("cooperative", "Cooperative of small merchants"),
                        ],
                        max_length=11,
                    ),
                ),
                ("representative", models.CharField(max_length=100)),
                ("opened_on", models.DateField()),
                ("address", models.CharField(max_length=300)),
                ("region", models.CharField(max_length=2)),
                ("phone", models.CharField(max_length=11)),
                ("mail_order_number", models.CharField(blank=True, max_length=40)),
                (
                    "mail_order_exemption",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("simplified_taxpayer", "Simplified taxpayer, who need not report"),
                            ("few_deals", "Fewer than 50 sales a year"),
                            ("not_yet_selling", "Not selling online yet"),
                        ],
                        max_length=20,
                    ),
                ),
                ("industry", models.CharField(blank=True, max_length=5)),
                ("industry_revision", models.CharField(blank=True, max_length=2)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("unverified", "not verified yet"),
                            ("verified", "verified"),
                            ("disputed", "verified, but disputed"),
                        ],
                        default="unverified",
                        max_length=10,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["party_id"],
                "indexes": [models.Index(fields=["business_number"], name="business_by_number")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("standing__in", ("verified", "disputed"))),
                        fields=("business_number",),
                        name="business_number_held_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("business_number__regex", "^[0-9]{10}$"),
                            models.Q(("business_number", "0000000000"), _negated=True),
                        ),
                        name="business_number_is_ten_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corporate_number", ""), ("corporate_number__regex", "^[0-9]{13}$"), _connector="OR"
                        ),
                        name="business_corporate_13_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("form", "sole"), _negated=True), ("corporate_number", ""), _connector="OR"
                        ),
                        name="business_sole_has_no_corporate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["sole", "corporation", "cooperative"])),
                        name="business_form_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", ["unverified", "verified", "disputed"])),
                        name="business_standing_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("representative", ""), _negated=True), name="business_has_a_representative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("region__regex", "^[0-9]{2}$")), name="business_region_is_a_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phone", ""), ("phone__regex", "^0[0-9]{8,10}$"), _connector="OR"),
                        name="business_phone_is_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mail_order_number", ""), ("mail_order_exemption", ""), _connector="OR"),
                        name="business_mail_order_number_or_not",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mail_order_number", ""),
                            ("mail_order_number__regex", "^[0-9]{4}-[가-힣]+-[0-9]{4,6}$"),
                            _connector="OR",
                        ),
                        name="business_mail_order_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mail_order_exemption__in", ["", "simplified_taxpayer", "few_deals", "not_yet_selling"])
                        ),
                        name="business_exemption_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("industry", ""), ("industry_revision", "")),
                            models.Q(
                                ("industry__regex", "^[0-9]{2,5}$"), models.Q(("industry_revision", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="business_industry_has_revision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consortium",
            fields=[
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="consortium",
                        serialize=False,
                        to="parties.party",
                    ),
                ),
                ("purpose", models.CharField(max_length=2000)),
                ("text", models.TextField()),
                ("text_hash", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("forming", "waiting for signatures"), ("formed", "signed by all")],
                        default="forming",
                        max_length=7,
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="led_consortia", to="parties.party"
                    ),
                ),
            ],
            options={
                "ordering": ["party_id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["forming", "formed"])), name="consortium_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_hash__regex", "^[0-9a-f]{64}$")), name="consortium_text_is_a_hash"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose", ""), _negated=True), name="consortium_has_a_purpose"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="organisation",
                        serialize=False,
                        to="parties.party",
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("private", "Private organisation"),
                            ("public_body", "Public body"),
                            ("local_government", "Local government"),
                        ],
                        max_length=16,
                    ),
                ),
                ("business_number", models.CharField(blank=True, max_length=10)),
                ("representative", models.CharField(max_length=100)),
                ("region", models.CharField(max_length=2)),
                ("address", models.CharField(max_length=300)),
                ("phone", models.CharField(max_length=11)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("unverified", "not verified yet"),
                            ("verified", "verified"),
                            ("disputed", "verified, but disputed"),
                        ],
                        default="unverified",
                        max_length=10,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["party_id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("business_number", ""), _negated=True),
                        fields=["business_number"],
                        name="organisation_by_number",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("standing__in", ("verified", "disputed")), models.Q(("business_number", ""), _negated=True)
                        ),
                        fields=("business_number",),
                        name="organisation_number_held_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("business_number", ""),
                            models.Q(
                                ("business_number__regex", "^[0-9]{10}$"),
                                models.Q(("business_number", "0000000000"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="organisation_number_is_10_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["private", "public_body", "local_government"])),
                        name="organisation_form_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", ["unverified", "verified", "disputed"])),
                        name="organisation_standing_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("representative", ""), _negated=True),
                        name="organisation_has_representative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("region__regex", "^[0-9]{2}$")), name="organisation_region_is_a_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phone", ""), ("phone__regex", "^0[0-9]{8,10}$"), _connector="OR"),
                        name="organisation_phone_is_digits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="person",
                        serialize=False,
                        to="parties.party",
                    ),
                ),
                ("birth_year", models.PositiveSmallIntegerField(null=True)),
                ("region", models.CharField(blank=True, max_length=2)),
                ("phone", models.CharField(blank=True, max_length=11)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="person", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["party_id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("birth_year", None),
                            models.Q(("birth_year__gte", 1900), ("birth_year__lte", 2100)),
                            _connector="OR",
                        ),
                        name="person_birth_year_possible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("region", ""), ("region__regex", "^[0-9]{2}$"), _connector="OR"),
                        name="person_region_is_a_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phone", ""), ("phone__regex", "^0[0-9]{8,10}$"), _connector="OR"),
                        name="person_phone_is_digits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuthenticityCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_number", models.CharField(max_length=10)),
                ("representative", models.CharField(max_length=100)),
                ("opened_on", models.DateField()),
                ("matched", models.BooleanField()),
                ("asked_at", models.DateTimeField()),
                ("raw_hash", models.CharField(max_length=64)),
                (
                    "claim",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="authenticity", to="parties.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("business_number__regex", "^[0-9]{10}$")), name="authenticity_number_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("raw_hash__regex", "^[0-9a-f]{64}$")), name="authenticity_raw_is_a_hash"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("status", "status"), ("authenticity", "authenticity")], max_length=12),
                ),
                ("asked_by", models.CharField(max_length=100)),
                ("created", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("asking", "being asked"),
                            ("done", "answered"),
                            ("failed", "given up"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due", models.DateTimeField()),
                ("claimed", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="check_requests", to="parties.party"
                    ),
                ),
                (
                    "claim",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="request",
                        to="parties.claim",
                    ),
                ),
            ],
            options={
                "ordering": ["created", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "asking"])),
                        fields=["due", "id"],
                        name="check_request_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "status"), ("state__in", ["waiting", "asking"])),
                        fields=("party", "kind"),
                        name="check_request_one_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["status", "authenticity"])), name="check_request_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "asking", "done", "failed"])),
                        name="check_request_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claim__isnull", False), ("kind", "authenticity")),
                            models.Q(("claim", None), ("kind", "status")),
                            _connector="OR",
                        ),
                        name="check_request_claim_authentic",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed__isnull", False), ("state", "asking")),
                            models.Q(models.Q(("state", "asking"), _negated=True), ("claimed", None)),
                            _connector="OR",
                        ),
                        name="check_request_asking_claimed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="check_request_failed_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsortiumMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("role", models.CharField(choices=[("lead", "Lead"), ("member", "Member")], max_length=6)),
                ("duty", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[("invited", "not signed yet"), ("signed", "signed"), ("declined", "declined")],
                        default="invited",
                        max_length=8,
                    ),
                ),
                ("signed_at", models.DateTimeField(null=True)),
                ("text_hash", models.CharField(blank=True, max_length=64)),
                ("added", models.DateTimeField()),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consortium_members",
                        to="parties.party",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consortium",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="parties.consortium"
                    ),
                ),
            ],
            options={
                "ordering": ["added", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("consortium", "party"), name="consortium_member_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "lead")), fields=("consortium",), name="consortium_has_one_lead"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["lead", "member"])), name="consortium_role_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["invited", "signed", "declined"])),
                        name="consortium_signature_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("duty", ""), _negated=True), name="consortium_member_has_a_duty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("signed_at__isnull", False),
                                ("signed_by__isnull", False),
                                ("state", "signed"),
                                ("text_hash__regex", "^[0-9a-f]{64}$"),
                            ),
                            models.Q(
                                models.Q(("state", "signed"), _negated=True),
                                ("signed_at", None),
                                ("signed_by", None),
                                ("text_hash", ""),
                            ),
                            _connector="OR",
                        ),
                        name="consortium_signature_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.CharField(max_length=1000)),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("answered", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "being decided"),
                            ("for_claimant", "decided for the claimant"),
                            ("for_holder", "decided for the holder"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("created", models.DateTimeField()),
                ("decided", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="parties.claim"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="parties.party"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["created", "id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["created", "id"], name="dispute_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("claim",), name="dispute_one_open_per_claim"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "for_claimant", "for_holder", "withdrawn"])),
                        name="dispute_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered", None), ("answered_by", None)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="dispute_answer_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("decided__isnull", False)),
                            _connector="OR",
                        ),
                        name="dispute_decided_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["for_claimant", "for_holder"]), _negated=True),
                            models.Q(("decided_by__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="dispute_decision_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_number", models.CharField(max_length=10)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "in business"),
                            ("suspended", "business suspended"),
                            ("closed", "business closed"),
                            ("unregistered", "not registered"),
                        ],
                        max_length=12,
                    ),
                ),
                ("ended_on", models.DateField(null=True)),
                ("tax_type", models.CharField(blank=True, max_length=2)),
                ("tax_type_text", models.CharField(blank=True, max_length=100)),
                ("asked_at", models.DateTimeField()),
                ("source", models.CharField(default="nts", max_length=20)),
                ("raw_hash", models.CharField(max_length=64)),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="parties.recheckbatch",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="status_checks", to="parties.party"
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
                "indexes": [models.Index(fields=["party", "-asked_at", "-id"], name="status_check_of_party")],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "party"), name="status_check_once_per_batch"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "suspended", "closed", "unregistered"])),
                        name="status_check_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("business_number__regex", "^[0-9]{10}$")), name="status_check_number_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("raw_hash__regex", "^[0-9a-f]{64}$")), name="status_check_raw_is_a_hash"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_on", None), ("status", "closed"), _connector="OR"),
                        name="status_check_only_closed_end",
                    ),
                ],
            },
        ),
    ]
