"""What the database itself refuses of exports, whoever asks."""

from django.db import migrations

EXPORT = """
CREATE FUNCTION insight_export_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'queued' THEN
            RAISE EXCEPTION 'an export begins queued, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'export % stays: it says who took data out, and why', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.id, NEW.dataset, NEW.form, NEW.language, NEW.edition_id, NEW.programme, NEW.round_code, NEW.state_filter,
        NEW.reason, NEW.asked_by_id, NEW.asked_at)
        IS DISTINCT FROM
       (OLD.id, OLD.dataset, OLD.form, OLD.language, OLD.edition_id, OLD.programme, OLD.round_code, OLD.state_filter,
        OLD.reason, OLD.asked_by_id, OLD.asked_at) THEN
        RAISE EXCEPTION 'export % stays as it was asked for', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('queued', 'running'), ('running', 'queued'), ('running', 'done'), ('running', 'failed'),
        ('done', 'expired'), ('failed', 'queued'), ('failed', 'expired')
    ) THEN
        RAISE EXCEPTION 'export % cannot go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER insight_export_guard BEFORE INSERT OR UPDATE OR DELETE ON insight_exportjob
    FOR EACH ROW EXECUTE FUNCTION insight_export_guard();
"""
NO_EXPORT = """
DROP TRIGGER insight_export_guard ON insight_exportjob;
DROP FUNCTION insight_export_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_initial")]
    operations = [migrations.RunSQL(EXPORT, NO_EXPORT)]
