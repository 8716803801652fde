"""What no constraint of one row can say: kinds fit, a number has one holder, an owner stays, answers only grow."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION parties_party_keeps_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> OLD.kind OR NEW.id <> OLD.id THEN
        RAISE EXCEPTION 'party % keeps its kind %', OLD.id, OLD.kind USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER party_keeps_kind BEFORE UPDATE ON parties_party
    FOR EACH ROW EXECUTE FUNCTION parties_party_keeps_kind();

CREATE FUNCTION parties_detail_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    SELECT kind INTO found FROM parties_party WHERE id = NEW.party_id;
    IF found IS DISTINCT FROM TG_ARGV[0] THEN
        RAISE EXCEPTION 'party % is a %, not a %', NEW.party_id, found, TG_ARGV[0]
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_fits BEFORE INSERT OR UPDATE OF party_id ON parties_person
    FOR EACH ROW EXECUTE FUNCTION parties_detail_fits('person');
CREATE TRIGGER business_fits BEFORE INSERT OR UPDATE OF party_id ON parties_business
    FOR EACH ROW EXECUTE FUNCTION parties_detail_fits('business');
CREATE TRIGGER organisation_fits BEFORE INSERT OR UPDATE OF party_id ON parties_organisation
    FOR EACH ROW EXECUTE FUNCTION parties_detail_fits('organisation');
CREATE TRIGGER consortium_fits BEFORE INSERT OR UPDATE OF party_id ON parties_consortium
    FOR EACH ROW EXECUTE FUNCTION parties_detail_fits('consortium');

CREATE FUNCTION parties_number_has_one_holder() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE others bigint;
BEGIN
    IF NEW.business_number = '' OR NEW.standing = 'unverified' THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('parties:number:' || NEW.business_number, 0));
    IF TG_TABLE_NAME = 'parties_business' THEN
        SELECT count(*) INTO others FROM parties_organisation
            WHERE business_number = NEW.business_number AND standing <> 'unverified';
    ELSE
        SELECT count(*) INTO others FROM parties_business
            WHERE business_number = NEW.business_number AND standing <> 'unverified';
    END IF;
    IF others > 0 THEN
        RAISE EXCEPTION 'number % is held by a party of another kind', NEW.business_number
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER business_holds_alone BEFORE INSERT OR UPDATE OF business_number, standing ON parties_business
    FOR EACH ROW EXECUTE FUNCTION parties_number_has_one_holder();
CREATE TRIGGER organisation_holds_alone BEFORE INSERT OR UPDATE OF business_number, standing ON parties_organisation
    FOR EACH ROW EXECUTE FUNCTION parties_number_has_one_holder();

CREATE FUNCTION parties_owner_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    IF OLD.role <> 'owner' THEN
        RETURN NULL;
    END IF;
    SELECT state INTO found FROM parties_party WHERE id = OLD.party_id FOR NO KEY UPDATE;
    IF found = 'active' AND NOT EXISTS (
        SELECT 1 FROM parties_membership WHERE party_id = OLD.party_id AND role = 'owner'
    ) THEN
        RAISE EXCEPTION 'party % would be left without an owner', OLD.party_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER membership_owner_stays AFTER UPDATE OR DELETE ON parties_membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION parties_owner_stays();

CREATE FUNCTION parties_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER status_check_append_only BEFORE UPDATE OR DELETE ON parties_statuscheck
    FOR EACH ROW EXECUTE FUNCTION parties_refuse_change();
CREATE TRIGGER authenticity_append_only BEFORE UPDATE OR DELETE ON parties_authenticitycheck
    FOR EACH ROW EXECUTE FUNCTION parties_refuse_change();
"""

WITHOUT_GUARDS = """
DROP TRIGGER authenticity_append_only ON parties_authenticitycheck;
DROP TRIGGER status_check_append_only ON parties_statuscheck;
DROP FUNCTION parties_refuse_change();
DROP TRIGGER membership_owner_stays ON parties_membership;
DROP FUNCTION parties_owner_stays();
DROP TRIGGER organisation_holds_alone ON parties_organisation;
DROP TRIGGER business_holds_alone ON parties_business;
DROP FUNCTION parties_number_has_one_holder();
DROP TRIGGER consortium_fits ON parties_consortium;
DROP TRIGGER organisation_fits ON parties_organisation;
DROP TRIGGER business_fits ON parties_business;
DROP TRIGGER person_fits ON parties_person;
DROP FUNCTION parties_detail_fits();
DROP TRIGGER party_keeps_kind ON parties_party;
DROP FUNCTION parties_party_keeps_kind();
"""


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = [("parties", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, WITHOUT_GUARDS)]
