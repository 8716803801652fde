"""Triggers: a fact or a consent is never changed, but for its withdrawal, once."""

from django.db import migrations

GUARD = """
CREATE FUNCTION vault_only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ends text[] := ARRAY['withdrawn_at', 'withdrawn_on', 'withdrawn_by_id'];
BEGIN
    IF OLD.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION '% % is withdrawn already', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF to_jsonb(NEW) - ends <> to_jsonb(OLD) - ends OR NEW.withdrawn_at IS NULL THEN
        RAISE EXCEPTION '% % may be withdrawn, and not changed otherwise', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vault_storedfact_only_withdrawn BEFORE UPDATE ON vault_storedfact
    FOR EACH ROW EXECUTE FUNCTION vault_only_withdrawn();
CREATE TRIGGER vault_consent_only_withdrawn BEFORE UPDATE ON vault_consent
    FOR EACH ROW EXECUTE FUNCTION vault_only_withdrawn();
"""
UNGUARD = """
DROP TRIGGER vault_consent_only_withdrawn ON vault_consent;
DROP TRIGGER vault_storedfact_only_withdrawn ON vault_storedfact;
DROP FUNCTION vault_only_withdrawn();
"""
ONE_PARTY = """
CREATE FUNCTION vault_paper_of_the_same_party() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.paper_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM vault_paper WHERE id = NEW.paper_id AND party_id = NEW.party_id
    ) THEN
        RAISE EXCEPTION 'fact %: its paper is not one of party %', NEW.id, NEW.party_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vault_storedfact_paper_of_party BEFORE INSERT ON vault_storedfact
    FOR EACH ROW WHEN (NEW.paper_id IS NOT NULL) EXECUTE FUNCTION vault_paper_of_the_same_party();

CREATE FUNCTION vault_paper_keeps_its_party() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.party_id <> OLD.party_id OR NEW.kind <> OLD.kind OR NEW.handed_in_on <> OLD.handed_in_on
       OR OLD.state = 'destroyed' THEN
        RAISE EXCEPTION 'paper %: party, kind and day never change, and nothing of a removed paper', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vault_paper_keeps_its_party BEFORE UPDATE ON vault_paper
    FOR EACH ROW EXECUTE FUNCTION vault_paper_keeps_its_party();
"""
ANY_PARTY = """
DROP TRIGGER vault_paper_keeps_its_party ON vault_paper;
DROP FUNCTION vault_paper_keeps_its_party();
DROP TRIGGER vault_storedfact_paper_of_party ON vault_storedfact;
DROP FUNCTION vault_paper_of_the_same_party();
"""


class Migration(migrations.Migration):
    """The database refuses what the room's actions would never do."""

    dependencies = [("vault", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD), migrations.RunSQL(ONE_PARTY, ANY_PARTY)]
