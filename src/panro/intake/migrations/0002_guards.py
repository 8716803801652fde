"""Triggers: an application goes only where its lifecycle leads, and what was handed in stays as it was."""

from django.db import migrations

APPLICATION = """
CREATE FUNCTION intake_application_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'an application begins as a draft, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.state NOT IN ('draft', 'missed') THEN
            RAISE EXCEPTION 'application % is % and stays', OLD.id, OLD.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'submitted'), ('draft', 'missed'), ('missed', 'draft'),
        ('submitted', 'supplementing'), ('submitted', 'withdrawn'), ('submitted', 'closed'),
        ('supplementing', 'submitted'), ('supplementing', 'closed'), ('supplementing', 'withdrawn'),
        ('closed', 'supplementing'), ('closed', 'withdrawn')
    ) THEN
        RAISE EXCEPTION 'application % cannot go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.party_id, NEW.edition_id, NEW.programme, NEW.round_code)
        IS DISTINCT FROM (OLD.party_id, OLD.edition_id, OLD.programme, OLD.round_code) THEN
        RAISE EXCEPTION 'application % keeps its applicant and its round', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.submitted_at IS NOT NULL AND
        (NEW.submitted_at, NEW.submitted_on, NEW.submitted_by_id, NEW.applicant, NEW.version_id, NEW.track,
         NEW.applicant_type)
        IS DISTINCT FROM
        (OLD.submitted_at, OLD.submitted_on, OLD.submitted_by_id, OLD.applicant, OLD.version_id, OLD.track,
         OLD.applicant_type) THEN
        RAISE EXCEPTION 'application % was handed in and keeps what its receipt says', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.pool_id IS NOT NULL AND NEW.pool_id IS DISTINCT FROM OLD.pool_id THEN
        RAISE EXCEPTION 'application % stays in its pool', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER intake_application_guard BEFORE INSERT OR UPDATE OR DELETE ON intake_application
    FOR EACH ROW EXECUTE FUNCTION intake_application_guard();
"""
NO_APPLICATION = """
DROP TRIGGER intake_application_guard ON intake_application;
DROP FUNCTION intake_application_guard();
"""
KEPT = """
CREATE FUNCTION intake_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER intake_snapshot_append_only BEFORE UPDATE OR DELETE ON intake_snapshot
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
CREATE TRIGGER intake_receipt_append_only BEFORE UPDATE OR DELETE ON intake_receipt
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
CREATE TRIGGER intake_place_append_only BEFORE UPDATE OR DELETE ON intake_place
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
CREATE TRIGGER intake_extension_append_only BEFORE UPDATE OR DELETE ON intake_extension
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
CREATE TRIGGER intake_nomination_append_only BEFORE UPDATE OR DELETE ON intake_nomination
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
"""
NOT_KEPT = """
DROP TRIGGER intake_nomination_append_only ON intake_nomination;
DROP TRIGGER intake_extension_append_only ON intake_extension;
DROP TRIGGER intake_place_append_only ON intake_place;
DROP TRIGGER intake_receipt_append_only ON intake_receipt;
DROP TRIGGER intake_snapshot_append_only ON intake_snapshot;
DROP FUNCTION intake_refuse_change();
"""
POOL = """
CREATE FUNCTION intake_pool_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.frozen_at IS NOT NULL OR NEW.issued < OLD.issued THEN
        RAISE EXCEPTION 'the pool of % % is frozen or would lose numbers', OLD.programme, OLD.round_code
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER intake_pool_guard BEFORE UPDATE OR DELETE ON intake_pool
    FOR EACH ROW EXECUTE FUNCTION intake_pool_guard();

-- A frozen pool is whole: as many places as it counts, and a receipt for every application in it.
CREATE FUNCTION intake_pool_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE places bigint; applications bigint;
BEGIN
    SELECT count(*) INTO places FROM intake_place WHERE pool_id = NEW.id;
    SELECT count(*) INTO applications FROM intake_application WHERE pool_id = NEW.id;
    IF places <> NEW.count OR applications <> NEW.count THEN
        RAISE EXCEPTION 'the pool of % % counts %, but holds % places and % applications',
            NEW.programme, NEW.round_code, NEW.count, places, applications USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER intake_pool_is_whole AFTER UPDATE ON intake_pool
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.frozen_at IS NOT NULL)
    EXECUTE FUNCTION intake_pool_is_whole();

-- One row per round is updated by every submission: with room on its page, its versions never leave it.
ALTER TABLE intake_pool SET (fillfactor = 10);
"""
NO_POOL = """
ALTER TABLE intake_pool RESET (fillfactor);
DROP TRIGGER intake_pool_is_whole ON intake_pool;
DROP FUNCTION intake_pool_is_whole();
DROP TRIGGER intake_pool_guard ON intake_pool;
DROP FUNCTION intake_pool_guard();
"""


class Migration(migrations.Migration):
    """The database refuses what the acts would never do."""

    dependencies = [("intake", "0001_initial")]
    operations = [
        migrations.RunSQL(APPLICATION, NO_APPLICATION),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunSQL(POOL, NO_POOL),
    ]
