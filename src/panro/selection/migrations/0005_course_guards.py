"""Triggers: a course goes only where its lifecycle leads, what it once knew stays, and a what-if comes before the seed.

A what-if shares a lock on its course, which the draw takes for itself: of a what-if at the very moment of the draw
either it was before, or it is refused.
"""

from django.db import migrations

COURSE = """
CREATE FUNCTION selection_course_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'closed' THEN
            RAISE EXCEPTION 'a course begins closed, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'the course of % stays', OLD.round_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('closed', 'pool_frozen'), ('pool_frozen', 'evaluated'), ('evaluated', 'sealed'), ('sealed', 'drawn'),
        ('drawn', 'run'), ('run', 'confirmed'), ('confirmed', 'publishing'), ('publishing', 'published'),
        ('published', 'settled')
    ) THEN
        RAISE EXCEPTION 'round % cannot go from % to %', OLD.round_id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.id, NEW.version_id, NEW.round_id, NEW.programme, NEW.round_code, NEW.rules, NEW.secret) IS DISTINCT FROM
        (OLD.id, OLD.version_id, OLD.round_id, OLD.programme, OLD.round_code, OLD.rules, OLD.secret)
    THEN
        RAISE EXCEPTION 'round % keeps its notice, its rules and its salts', OLD.round_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.pool_root <> '' AND (NEW.pool_root, NEW.pool_count) IS DISTINCT FROM (OLD.pool_root, OLD.pool_count))
        OR (OLD.assignment_value <> '' AND (NEW.assignment_value, NEW.assignment_source) IS DISTINCT FROM
            (OLD.assignment_value, OLD.assignment_source))
        OR (OLD.evaluation_id IS NOT NULL AND NEW.evaluation_id IS DISTINCT FROM OLD.evaluation_id)
        OR (OLD.scores_root <> '' AND (NEW.scores_root, NEW.scores_count) IS DISTINCT FROM
            (OLD.scores_root, OLD.scores_count))
        OR (OLD.seed <> '' AND (NEW.seed, NEW.draw_value, NEW.draw_source) IS DISTINCT FROM
            (OLD.seed, OLD.draw_value, OLD.draw_source))
        OR (OLD.digest <> '' AND (NEW.digest, NEW.selected, NEW.waiting, NEW.not_selected, NEW.ineligible, NEW.lapsed,
            NEW.withdrawn) IS DISTINCT FROM (OLD.digest, OLD.selected, OLD.waiting, OLD.not_selected, OLD.ineligible,
            OLD.lapsed, OLD.withdrawn))
        OR (OLD.confirmed_by_id IS NOT NULL AND (NEW.proposed_by_id, NEW.confirmed_by_id) IS DISTINCT FROM
            (OLD.proposed_by_id, OLD.confirmed_by_id))
        OR (OLD.entry IS NOT NULL AND NEW.entry IS DISTINCT FROM OLD.entry)
        OR (OLD.published_id IS NOT NULL AND NEW.published_id IS DISTINCT FROM OLD.published_id)
    THEN
        RAISE EXCEPTION 'round % keeps what it once knew', OLD.round_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER course_guard BEFORE INSERT OR UPDATE OR DELETE ON selection_roundcourse
    FOR EACH ROW EXECUTE FUNCTION selection_course_guard();
"""
NO_COURSE = """
DROP TRIGGER course_guard ON selection_roundcourse;
DROP FUNCTION selection_course_guard();
"""
WHAT_IF = """
CREATE FUNCTION selection_what_if_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    known text;
BEGIN
    SELECT seed INTO known FROM selection_roundcourse WHERE id = NEW.course_id FOR SHARE;
    IF known <> '' THEN
        RAISE EXCEPTION 'the seed is known: nothing is tried any more' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER what_if_before_seed BEFORE INSERT ON selection_whatif
    FOR EACH ROW EXECUTE FUNCTION selection_what_if_guard();
CREATE TRIGGER what_if_stays BEFORE UPDATE OR DELETE ON selection_whatif
    FOR EACH ROW EXECUTE FUNCTION selection_append_only();
CREATE TRIGGER course_step_stays BEFORE UPDATE OR DELETE ON selection_coursestep
    FOR EACH ROW EXECUTE FUNCTION selection_append_only();
"""
NO_WHAT_IF = """
DROP TRIGGER course_step_stays ON selection_coursestep;
DROP TRIGGER what_if_stays ON selection_whatif;
DROP TRIGGER what_if_before_seed ON selection_whatif;
DROP FUNCTION selection_what_if_guard();
"""
RESULT = """
CREATE FUNCTION selection_course_result_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    late text;
BEGIN
    SELECT round_id INTO late FROM selection_roundcourse
        WHERE id IN (SELECT DISTINCT course_id FROM fresh) AND state <> 'drawn' LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'round % is not at its selection', late USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER course_result_in_time AFTER INSERT ON selection_courseresult
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION selection_course_result_guard();
CREATE TRIGGER course_result_stays BEFORE UPDATE OR DELETE ON selection_courseresult
    FOR EACH ROW EXECUTE FUNCTION selection_append_only();
"""
NO_RESULT = """
DROP TRIGGER course_result_stays ON selection_courseresult;
DROP TRIGGER course_result_in_time ON selection_courseresult;
DROP FUNCTION selection_course_result_guard();
"""


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = [("selection", "0004_course")]
    operations = [
        migrations.RunSQL(COURSE, NO_COURSE),
        migrations.RunSQL(WHAT_IF, NO_WHAT_IF),
        migrations.RunSQL(RESULT, NO_RESULT),
    ]
