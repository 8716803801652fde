import django.db.models.deletion
import panro.accounts.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                (
                    "channel",
                    models.CharField(
                        choices=[("inbox", "inbox"), ("email", "e-mail"), ("phone", "telephone")], max_length=5
                    ),
                ),
                ("template", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(choices=[("notice", "notice"), ("advertising", "advertising")], max_length=11),
                ),
                ("language", models.CharField(choices=[("ko", "한국어"), ("en", "English")], max_length=2)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("subject", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("alimtalk", models.JSONField(blank=True, default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("held", "waiting for the daily summary"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("unknown", "sent or not: being asked"),
                            ("failed", "could not be sent"),
                            ("bundled", "part of a daily summary"),
                            ("withdrawn", "not sent, because consent was withdrawn"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("created", models.DateTimeField()),
                ("due", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed", models.DateTimeField(null=True)),
                ("sent", models.DateTimeField(null=True)),
                ("read", models.DateTimeField(null=True)),
                ("provider_group", models.CharField(blank=True, max_length=64)),
                ("provider_message", models.CharField(blank=True, max_length=64)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "digest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="bundled",
                        to="notify.message",
                    ),
                ),
            ],
            options={
                "ordering": ["created", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")), fields=["channel", "due", "id"], name="message_due"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["sending", "unknown"])),
                        fields=["state", "claimed"],
                        name="message_open",
                    ),
                    models.Index(
                        condition=models.Q(("channel", "inbox")),
                        fields=["account", "-created", "-id"],
                        name="message_inbox",
                    ),
                    models.Index(
                        condition=models.Q(("channel", "inbox"), ("read", None)),
                        fields=["account"],
                        name="message_unread",
                    ),
                    models.Index(condition=models.Q(("state", "held")), fields=["account", "id"], name="message_held"),
                    models.Index(
                        condition=models.Q(("state", "failed")), fields=["-created", "-id"], name="message_dead"
                    ),
                    models.Index(
                        condition=models.Q(("provider_message", ""), _negated=True),
                        fields=["provider_message"],
                        name="message_at_provider",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("key", "channel"), name="message_once_per_key_and_channel"),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="message_key_not_empty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["inbox", "email", "phone"])), name="message_channel_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "queued",
                                    "held",
                                    "sending",
                                    "sent",
                                    "delivered",
                                    "unknown",
                                    "failed",
                                    "bundled",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="message_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["notice", "advertising"])), name="message_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("account__isnull", False), ("address", ""), ("channel", "inbox")),
                            models.Q(
                                models.Q(("channel", "inbox"), _negated=True), models.Q(("address", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="message_has_where_to_go",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "inbox"), _negated=True), ("state", "sent"), _connector="OR"
                        ),
                        name="message_inbox_is_there_at_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("read", None), ("channel", "inbox"), _connector="OR"),
                        name="message_read_in_inbox_only",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent__isnull", False), ("state__in", ["sent", "delivered"])),
                            models.Q(("state__in", ["sent", "delivered"]), _negated=True),
                            _connector="OR",
                        ),
                        name="message_sent_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sending", "unknown"]), _negated=True),
                            ("claimed__isnull", False),
                            _connector="OR",
                        ),
                        name="message_sending_is_claimed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="message_failed_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest__isnull", False), ("state", "bundled")),
                            models.Q(models.Q(("state", "bundled"), _negated=True), ("digest", None)),
                            _connector="OR",
                        ),
                        name="message_bundled_names_its_digest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True), ("channel", "email"), _connector="OR"
                        ),
                        name="message_held_is_mail",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due__gte", models.F("created"))), name="message_due_after_created"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="notify_preference",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "language",
                    models.CharField(choices=[("ko", "한국어"), ("en", "English")], default="ko", max_length=2),
                ),
                ("phone", models.CharField(blank=True, max_length=11)),
                ("by_email", models.BooleanField(default=True)),
                ("by_phone", models.BooleanField(default=True)),
                ("daily", models.BooleanField(default=False)),
                ("advertising_email_since", models.DateTimeField(blank=True, null=True)),
                ("advertising_phone_since", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["ko", "en"])), name="preference_language_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phone", ""), ("phone__regex", "^0[0-9]{8,10}$"), _connector="OR"),
                        name="preference_phone_is_korean",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("phone", ""), _negated=True), ("advertising_phone_since", None), _connector="OR"
                        ),
                        name="preference_advertising_needs_phone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("event", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("status", models.CharField(max_length=16)),
                ("received", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="notify.message"
                    ),
                ),
            ],
            options={
                "ordering": ["received", "event"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("event", ""), _negated=True), name="report_event_not_empty"
                    )
                ],
            },
        ),
    ]
