"""The words of consents, kept by their hash, so that a page can say what has changed since they were agreed to."""

from django.db import migrations, models

GUARD = """
CREATE FUNCTION vault_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER vault_consentterms_append_only BEFORE UPDATE OR DELETE ON vault_consentterms
    FOR EACH ROW EXECUTE FUNCTION vault_words_stay();
"""
UNGUARD = """
DROP TRIGGER vault_consentterms_append_only ON vault_consentterms;
DROP FUNCTION vault_words_stay();
"""


class Migration(migrations.Migration):
    """A table of words; rows are only added."""

    dependencies = [("vault", "0003_retention")]

    operations = [
        migrations.CreateModel(
            name="ConsentTerms",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=64)),
                ("terms", models.TextField()),
            ],
            options={
                "ordering": ["purpose", "digest"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="consent_terms_digest_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__regex", "^[a-z][a-z0-9_]*$")), name="consent_terms_say_what_for"
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
