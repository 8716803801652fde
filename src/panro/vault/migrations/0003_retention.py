"""Papers that were destroyed because their term was over say on which day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column; it is empty for what an owner removed."""

    dependencies = [("vault", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="destroyed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("destroyed_on", None), ("state", "destroyed"), _connector="OR"),
                name="paper_destroyed_by_term_is_destroyed",
            ),
        ),
    ]
