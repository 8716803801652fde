"""Publications are appended, never changed, and their counts are those of their lines."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

GUARDS = """
ALTER TABLE selection_publishedround
    ADD CONSTRAINT published_rehearsal_alone EXCLUDE USING gist (simulated WITH <>);

CREATE FUNCTION selection_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION selection_published_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    same selection_publishedround%ROWTYPE;
BEGIN
    same := NEW;
    same.current := OLD.current;
    IF NEW.current OR same IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'publication % only ever stops being the current one', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION selection_counts_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
    stated text;
BEGIN
    SELECT concat_ws(' ', count(*),
            count(*) FILTER (WHERE outcome = 'selected'), count(*) FILTER (WHERE outcome = 'waiting'),
            count(*) FILTER (WHERE outcome = 'not_selected'), count(*) FILTER (WHERE outcome = 'ineligible'),
            count(*) FILTER (WHERE outcome = 'lapsed'), count(*) FILTER (WHERE outcome = 'withdrawn'))
        INTO found FROM selection_resultline WHERE published_id = NEW.id;
    stated := concat_ws(' ', NEW.receipts, NEW.selected, NEW.waiting, NEW.not_selected, NEW.ineligible,
        NEW.lapsed, NEW.withdrawn);
    IF found <> stated THEN
        RAISE EXCEPTION 'publication % states the counts %, its lines are %', NEW.id, stated, found
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION selection_no_late_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    late uuid;
BEGIN
    SELECT p.id INTO late FROM selection_publishedround p
        WHERE p.id IN (SELECT DISTINCT published_id FROM fresh)
        AND (SELECT count(*) FROM selection_resultline l WHERE l.published_id = p.id) > p.receipts LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'publication % has all its lines already', late USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER published_guard BEFORE UPDATE ON selection_publishedround
    FOR EACH ROW EXECUTE FUNCTION selection_published_guard();
CREATE TRIGGER published_stays BEFORE DELETE ON selection_publishedround
    FOR EACH ROW EXECUTE FUNCTION selection_append_only();
CREATE CONSTRAINT TRIGGER published_counts AFTER INSERT ON selection_publishedround
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION selection_counts_guard();
CREATE TRIGGER line_not_late AFTER INSERT ON selection_resultline
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION selection_no_late_lines();
CREATE TRIGGER line_stays BEFORE UPDATE OR DELETE ON selection_resultline
    FOR EACH ROW EXECUTE FUNCTION selection_append_only();
CREATE TRIGGER stage_stays BEFORE UPDATE OR DELETE ON selection_stageline
    FOR EACH ROW EXECUTE FUNCTION selection_append_only();
CREATE TRIGGER offer_stays BEFORE UPDATE OR DELETE ON selection_offerline
    FOR EACH ROW EXECUTE FUNCTION selection_append_only();
"""

WITHOUT_GUARDS = """
DROP TRIGGER offer_stays ON selection_offerline;
DROP TRIGGER stage_stays ON selection_stageline;
DROP TRIGGER line_stays ON selection_resultline;
DROP TRIGGER line_not_late ON selection_resultline;
DROP TRIGGER published_counts ON selection_publishedround;
DROP TRIGGER published_stays ON selection_publishedround;
DROP TRIGGER published_guard ON selection_publishedround;
DROP FUNCTION selection_no_late_lines();
DROP FUNCTION selection_counts_guard();
DROP FUNCTION selection_published_guard();
DROP FUNCTION selection_append_only();
ALTER TABLE selection_publishedround DROP CONSTRAINT published_rehearsal_alone;
"""


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = [("selection", "0001_initial")]
    operations = [BtreeGistExtension(), migrations.RunSQL(GUARDS, WITHOUT_GUARDS)]
