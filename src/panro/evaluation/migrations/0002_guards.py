"""Triggers: a stage goes only where its lifecycle leads, scores come in only while it is open, and what was said stays.

A score row shares a lock on its stage, which sealing takes for itself: of a sheet handed in at the very moment of
sealing either the seal knows, or it is refused.
"""

from django.db import migrations

RUN = """
CREATE FUNCTION evaluation_run_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'a stage begins as a draft, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.state = 'sealed' THEN
        RAISE EXCEPTION 'stage % is % and stays', OLD.stage, OLD.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'assigned'), ('assigned', 'open'), ('open', 'closed'), ('closed', 'open'), ('closed', 'sealed')
    ) THEN
        RAISE EXCEPTION 'stage % cannot go from % to %', OLD.stage, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.evaluation_id, NEW.stage, NEW.position, NEW.point_step, NEW.maxima, NEW.panel, NEW.salt)
        IS DISTINCT FROM
        (OLD.evaluation_id, OLD.stage, OLD.position, OLD.point_step, OLD.maxima, OLD.panel, OLD.salt)
        OR (OLD.panels_digest <> '' AND NEW.panels_digest <> OLD.panels_digest) THEN
        RAISE EXCEPTION 'stage % keeps its rubric and its first panels', OLD.stage USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evaluation_run_guard BEFORE INSERT OR UPDATE OR DELETE ON evaluation_stagerun
    FOR EACH ROW EXECUTE FUNCTION evaluation_run_guard();
"""
NO_RUN = """
DROP TRIGGER evaluation_run_guard ON evaluation_stagerun;
DROP FUNCTION evaluation_run_guard();
"""
ROUND = """
CREATE FUNCTION evaluation_round_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.sealed_at IS NOT NULL THEN
        RAISE EXCEPTION 'the evaluation of % stays', OLD.round_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.round_id, NEW.rules, NEW.pool_root) IS DISTINCT FROM (OLD.round_id, OLD.rules, OLD.pool_root)
        OR (OLD.assignment_value <> '' AND NEW.assignment_value <> OLD.assignment_value) THEN
        RAISE EXCEPTION 'the evaluation of % keeps its rules, its pool and its public value', OLD.round_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evaluation_round_guard BEFORE UPDATE OR DELETE ON evaluation_evaluation
    FOR EACH ROW EXECUTE FUNCTION evaluation_round_guard();
"""
NO_ROUND = """
DROP TRIGGER evaluation_round_guard ON evaluation_evaluation;
DROP FUNCTION evaluation_round_guard();
"""
SCORE = """
CREATE FUNCTION evaluation_score_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    run record;
    place int;
BEGIN
    SELECT stage.stage, stage.state, stage.point_step, stage.maxima INTO run
        FROM evaluation_assignment AS seat JOIN evaluation_stagerun AS stage ON stage.id = seat.run_id
        WHERE seat.id = NEW.assignment_id FOR SHARE OF stage;
    IF run.state IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'stage % is %: no score can be handed in', run.stage, run.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF cardinality(NEW.points) <> cardinality(run.maxima) THEN
        RAISE EXCEPTION 'stage % has % criteria, not %', run.stage, cardinality(run.maxima), cardinality(NEW.points)
            USING ERRCODE = 'check_violation';
    END IF;
    FOR place IN 1 .. cardinality(run.maxima) LOOP
        IF NEW.points[place] IS NULL OR NEW.points[place] < 0 OR NEW.points[place] > run.maxima[place]
            OR mod(NEW.points[place], run.point_step) <> 0 THEN
            RAISE EXCEPTION 'stage %, criterion %: % is no multiple of % from 0 to %',
                run.stage, place, NEW.points[place], run.point_step, run.maxima[place]
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    UPDATE evaluation_assignment SET latest = NEW.version
        WHERE id = NEW.assignment_id AND latest = NEW.version - 1 AND left_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'version % does not follow, or the reviewer has left the panel', NEW.version
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evaluation_score_guard BEFORE INSERT ON evaluation_scoreversion
    FOR EACH ROW EXECUTE FUNCTION evaluation_score_guard();
"""
NO_SCORE = """
DROP TRIGGER evaluation_score_guard ON evaluation_scoreversion;
DROP FUNCTION evaluation_score_guard();
"""
SETTLED = ("participant", "rosterplace")
"""What is settled with the assignment."""
SEALED = ("panelminute", "assignment", "replacement", "resignation")
"""What may be added until the seal."""
PANEL = """
-- Whole statements are looked at, because a round has hundreds of thousands of seats.
CREATE FUNCTION evaluation_before_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found_state text;
BEGIN
    FOR found_state IN
        SELECT state FROM evaluation_stagerun WHERE id IN (SELECT run_id FROM touched) FOR SHARE
    LOOP
        IF found_state <> 'draft' THEN
            RAISE EXCEPTION 'the stage is %: % is settled', found_state, TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE FUNCTION evaluation_before_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found_state text;
BEGIN
    FOR found_state IN
        SELECT state FROM evaluation_stagerun WHERE id IN (SELECT run_id FROM touched) FOR SHARE
    LOOP
        IF found_state = 'sealed' THEN
            RAISE EXCEPTION 'the stage is sealed: % is refused', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE FUNCTION evaluation_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is not changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER evaluation_seat_before_seal AFTER UPDATE ON evaluation_assignment
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION evaluation_before_seal();

-- A seat is left once and never taken again.
CREATE FUNCTION evaluation_seat_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'seat % stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.run_id, NEW.participant_id, NEW.reviewer_id, NEW.slot, NEW.phase, NEW.seated_at)
        IS DISTINCT FROM
        (OLD.run_id, OLD.participant_id, OLD.reviewer_id, OLD.slot, OLD.phase, OLD.seated_at)
        OR (OLD.left_at IS NOT NULL AND NEW.left_at IS DISTINCT FROM OLD.left_at)
        OR NEW.latest < OLD.latest THEN
        RAISE EXCEPTION 'seat % can only be left', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evaluation_seat_guard BEFORE UPDATE OR DELETE ON evaluation_assignment
    FOR EACH ROW EXECUTE FUNCTION evaluation_seat_guard();
"""
TOUCHED = "".join(
    f"""
CREATE TRIGGER evaluation_{table}_added AFTER INSERT ON evaluation_{table}
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""
    for tables, function in ((SETTLED, "evaluation_before_assignment"), (SEALED, "evaluation_before_seal"))
    for table in tables
) + "".join(
    f"""
CREATE TRIGGER evaluation_{table}_removed AFTER DELETE ON evaluation_{table}
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION evaluation_before_assignment();
CREATE TRIGGER evaluation_{table}_kept BEFORE UPDATE ON evaluation_{table}
    FOR EACH ROW EXECUTE FUNCTION evaluation_refuse_update();
"""
    for table in SETTLED
)
NOT_TOUCHED = "".join(
    f"DROP TRIGGER evaluation_{table}_kept ON evaluation_{table};\n"
    f"DROP TRIGGER evaluation_{table}_removed ON evaluation_{table};\n"
    for table in SETTLED
) + "".join(f"DROP TRIGGER evaluation_{table}_added ON evaluation_{table};\n" for table in (*SETTLED, *SEALED))
NO_PANEL = """
DROP TRIGGER evaluation_seat_guard ON evaluation_assignment;
DROP FUNCTION evaluation_seat_guard();
DROP TRIGGER evaluation_seat_before_seal ON evaluation_assignment;
DROP FUNCTION evaluation_refuse_update();
DROP FUNCTION evaluation_before_seal();
DROP FUNCTION evaluation_before_assignment();
"""
ONLY_ADDED_TO = ("scoreversion", "panelminute", "panelconflict", "replacement", "resignation", "declaration")
KEPT = """
CREATE FUNCTION evaluation_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER evaluation_{table}_append_only BEFORE UPDATE OR DELETE ON evaluation_{table} "
    "FOR EACH ROW EXECUTE FUNCTION evaluation_refuse_change();\n"
    for table in ONLY_ADDED_TO
)
NOT_KEPT = (
    "".join(f"DROP TRIGGER evaluation_{table}_append_only ON evaluation_{table};\n" for table in ONLY_ADDED_TO)
    + "DROP FUNCTION evaluation_refuse_change();"
)


class Migration(migrations.Migration):
    """The database refuses what the acts would never do."""

    dependencies = [("evaluation", "0001_initial")]
    operations = [
        migrations.RunSQL(RUN, NO_RUN),
        migrations.RunSQL(ROUND, NO_ROUND),
        migrations.RunSQL(SCORE, NO_SCORE),
        migrations.RunSQL(PANEL, NO_PANEL),
        migrations.RunSQL(TOUCHED, NOT_TOUCHED),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
