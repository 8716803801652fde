"""Triggers: the access log is only added to and outlives its shortest lawful term; a published head stays as it is."""

from django.db import migrations

ACCESS = """
CREATE TRIGGER record_accessnote_never_changed BEFORE UPDATE ON record_accessnote
    FOR EACH ROW EXECUTE FUNCTION record_refuse_change();
CREATE FUNCTION record_accessnote_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.recorded > now() - interval '1 year' THEN
        RAISE EXCEPTION 'the access log is kept for a year at least: line % of % is refused', OLD.id, OLD.recorded
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER record_accessnote_is_kept BEFORE DELETE ON record_accessnote
    FOR EACH ROW EXECUTE FUNCTION record_accessnote_is_kept();
"""
NO_ACCESS = """
DROP TRIGGER record_accessnote_is_kept ON record_accessnote;
DROP FUNCTION record_accessnote_is_kept();
DROP TRIGGER record_accessnote_never_changed ON record_accessnote;
"""
HEADS = """
CREATE TRIGGER record_dailyhead_append_only BEFORE UPDATE OR DELETE ON record_dailyhead
    FOR EACH ROW EXECUTE FUNCTION record_refuse_change();
CREATE FUNCTION record_dailyhead_is_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM record_seal WHERE number = NEW.seal_id AND head = NEW.head) THEN
        RAISE EXCEPTION 'the head of % is not that of seal %', NEW.day, NEW.seal_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM record_dailyhead WHERE (day < NEW.day AND seal_id > NEW.seal_id)
                                               OR (day > NEW.day AND seal_id < NEW.seal_id)) THEN
        RAISE EXCEPTION 'the head of % would go back behind another day', NEW.day
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER record_dailyhead_is_true BEFORE INSERT ON record_dailyhead
    FOR EACH ROW EXECUTE FUNCTION record_dailyhead_is_true();
"""
NO_HEADS = """
DROP TRIGGER record_dailyhead_is_true ON record_dailyhead;
DROP FUNCTION record_dailyhead_is_true();
DROP TRIGGER record_dailyhead_append_only ON record_dailyhead;
"""


class Migration(migrations.Migration):
    """The database refuses what the room's actions would never do."""

    dependencies = [("record", "0003_access_and_heads")]
    operations = [migrations.RunSQL(ACCESS, NO_ACCESS), migrations.RunSQL(HEADS, NO_HEADS)]
