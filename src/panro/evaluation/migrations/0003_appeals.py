"""New panels after the seal, for objections."""

import django.contrib.postgres.fields
import django.db.models.deletion
import panro.accounts.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    """Seats of phase 1 name the appeal by which they were given."""

    dependencies = [
        ("evaluation", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("numbers", django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField())),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=100)),
                ("sealed_at", models.DateTimeField(blank=True, null=True)),
                ("count", models.PositiveIntegerField(blank=True, null=True)),
                ("scores_root", models.CharField(blank=True, max_length=64)),
                (
                    "evaluation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="evaluation.evaluation",
                    ),
                ),
            ],
            options={
                "ordering": ["evaluation_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("evaluation", "number"), name="appeal_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("sealed_at", None)), fields=("evaluation",), name="appeal_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1), models.Q(("opened_by", ""), _negated=True)),
                        name="appeal_from_one_says_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("count", None), ("scores_root", ""), ("sealed_at", None)),
                            models.Q(
                                ("count__isnull", False),
                                ("scores_root__regex", "^[0-9a-f]{64}$"),
                                ("sealed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="appeal_sealed_whole",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="assignment",
            name="appeal",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seats",
                to="evaluation.appeal",
            ),
        ),
        migrations.AddField(
            model_name="participant",
            name="appeal",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="participants",
                to="evaluation.appeal",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("appeal", None), ("phase", 0)),
                    models.Q(("appeal__isnull", False), ("phase", 1)),
                    _connector="OR",
                ),
                name="assignment_anew_by_an_appeal",
            ),
        ),
    ]
