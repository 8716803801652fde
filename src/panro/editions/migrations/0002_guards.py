"""What is published never changes: triggers that refuse it whoever asks."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION editions_edition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'edition % keeps its code', OLD.code USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION editions_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    same editions_editionversion%ROWTYPE;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'a version begins as a draft, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'version % is % and stays', OLD.id, OLD.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('draft', 'draft'), ('draft', 'published'), ('published', 'superseded')) THEN
        RAISE EXCEPTION 'version % cannot go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'draft' THEN
        same := NEW;
        same.state := OLD.state;
        IF same IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'version % is published and does not change; amend it', OLD.id
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION editions_row_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner uuid;
    found text;
BEGIN
    IF TG_TABLE_NAME = 'editions_programmerow' THEN
        owner := CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END;
    ELSE
        SELECT version_id INTO owner FROM editions_programmerow
            WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.programme_id ELSE NEW.programme_id END;
    END IF;
    SELECT state INTO found FROM editions_editionversion WHERE id = owner FOR SHARE;
    IF found <> 'draft' OR TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'rows of version % are written with its draft and never changed', owner
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER edition_guard BEFORE UPDATE ON editions_edition
    FOR EACH ROW EXECUTE FUNCTION editions_edition_guard();
CREATE TRIGGER version_guard BEFORE INSERT OR UPDATE OR DELETE ON editions_editionversion
    FOR EACH ROW EXECUTE FUNCTION editions_version_guard();
CREATE TRIGGER programme_guard BEFORE INSERT OR UPDATE OR DELETE ON editions_programmerow
    FOR EACH ROW EXECUTE FUNCTION editions_row_guard();
CREATE TRIGGER round_guard BEFORE INSERT OR UPDATE OR DELETE ON editions_roundrow
    FOR EACH ROW EXECUTE FUNCTION editions_row_guard();
"""

WITHOUT_GUARDS = """
DROP TRIGGER round_guard ON editions_roundrow;
DROP TRIGGER programme_guard ON editions_programmerow;
DROP TRIGGER version_guard ON editions_editionversion;
DROP TRIGGER edition_guard ON editions_edition;
DROP FUNCTION editions_row_guard();
DROP FUNCTION editions_version_guard();
DROP FUNCTION editions_edition_guard();
"""


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = [("editions", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, WITHOUT_GUARDS)]
