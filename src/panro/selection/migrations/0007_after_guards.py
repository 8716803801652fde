"""Triggers: letters only grow, with no number left out; offers and objections go only where their lifecycles lead."""

from django.db import migrations

LETTERS = """
-- Letters of one statement follow each other and the ones before, and the counter knows the last of them.
CREATE FUNCTION selection_letter_gapless() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT f.edition_id, min(f.number) AS first, max(f.number) AS last, count(*) AS many, c.last AS counted INTO wrong
        FROM fresh f LEFT JOIN selection_lettercounter c ON c.edition_id = f.edition_id
        GROUP BY f.edition_id, c.last
        HAVING max(f.number) - min(f.number) + 1 <> count(*)
            OR c.last IS NULL OR max(f.number) <> c.last
            OR (min(f.number) > 1 AND NOT EXISTS (
                SELECT FROM selection_letter l WHERE l.edition_id = f.edition_id AND l.number = min(f.number) - 1))
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'letters % to % leave a number out, or the counter (%) does not know them',
            wrong.first, wrong.last, wrong.counted USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER letter_gapless AFTER INSERT ON selection_letter
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION selection_letter_gapless();
CREATE TRIGGER letter_stays BEFORE UPDATE OR DELETE ON selection_letter
    FOR EACH ROW EXECUTE FUNCTION selection_append_only();
CREATE FUNCTION selection_letter_counter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.edition_id <> OLD.edition_id OR NEW.last < OLD.last THEN
        RAISE EXCEPTION 'the number of letters of a year only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_counter_guard BEFORE UPDATE OR DELETE ON selection_lettercounter
    FOR EACH ROW EXECUTE FUNCTION selection_letter_counter_guard();
"""
NO_LETTERS = """
DROP TRIGGER letter_counter_guard ON selection_lettercounter;
DROP FUNCTION selection_letter_counter_guard();
DROP TRIGGER letter_stays ON selection_letter;
DROP TRIGGER letter_gapless ON selection_letter;
DROP FUNCTION selection_letter_gapless();
"""
OFFERS = """
CREATE FUNCTION selection_offer_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'offered' THEN
            RAISE EXCEPTION 'an offer begins open, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        IF NOT EXISTS (SELECT FROM selection_offerline WHERE published_id = NEW.published_id AND seq = NEW.seq
                AND result_no = NEW.result_no AND event = 'offered') THEN
            RAISE EXCEPTION 'offer % has no line', NEW.seq USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.state <> 'offered' OR NEW.state = 'offered'
        OR (NEW.id, NEW.published_id, NEW.result_no, NEW.application_id, NEW.seq, NEW.due, NEW.offered_at,
            NEW.offered_by) IS DISTINCT FROM
            (OLD.id, OLD.published_id, OLD.result_no, OLD.application_id, OLD.seq, OLD.due, OLD.offered_at,
            OLD.offered_by) THEN
        RAISE EXCEPTION 'an offer is answered once and stays (it is %)', OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM selection_offerline WHERE published_id = NEW.published_id AND seq > NEW.seq
            AND result_no = NEW.result_no AND event = NEW.state) THEN
        RAISE EXCEPTION 'the answer % has no line', NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER offer_guard BEFORE INSERT OR UPDATE OR DELETE ON selection_offer
    FOR EACH ROW EXECUTE FUNCTION selection_offer_guard();
"""
NO_OFFERS = """
DROP TRIGGER offer_guard ON selection_offer;
DROP FUNCTION selection_offer_guard();
"""
OBJECTIONS = """
CREATE FUNCTION selection_objection_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'filed' THEN
            RAISE EXCEPTION 'an objection begins filed, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (OLD.state, NEW.state) NOT IN (
            ('filed', 'corrected'), ('filed', 'referred'), ('filed', 'dismissed'), ('filed', 'withdrawn'),
            ('corrected', 'judged'), ('referred', 'judged')
        ) THEN
        RAISE EXCEPTION 'an objection that is % cannot become %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.id, NEW.application_id, NEW.published_id, NEW.result_no, NEW.text, NEW.until, NEW.filed_on, NEW.filed_at,
            NEW.filed_by_id) IS DISTINCT FROM
        (OLD.id, OLD.application_id, OLD.published_id, OLD.result_no, OLD.text, OLD.until, OLD.filed_on, OLD.filed_at,
            OLD.filed_by_id)
        OR (OLD.state <> 'filed' AND (NEW.reason, NEW.decision, NEW.decided_by_id, NEW.decided_at) IS DISTINCT FROM
            (OLD.reason, OLD.decision, OLD.decided_by_id, OLD.decided_at)) THEN
        RAISE EXCEPTION 'an objection keeps what it says and what was decided' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER objection_guard BEFORE INSERT OR UPDATE OR DELETE ON selection_objection
    FOR EACH ROW EXECUTE FUNCTION selection_objection_guard();
CREATE TRIGGER objection_paper_stays BEFORE UPDATE OR DELETE ON selection_objectionpaper
    FOR EACH ROW EXECUTE FUNCTION selection_append_only();
"""
NO_OBJECTIONS = """
DROP TRIGGER objection_paper_stays ON selection_objectionpaper;
DROP TRIGGER objection_guard ON selection_objection;
DROP FUNCTION selection_objection_guard();
"""


class Migration(migrations.Migration):
    """The database refuses what the acts would never do."""

    dependencies = [("selection", "0006_after")]
    operations = [
        migrations.RunSQL(LETTERS, NO_LETTERS),
        migrations.RunSQL(OFFERS, NO_OFFERS),
        migrations.RunSQL(OBJECTIONS, NO_OBJECTIONS),
    ]
