"""Triggers: after the seal, seats and scores of phase 1 come in while their appeal is open; phase 0 stays shut.

The functions of migration 0002 are replaced by ones that know appeals; what they refused before they refuse still.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("panro.evaluation.migrations.0002_guards")

APPEAL = """
CREATE FUNCTION evaluation_appeal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.sealed_at IS NOT NULL OR NOT EXISTS (
            SELECT FROM evaluation_evaluation WHERE id = NEW.evaluation_id AND sealed_at IS NOT NULL) THEN
            RAISE EXCEPTION 'an appeal begins open, after the evaluation is sealed'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.sealed_at IS NOT NULL
        OR (NEW.id, NEW.evaluation_id, NEW.number, NEW.numbers, NEW.opened_at, NEW.opened_by) IS DISTINCT FROM
            (OLD.id, OLD.evaluation_id, OLD.number, OLD.numbers, OLD.opened_at, OLD.opened_by) THEN
        RAISE EXCEPTION 'appeal % keeps what it judges, and stays once sealed', OLD.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evaluation_appeal_guard BEFORE INSERT OR UPDATE OR DELETE ON evaluation_appeal
    FOR EACH ROW EXECUTE FUNCTION evaluation_appeal_guard();
"""
NO_APPEAL = """
DROP TRIGGER evaluation_appeal_guard ON evaluation_appeal;
DROP FUNCTION evaluation_appeal_guard();
"""
_CLOSED = "IF run.state IS DISTINCT FROM 'open' THEN"
_OF_PHASE_0 = "IF chair.phase = 0 AND run.state IS DISTINCT FROM 'open' THEN"
_READ = """    SELECT stage.stage, stage.state,"""
_READ_SEAT = """    SELECT phase, appeal_id INTO chair FROM evaluation_assignment WHERE id = NEW.assignment_id;
    IF chair.phase = 1 THEN
        PERFORM FROM evaluation_appeal WHERE id = chair.appeal_id AND sealed_at IS NULL FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the appeal is sealed: no score can be handed in' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    SELECT stage.stage, stage.state,"""
_DECLARED = "    run record;\n"
_FUNCTION = BEFORE.SCORE.partition("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
SCORE = (
    _FUNCTION.replace(_CLOSED, _OF_PHASE_0)
    .replace(_READ, _READ_SEAT, 1)
    .replace(_DECLARED, f"{_DECLARED}    chair record;\n", 1)
)
NO_SCORE = _FUNCTION
SEATS = """
CREATE FUNCTION evaluation_seats_before_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found_state text;
BEGIN
    FOR found_state IN
        SELECT state FROM evaluation_stagerun WHERE id IN (SELECT run_id FROM touched WHERE phase = 0) FOR SHARE
    LOOP
        IF found_state = 'sealed' THEN
            RAISE EXCEPTION 'the stage is sealed: % is refused', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    IF EXISTS (
        SELECT FROM touched t WHERE t.phase = 1 AND NOT EXISTS (
            SELECT FROM evaluation_appeal a JOIN evaluation_stagerun r ON r.evaluation_id = a.evaluation_id
                JOIN evaluation_participant p ON p.id = t.participant_id
                WHERE a.id = t.appeal_id AND r.id = t.run_id AND a.sealed_at IS NULL AND p.result_no = ANY (a.numbers)
        )
    ) THEN
        RAISE EXCEPTION 'a new panel needs an open appeal: % is refused', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION evaluation_participants_settled() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found_state text;
BEGIN
    FOR found_state IN
        SELECT state FROM evaluation_stagerun
            WHERE id IN (SELECT run_id FROM touched WHERE appeal_id IS NULL) FOR SHARE
    LOOP
        IF found_state <> 'draft' THEN
            RAISE EXCEPTION 'the stage is %: % is settled', found_state, TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    IF EXISTS (
        SELECT FROM touched t WHERE t.appeal_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM evaluation_appeal a JOIN evaluation_stagerun r ON r.evaluation_id = a.evaluation_id
                WHERE a.id = t.appeal_id AND r.id = t.run_id AND a.sealed_at IS NULL AND t.result_no = ANY (a.numbers)
        )
    ) THEN
        RAISE EXCEPTION 'who takes part anew needs an open appeal' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER evaluation_seat_before_seal ON evaluation_assignment;
DROP TRIGGER evaluation_assignment_added ON evaluation_assignment;
DROP TRIGGER evaluation_participant_added ON evaluation_participant;
CREATE TRIGGER evaluation_seat_before_seal AFTER UPDATE ON evaluation_assignment
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION evaluation_seats_before_seal();
CREATE TRIGGER evaluation_assignment_added AFTER INSERT ON evaluation_assignment
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION evaluation_seats_before_seal();
CREATE TRIGGER evaluation_participant_added AFTER INSERT ON evaluation_participant
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION evaluation_participants_settled();
"""
NO_SEATS = """
DROP TRIGGER evaluation_participant_added ON evaluation_participant;
DROP TRIGGER evaluation_assignment_added ON evaluation_assignment;
DROP TRIGGER evaluation_seat_before_seal ON evaluation_assignment;
CREATE TRIGGER evaluation_seat_before_seal AFTER UPDATE ON evaluation_assignment
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION evaluation_before_seal();
CREATE TRIGGER evaluation_assignment_added AFTER INSERT ON evaluation_assignment
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION evaluation_before_seal();
CREATE TRIGGER evaluation_participant_added AFTER INSERT ON evaluation_participant
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION evaluation_before_assignment();
DROP FUNCTION evaluation_participants_settled();
DROP FUNCTION evaluation_seats_before_seal();
"""


class Migration(migrations.Migration):
    """The database refuses what the acts would never do."""

    dependencies = [("evaluation", "0003_appeals")]
    operations = [
        migrations.RunSQL(APPEAL, NO_APPEAL),
        migrations.RunSQL(SCORE, NO_SCORE),
        migrations.RunSQL(SEATS, NO_SEATS),
    ]
