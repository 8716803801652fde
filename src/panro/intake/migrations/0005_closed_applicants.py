"""Nobody hands in for an applicant that is closed, not even at the very moment in which it closes."""

from django.db import migrations

GUARD = """
CREATE FUNCTION intake_applicant_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stands text;
BEGIN
    SELECT state INTO stands FROM parties_party WHERE id = NEW.party_id FOR SHARE;
    IF stands <> 'active' THEN
        RAISE EXCEPTION 'applicant % is closed', NEW.party_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'application_of_open_applicant';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER intake_applicant_is_open BEFORE UPDATE ON intake_application
    FOR EACH ROW WHEN (OLD.state = 'draft' AND NEW.state = 'submitted')
    EXECUTE FUNCTION intake_applicant_is_open();
"""
NO_GUARD = """
DROP TRIGGER intake_applicant_is_open ON intake_application;
DROP FUNCTION intake_applicant_is_open();
"""


class Migration(migrations.Migration):
    """The applicant's row is shared while its application is handed in; closing it waits, and then finds it live."""

    dependencies = [("intake", "0004_retention"), ("parties", "0003_closing")]
    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
