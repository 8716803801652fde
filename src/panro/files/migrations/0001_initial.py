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
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("purpose", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=150)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("type", models.CharField(max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "being checked"),
                            ("clean", "checked"),
                            ("infected", "refused: a virus was found"),
                            ("refused", "refused: not the kind of file asked for"),
                            ("failed", "could not be checked"),
                            ("destroyed", "destroyed"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("key", models.CharField(max_length=120, unique=True)),
                ("created", models.DateTimeField()),
                ("examined", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed", models.DateTimeField(null=True)),
                ("destroyed", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stored_files",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["created", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")), fields=["created", "id"], name="file_pending"
                    ),
                    models.Index(
                        condition=models.Q(("state", "destroyed"), _negated=True),
                        fields=["owner", "purpose"],
                        name="file_of_owner",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["pending", "clean", "infected", "refused", "failed", "destroyed"])
                        ),
                        name="file_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__regex", "^[a-z][a-z0-9_]*$")), name="file_purpose_is_a_word"
                    ),
                    models.CheckConstraint(condition=models.Q(("size__gte", 1)), name="file_not_empty"),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="file_hash_is_a_hash"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), ("state", "destroyed"), _connector="OR"
                        ),
                        name="file_has_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("examined__isnull", False), ("state", "clean")),
                            models.Q(("state", "clean"), _negated=True),
                            _connector="OR",
                        ),
                        name="file_clean_was_examined",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["infected", "refused", "failed"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="file_refusal_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("destroyed__isnull", False), ("state", "destroyed")),
                            models.Q(models.Q(("state", "destroyed"), _negated=True), ("destroyed", None)),
                            _connector="OR",
                        ),
                        name="file_destroyed_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("purpose", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=150)),
                ("size", models.BigIntegerField()),
                ("received", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "arriving"),
                            ("finishing", "being put together"),
                            ("finished", "finished"),
                            ("cancelled", "cancelled"),
                            ("expired", "given up"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("created", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                ("claimed", models.DateTimeField(null=True)),
                (
                    "file",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="upload",
                        to="files.storedfile",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uploads", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["created", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["open", "finishing"])),
                        fields=["owner", "purpose"],
                        name="upload_open",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["open", "finishing"])),
                        fields=["expires"],
                        name="upload_expiring",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "finishing", "finished", "cancelled", "expired"])),
                        name="upload_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__regex", "^[a-z][a-z0-9_]*$")), name="upload_purpose_is_a_word"
                    ),
                    models.CheckConstraint(condition=models.Q(("size__gte", 1)), name="upload_not_empty"),
                    models.CheckConstraint(
                        condition=models.Q(("received__gte", 0), ("received__lte", models.F("size"))),
                        name="upload_within_its_size",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["finishing", "finished"]), _negated=True),
                            ("received", models.F("size")),
                            _connector="OR",
                        ),
                        name="upload_finished_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file__isnull", False), ("state", "finished")),
                            models.Q(models.Q(("state", "finished"), _negated=True), ("file", None)),
                            _connector="OR",
                        ),
                        name="upload_finished_has_a_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "finishing"), _negated=True), ("claimed__isnull", False), _connector="OR"
                        ),
                        name="upload_finishing_is_claimed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires__gt", models.F("created"))), name="upload_expires_later"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("offset", models.BigIntegerField()),
                ("size", models.IntegerField()),
                ("key", models.CharField(max_length=120, unique=True)),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pieces", to="files.upload"
                    ),
                ),
            ],
            options={
                "ordering": ["upload_id", "offset"],
                "constraints": [
                    models.UniqueConstraint(fields=("upload", "offset"), name="piece_one_per_offset"),
                    models.CheckConstraint(
                        condition=models.Q(("offset__gte", 0), ("size__gte", 1)), name="piece_holds_something"
                    ),
                ],
            },
        ),
    ]
