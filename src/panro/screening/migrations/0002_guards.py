"""What the database itself refuses at the desk, whoever asks."""

from django.db import migrations

CASE = """
CREATE FUNCTION screening_case_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'waiting' THEN
            RAISE EXCEPTION 'a case begins waiting, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        IF EXISTS (SELECT 1 FROM screening_review WHERE id = NEW.review_id AND settled_at IS NOT NULL) THEN
            RAISE EXCEPTION 'the review of case % is settled', NEW.application_id
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'case % stays', OLD.application_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.application_id, NEW.review_id, NEW.party_id, NEW.track, NEW.applicant_type, NEW.receipt_no, NEW.received)
        IS DISTINCT FROM
       (OLD.application_id, OLD.review_id, OLD.party_id, OLD.track, OLD.applicant_type, OLD.receipt_no, OLD.received)
    THEN
        RAISE EXCEPTION 'case % keeps its application and its round', OLD.application_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state THEN
        IF (OLD.state, NEW.state) NOT IN (
            ('waiting', 'asked'), ('waiting', 'eligible'), ('waiting', 'ineligible'), ('waiting', 'lapsed'),
            ('waiting', 'withdrawn'), ('asked', 'waiting'), ('asked', 'withdrawn'),
            ('eligible', 'waiting'), ('eligible', 'withdrawn'), ('ineligible', 'waiting'),
            ('ineligible', 'withdrawn'), ('lapsed', 'waiting'), ('lapsed', 'withdrawn')
        ) THEN
            RAISE EXCEPTION 'case % cannot go from % to %', OLD.application_id, OLD.state, NEW.state
                USING ERRCODE = 'restrict_violation';
        END IF;
        IF EXISTS (SELECT 1 FROM screening_review WHERE id = NEW.review_id AND settled_at IS NOT NULL) THEN
            RAISE EXCEPTION 'the review of case % is settled', OLD.application_id
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER screening_case_guard BEFORE INSERT OR UPDATE OR DELETE ON screening_case
    FOR EACH ROW EXECUTE FUNCTION screening_case_guard();
"""
NO_CASE = """
DROP TRIGGER screening_case_guard ON screening_case;
DROP FUNCTION screening_case_guard();
"""
ASKING = """
-- What a decision rests on stays as it was when it was made.
CREATE FUNCTION screening_asking_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_case uuid; stands text;
BEGIN
    IF TG_OP = 'DELETE' THEN of_case := OLD.case_id; ELSE of_case := NEW.case_id; END IF;
    SELECT state INTO stands FROM screening_case WHERE application_id = of_case;
    IF stands NOT IN ('waiting', 'asked') THEN
        RAISE EXCEPTION 'case % is %: its answers stay', of_case, stands USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'an asking is replaced, not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER screening_asking_guard BEFORE INSERT OR UPDATE OR DELETE ON screening_asking
    FOR EACH ROW EXECUTE FUNCTION screening_asking_guard();

CREATE FUNCTION screening_answer_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stands text;
BEGIN
    SELECT kept.state INTO stands FROM screening_asking AS asked
        JOIN screening_case AS kept ON kept.application_id = asked.case_id WHERE asked.id = OLD.asking_id;
    IF TG_OP = 'UPDATE' OR stands NOT IN ('waiting', 'asked') THEN
        RAISE EXCEPTION 'an answer of a rule stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER screening_answer_guard BEFORE UPDATE OR DELETE ON screening_caseanswer
    FOR EACH ROW EXECUTE FUNCTION screening_answer_guard();
"""
NO_ASKING = """
DROP TRIGGER screening_answer_guard ON screening_caseanswer;
DROP FUNCTION screening_answer_guard();
DROP TRIGGER screening_asking_guard ON screening_asking;
DROP FUNCTION screening_asking_guard();
"""
DECISION = """
CREATE FUNCTION screening_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.undone_at IS NOT NULL OR
        (NEW.id, NEW.case_id, NEW.number, NEW.requirement, NEW.reason, NEW.clause, NEW.note, NEW.region, NEW.groups,
         NEW.bonus, NEW.facts, NEW.decided_by, NEW.decided_at)
        IS DISTINCT FROM
        (OLD.id, OLD.case_id, OLD.number, OLD.requirement, OLD.reason, OLD.clause, OLD.note, OLD.region, OLD.groups,
         OLD.bonus, OLD.facts, OLD.decided_by, OLD.decided_at) THEN
        RAISE EXCEPTION 'decision % stays as it was made', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER screening_decision_guard BEFORE UPDATE OR DELETE ON screening_casedecision
    FOR EACH ROW EXECUTE FUNCTION screening_decision_guard();

-- A case is decided exactly while one decision of it stands, and it says the same.
CREATE FUNCTION screening_case_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_case uuid; stands text; said text;
BEGIN
    IF TG_TABLE_NAME = 'screening_case' THEN of_case := NEW.application_id; ELSE of_case := NEW.case_id; END IF;
    SELECT state INTO stands FROM screening_case WHERE application_id = of_case;
    SELECT requirement INTO said FROM screening_casedecision WHERE undone_at IS NULL AND case_id = of_case;
    IF (said IS NULL AND stands NOT IN ('waiting', 'asked')) OR (said IS NOT NULL AND said <> stands) THEN
        RAISE EXCEPTION 'case % is %, its decision says %', of_case, stands, coalesce(said, 'nothing')
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER screening_case_is_decided AFTER UPDATE OF state ON screening_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION screening_case_is_decided();
CREATE CONSTRAINT TRIGGER screening_decision_stands AFTER INSERT OR UPDATE ON screening_casedecision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION screening_case_is_decided();
"""
NO_DECISION = """
DROP TRIGGER screening_decision_stands ON screening_casedecision;
DROP TRIGGER screening_case_is_decided ON screening_case;
DROP FUNCTION screening_case_is_decided();
DROP TRIGGER screening_decision_guard ON screening_casedecision;
DROP FUNCTION screening_decision_guard();
"""
REVIEW = """
CREATE FUNCTION screening_review_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.settled_at IS NOT NULL OR
        (NEW.edition_id, NEW.programme, NEW.round_code)
        IS DISTINCT FROM (OLD.edition_id, OLD.programme, OLD.round_code) THEN
        RAISE EXCEPTION 'the review of % % stays as it is', OLD.programme, OLD.round_code
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.settled_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM screening_case WHERE review_id = NEW.id AND state IN ('waiting', 'asked')) THEN
        RAISE EXCEPTION 'the review of % % has open cases', OLD.programme, OLD.round_code
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER screening_review_guard BEFORE UPDATE OR DELETE ON screening_review
    FOR EACH ROW EXECUTE FUNCTION screening_review_guard();
"""
NO_REVIEW = """
DROP TRIGGER screening_review_guard ON screening_review;
DROP FUNCTION screening_review_guard();
"""
REGISTERS = """
CREATE FUNCTION screening_sanction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.lifted_at IS NOT NULL OR
        (NEW.id, NEW.business_number, NEW.name, NEW.since, NEW.until, NEW.reason, NEW.source, NEW.imposed_by_id,
         NEW.imposed_at)
        IS DISTINCT FROM
        (OLD.id, OLD.business_number, OLD.name, OLD.since, OLD.until, OLD.reason, OLD.source, OLD.imposed_by_id,
         OLD.imposed_at) THEN
        RAISE EXCEPTION 'sanction % is lifted, not changed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER screening_sanction_guard BEFORE UPDATE OR DELETE ON screening_sanction
    FOR EACH ROW EXECUTE FUNCTION screening_sanction_guard();

CREATE FUNCTION screening_conflict_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR
        (NEW.id, NEW.user_id, NEW.kind, NEW.business_number, NEW.address_digest, NEW.note, NEW.declared_by_id,
         NEW.declared_at)
        IS DISTINCT FROM
        (OLD.id, OLD.user_id, OLD.kind, OLD.business_number, OLD.address_digest, OLD.note, OLD.declared_by_id,
         OLD.declared_at) THEN
        RAISE EXCEPTION 'conflict % is ended, not changed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER screening_conflict_guard BEFORE UPDATE OR DELETE ON screening_staffconflict
    FOR EACH ROW EXECUTE FUNCTION screening_conflict_guard();

CREATE FUNCTION screening_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER screening_factoverride_append_only BEFORE UPDATE OR DELETE ON screening_factoverride
    FOR EACH ROW EXECUTE FUNCTION screening_refuse_change();
"""
NO_REGISTERS = """
DROP TRIGGER screening_factoverride_append_only ON screening_factoverride;
DROP FUNCTION screening_refuse_change();
DROP TRIGGER screening_conflict_guard ON screening_staffconflict;
DROP FUNCTION screening_conflict_guard();
DROP TRIGGER screening_sanction_guard ON screening_sanction;
DROP FUNCTION screening_sanction_guard();
"""


class Migration(migrations.Migration):
    """The database refuses what the acts would never do."""

    dependencies = [("screening", "0001_initial")]
    operations = [
        migrations.RunSQL(CASE, NO_CASE),
        migrations.RunSQL(ASKING, NO_ASKING),
        migrations.RunSQL(DECISION, NO_DECISION),
        migrations.RunSQL(REVIEW, NO_REVIEW),
        migrations.RunSQL(REGISTERS, NO_REGISTERS),
    ]
