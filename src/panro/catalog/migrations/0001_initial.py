import django.db.models.constraints
import django.db.models.deletion
import panro.accounts.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("files", "0001_initial"),
        ("parties", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=100)),
                ("category", models.CharField(blank=True, max_length=60)),
                ("brand", models.CharField(blank=True, max_length=60)),
                ("spec", models.CharField(blank=True, max_length=200)),
                ("barcode", models.CharField(blank=True, max_length=14)),
                ("list_price", models.BigIntegerField(blank=True, null=True)),
                ("sale_price", models.BigIntegerField(blank=True, null=True)),
                ("supply_price", models.BigIntegerField(blank=True, null=True)),
                ("reference_price", models.BigIntegerField(blank=True, null=True)),
                ("reference_at", models.CharField(blank=True, max_length=200)),
                ("shipping_fee", models.BigIntegerField(blank=True, null=True)),
                ("origin", models.CharField(blank=True, max_length=2)),
                ("origin_note", models.CharField(blank=True, max_length=200)),
                ("maker", models.CharField(blank=True, max_length=100)),
                ("maker_size", models.CharField(blank=True, max_length=6)),
                ("made_by", models.CharField(blank=True, max_length=5)),
                ("description", models.TextField(blank=True)),
                ("detail_page", models.CharField(blank=True, max_length=500)),
                ("video", models.CharField(blank=True, max_length=500)),
                ("storage", models.CharField(blank=True, max_length=200)),
                ("monthly_capacity", models.IntegerField(blank=True, null=True)),
                ("sold_at", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "being written"), ("ready", "complete"), ("retired", "put away")],
                        default="draft",
                        max_length=7,
                    ),
                ),
                ("completeness", models.SmallIntegerField(default=0)),
                ("revision", models.IntegerField(default=1)),
                ("changed", models.JSONField(default=dict)),
                ("created", models.DateTimeField()),
                ("saved", models.DateTimeField()),
                ("retired", models.DateTimeField(null=True)),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="products", to="parties.party"
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-saved", "-id"],
                "indexes": [models.Index(fields=["party", "-saved", "-id"], name="product_of_party")],
                "constraints": [
                    models.UniqueConstraint(fields=("party", "code"), name="product_code_once_per_party"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9A-Za-z][0-9A-Za-z_-]*$")), name="product_code_is_plain"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="product_has_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "ready", "retired"])), name="product_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("category", ""), ("category__regex", "^[a-z][a-z0-9_]*$"), _connector="OR"),
                        name="product_category_a_word",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("barcode", ""), ("barcode__regex", "^([0-9]{8}|[0-9]{12,14})$"), _connector="OR"
                        ),
                        name="product_barcode_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin", ""), ("origin__regex", "^[A-Z]{2}$"), _connector="OR"),
                        name="product_origin_a_country",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("maker_size__in", ["", "small", "medium", "large"])),
                        name="product_maker_size_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_by__in", ["", "self", "oem", "other"])), name="product_making_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("list_price", None),
                            models.Q(("list_price__gte", 0), ("list_price__lte", 1000000000)),
                            _connector="OR",
                        ),
                        name="product_list_price_in_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sale_price", None),
                            models.Q(("sale_price__gte", 0), ("sale_price__lte", 1000000000)),
                            _connector="OR",
                        ),
                        name="product_sale_price_in_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("supply_price", None),
                            models.Q(("supply_price__gte", 0), ("supply_price__lte", 1000000000)),
                            _connector="OR",
                        ),
                        name="product_supply_price_in_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reference_price", None),
                            models.Q(("reference_price__gte", 0), ("reference_price__lte", 1000000000)),
                            _connector="OR",
                        ),
                        name="product_reference_price_in_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shipping_fee", None),
                            models.Q(("shipping_fee__gte", 0), ("shipping_fee__lte", 1000000000)),
                            _connector="OR",
                        ),
                        name="product_shipping_fee_in_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("list_price", None),
                            ("sale_price", None),
                            ("sale_price__lte", models.F("list_price")),
                            _connector="OR",
                        ),
                        name="product_sale_not_above_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sale_price", None),
                            ("supply_price", None),
                            ("supply_price__lte", models.F("sale_price")),
                            _connector="OR",
                        ),
                        name="product_supply_not_above_sale",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("monthly_capacity", None),
                            models.Q(("monthly_capacity__gte", 0), ("monthly_capacity__lte", 10000000)),
                            _connector="OR",
                        ),
                        name="product_capacity_in_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("completeness__gte", 0), ("completeness__lte", 100)),
                        name="product_completeness_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True), ("completeness", 100), _connector="OR"
                        ),
                        name="product_ready_is_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retired__isnull", False), ("state", "retired")),
                            models.Q(models.Q(("state", "retired"), _negated=True), ("retired", None)),
                            _connector="OR",
                        ),
                        name="product_retired_has_a_time",
                    ),
                    models.CheckConstraint(condition=models.Q(("revision__gte", 1)), name="product_revision_from_1"),
                    models.CheckConstraint(
                        condition=models.Q(("saved__gte", models.F("created"))), name="product_saved_after_made"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductCounter",
            fields=[
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="parties.party",
                    ),
                ),
                ("last", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="picture",
                        serialize=False,
                        to="files.storedfile",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("arriving", "being prepared"), ("ready", "ready"), ("refused", "cannot be used")],
                        default="arriving",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("claimed", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["arriving", "ready", "refused"])), name="picture_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), models.Q(("reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "refused"), _negated=True), ("reason", "")),
                            _connector="OR",
                        ),
                        name="picture_refusal_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PictureSize",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.IntegerField()),
                ("width", models.IntegerField()),
                ("height", models.IntegerField()),
                ("length", models.IntegerField()),
                ("key", models.CharField(max_length=120, unique=True)),
                (
                    "picture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sizes", to="catalog.picture"
                    ),
                ),
            ],
            options={
                "ordering": ["picture_id", "side"],
                "constraints": [
                    models.UniqueConstraint(fields=("picture", "side"), name="picture_size_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("height__gte", 1),
                            ("length__gte", 1),
                            ("width__gte", 1),
                            ("height__lte", models.F("side")),
                            ("width__lte", models.F("side")),
                        ),
                        name="picture_size_fits_its_side",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductCertificate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("issuer", models.CharField(blank=True, max_length=100)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_certificates",
                        to="files.storedfile",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="certificates", to="catalog.product"
                    ),
                ),
            ],
            options={
                "ordering": ["product_id", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__regex", "^[a-z][a-z0-9_]*$")), name="product_certificate_kind_a_word"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_on", None),
                            ("valid_to", None),
                            ("valid_to__gte", models.F("issued_on")),
                            _connector="OR",
                        ),
                        name="product_certificate_ends_after_issue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", ""), _negated=True), ("file__isnull", False), _connector="OR"
                        ),
                        name="product_certificate_shows_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductExport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("form", models.CharField(max_length=9)),
                ("language", models.CharField(max_length=2)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "being made"),
                            ("ready", "ready"),
                            ("failed", "could not be made"),
                            ("cleared", "deleted after seven days"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("rows", models.IntegerField(default=0)),
                ("lost", models.IntegerField(default=0)),
                ("length", models.BigIntegerField(default=0)),
                ("key", models.CharField(blank=True, max_length=120)),
                ("created", models.DateTimeField()),
                ("made", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="product_exports", to="parties.party"
                    ),
                ),
            ],
            options={
                "ordering": ["-created", "-id"],
                "indexes": [models.Index(fields=["party", "-created", "-id"], name="product_export_of_party")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "ready", "failed", "cleared"])),
                        name="product_export_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["xlsx", "csv", "csv-cp949"]), ("language__in", ["ko", "en"])),
                        name="product_export_form_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made__isnull", False), ("state", "ready"), models.Q(("key", ""), _negated=True)),
                            models.Q(models.Q(("state", "ready"), _negated=True), ("key", "")),
                            _connector="OR",
                        ),
                        name="product_export_ready_has_bytes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductImage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("alt", models.CharField(blank=True, max_length=200)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_images",
                        to="files.storedfile",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="images", to="catalog.product"
                    ),
                ),
            ],
            options={
                "ordering": ["product_id", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("product", "position"),
                        name="product_image_one_per_place",
                    ),
                    models.UniqueConstraint(fields=("product", "file"), name="product_image_once"),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1), ("position__lte", 10)),
                        name="product_image_in_its_places",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductImport",
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
                            ("arriving", "the file is being checked"),
                            ("reading", "the rows are being read"),
                            ("checked", "read; nothing is stored yet"),
                            ("taking", "the products are being stored"),
                            ("done", "all done"),
                            ("failed", "could not be read"),
                            ("cancelled", "called off"),
                        ],
                        default="arriving",
                        max_length=9,
                    ),
                ),
                ("fault", models.JSONField(blank=True, null=True)),
                ("unread", models.JSONField(default=list)),
                ("total", models.IntegerField(default=0)),
                ("done", models.IntegerField(default=0)),
                ("created", models.DateTimeField()),
                ("claimed", models.DateTimeField(null=True)),
                ("finished", models.DateTimeField(null=True)),
                ("cleared", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_import",
                        to="files.storedfile",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="product_imports", to="parties.party"
                    ),
                ),
            ],
            options={
                "ordering": ["-created", "-id"],
                "indexes": [
                    models.Index(fields=["party", "-created", "-id"], name="product_import_of_party"),
                    models.Index(
                        condition=models.Q(("state__in", ["arriving", "reading", "taking"])),
                        fields=["created"],
                        name="product_import_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["arriving", "reading", "checked", "taking", "done", "failed", "cancelled"])
                        ),
                        name="product_import_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done__gte", 0), ("total__gte", 0), ("done__lte", models.F("total"))),
                        name="product_import_counts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True), ("fault__isnull", False), _connector="OR"
                        ),
                        name="product_import_failed_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished__isnull", False), ("state__in", ["done", "failed", "cancelled"])),
                            models.Q(
                                models.Q(("state__in", ["done", "failed", "cancelled"]), _negated=True),
                                ("finished", None),
                            ),
                            _connector="OR",
                        ),
                        name="product_import_ended_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.IntegerField()),
                ("cells", models.JSONField()),
                ("faults", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("good", "can be stored"),
                            ("bad", "has errors"),
                            ("taken", "stored"),
                            ("left", "not stored"),
                        ],
                        max_length=5,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=20)),
                ("revision", models.IntegerField(null=True)),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="catalog.productimport"
                    ),
                ),
            ],
            options={
                "ordering": ["owner_id", "line"],
                "indexes": [models.Index(fields=["owner", "state", "line"], name="import_row_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "line"), name="import_row_once_per_line"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["good", "bad", "taken", "left"])),
                        name="import_row_state_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("line__gte", 1)), name="import_row_lines_from_1"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["bad", "left"]), models.Q(("faults", []), _negated=True)),
                            models.Q(("faults", []), ("state__in", ["good", "taken"])),
                            _connector="OR",
                        ),
                        name="import_row_left_out_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="disclosure",
                        serialize=False,
                        to="catalog.product",
                    ),
                ),
                ("schema", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=10)),
                ("values", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("schema__regex", "^[A-Z][A-Z_]*$"), models.Q(("version", ""), _negated=True)
                        ),
                        name="disclosure_names_its_schema",
                    )
                ],
            },
        ),
    ]
