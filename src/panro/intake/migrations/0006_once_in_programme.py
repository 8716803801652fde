"""Where a notice takes one application of an applicant and no other, the database takes no second one either."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A mark that is set when an application is handed in, and a constraint over those that bear it."""

    dependencies = [("intake", "0005_closed_applicants")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="only_once",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("only_once", True), ("state__in", ["closed", "submitted", "supplementing"])),
                fields=("party", "edition", "programme"),
                name="application_once_in_programme",
            ),
        ),
    ]
