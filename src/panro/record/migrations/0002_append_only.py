"""Triggers: rows of the record are only added, and a seal follows the one before it."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION record_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER record_entry_append_only BEFORE UPDATE OR DELETE ON record_entry
    FOR EACH ROW EXECUTE FUNCTION record_refuse_change();
CREATE TRIGGER record_seal_append_only BEFORE UPDATE OR DELETE ON record_seal
    FOR EACH ROW EXECUTE FUNCTION record_refuse_change();
CREATE TRIGGER record_sealedentry_append_only BEFORE UPDATE OR DELETE ON record_sealedentry
    FOR EACH ROW EXECUTE FUNCTION record_refuse_change();
CREATE TRIGGER record_payload_never_changed BEFORE UPDATE ON record_payload
    FOR EACH ROW EXECUTE FUNCTION record_refuse_change();
"""
ALLOW = """
DROP TRIGGER record_payload_never_changed ON record_payload;
DROP TRIGGER record_sealedentry_append_only ON record_sealedentry;
DROP TRIGGER record_seal_append_only ON record_seal;
DROP TRIGGER record_entry_append_only ON record_entry;
DROP FUNCTION record_refuse_change();
"""
FOLLOW = """
CREATE FUNCTION record_seal_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE expected text;
BEGIN
    IF NEW.number = 1 THEN
        expected := repeat('0', 64);
    ELSE
        SELECT head INTO expected FROM record_seal WHERE number = NEW.number - 1;
    END IF;
    IF expected IS NULL OR NEW.previous <> expected THEN
        RAISE EXCEPTION 'seal % does not follow seal %', NEW.number, NEW.number - 1
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER record_seal_follows BEFORE INSERT ON record_seal
    FOR EACH ROW EXECUTE FUNCTION record_seal_follows();

CREATE FUNCTION record_seal_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held bigint;
BEGIN
    SELECT count(*) INTO held FROM record_sealedentry WHERE seal_id = NEW.number;
    IF held <> NEW.count THEN
        RAISE EXCEPTION 'seal % counts % entries but holds %', NEW.number, NEW.count, held
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER record_seal_is_whole AFTER INSERT ON record_seal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION record_seal_is_whole();

CREATE FUNCTION record_place_in_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.index >= (SELECT count FROM record_seal WHERE number = NEW.seal_id) THEN
        RAISE EXCEPTION 'seal % has no place %', NEW.seal_id, NEW.index
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER record_place_in_seal BEFORE INSERT ON record_sealedentry
    FOR EACH ROW EXECUTE FUNCTION record_place_in_seal();
"""
UNFOLLOW = """
DROP TRIGGER record_place_in_seal ON record_sealedentry;
DROP FUNCTION record_place_in_seal();
DROP TRIGGER record_seal_is_whole ON record_seal;
DROP FUNCTION record_seal_is_whole();
DROP TRIGGER record_seal_follows ON record_seal;
DROP FUNCTION record_seal_follows();
"""


class Migration(migrations.Migration):
    """The database refuses what the record's actions would never do."""

    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW), migrations.RunSQL(FOLLOW, UNFOLLOW)]
