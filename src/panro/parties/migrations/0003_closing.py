"""When and why a party was closed."""

from django.db import migrations, models


CLOSED_BEFORE = "UPDATE parties_party SET closed_at = now(), closed_why = 'stopped' WHERE state = 'closed'"


class Migration(migrations.Migration):
    """A closed party says when and why; one closed before this counts as closed now."""

    dependencies = [
        ("parties", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="party",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="party",
            name="closed_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("business_closed", "The business is closed"),
                    ("dissolved", "The organisation is dissolved"),
                    ("transferred", "It was transferred or merged"),
                    ("stopped", "I no longer apply in its name"),
                ],
                max_length=15,
            ),
        ),
        migrations.RunSQL(CLOSED_BEFORE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                condition=models.Q(("state", "closed")), fields=["closed_at", "id"], name="party_closed"
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_why", ""), ("state", "active")),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_why__in", ["business_closed", "dissolved", "transferred", "stopped"]),
                        ("state", "closed"),
                    ),
                    _connector="OR",
                ),
                name="party_closed_when_and_why",
            ),
        ),
    ]
