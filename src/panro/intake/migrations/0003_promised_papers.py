"""Papers that follow: what was promised, and the request that comes of it beside one of an officer's."""

import django.db.models.deletion
from django.db import migrations, models

import panro.accounts.ids

GUARD = """
CREATE FUNCTION intake_promisedpaper_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held intake_promisedpaper; stands text;
BEGIN
    IF TG_OP = 'DELETE' THEN held := OLD; ELSE held := NEW; END IF;
    SELECT state INTO stands FROM intake_application WHERE id = held.application_id;
    IF TG_OP = 'UPDATE' OR stands NOT IN ('draft', 'missed') THEN
        RAISE EXCEPTION 'application % is % and keeps what it promised', held.application_id, stands
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN held;
END $$;
CREATE TRIGGER intake_promisedpaper_guard BEFORE INSERT OR UPDATE OR DELETE ON intake_promisedpaper
    FOR EACH ROW EXECUTE FUNCTION intake_promisedpaper_guard();
"""
NO_GUARD = """
DROP TRIGGER intake_promisedpaper_guard ON intake_promisedpaper;
DROP FUNCTION intake_promisedpaper_guard();
"""


class Migration(migrations.Migration):
    """A promise is given and taken back while the application is a draft, and stays from then on."""

    dependencies = [("intake", "0002_guards")]
    operations = [
        migrations.CreateModel(
            name="PromisedPaper",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panro.accounts.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=32)),
                ("promised_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="promises",
                        to="intake.application",
                    ),
                ),
            ],
            options={
                "ordering": ["application_id", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "code"), name="promised_paper_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]*$")), name="promised_paper_code_form"
                    ),
                ],
            },
        ),
        migrations.AddField(model_name="supplement", name="promised", field=models.BooleanField(default=False)),
        migrations.RemoveConstraint(model_name="supplement", name="supplement_one_open"),
        migrations.AddConstraint(
            model_name="supplement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("application", "promised"),
                name="supplement_one_open_of_each",
            ),
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
