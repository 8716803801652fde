"""What applications said can be destroyed when its term is over; what it hashed to stays."""

from django.db import migrations, models


EMPTIED = """
CREATE FUNCTION intake_only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE emptied text[] := TG_ARGV::text[] || ARRAY['destroyed_at'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.destroyed_at IS NOT NULL OR NEW.destroyed_at IS NULL
       OR to_jsonb(NEW) - emptied <> to_jsonb(OLD) - emptied THEN
        RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER intake_snapshot_append_only ON intake_snapshot;
CREATE TRIGGER intake_snapshot_append_only BEFORE UPDATE OR DELETE ON intake_snapshot
    FOR EACH ROW EXECUTE FUNCTION intake_only_emptied('document');
DROP TRIGGER intake_receipt_append_only ON intake_receipt;
CREATE TRIGGER intake_receipt_append_only BEFORE UPDATE OR DELETE ON intake_receipt
    FOR EACH ROW EXECUTE FUNCTION intake_only_emptied('salt', 'payload');

CREATE FUNCTION intake_destroyed_stays_so() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the contents of application % are destroyed; it changes no more', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER intake_application_destroyed BEFORE UPDATE ON intake_application
    FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL) EXECUTE FUNCTION intake_destroyed_stays_so();
"""
NOT_EMPTIED = """
DROP TRIGGER intake_application_destroyed ON intake_application;
DROP FUNCTION intake_destroyed_stays_so();
DROP TRIGGER intake_receipt_append_only ON intake_receipt;
CREATE TRIGGER intake_receipt_append_only BEFORE UPDATE OR DELETE ON intake_receipt
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
DROP TRIGGER intake_snapshot_append_only ON intake_snapshot;
CREATE TRIGGER intake_snapshot_append_only BEFORE UPDATE OR DELETE ON intake_snapshot
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
DROP FUNCTION intake_only_emptied();
"""


class Migration(migrations.Migration):
    """Rows that never change may lose their text, once, and say when."""

    dependencies = [("intake", "0003_promised_papers")]

    operations = [
        migrations.RemoveConstraint(
            model_name="receipt",
            name="receipt_hashes_form",
        ),
        migrations.AddField(
            model_name="application",
            name="destroyed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="receipt",
            name="destroyed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="destroyed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("destroyed_at", None), ("state__in", ["closed", "withdrawn", "missed"])),
                fields=["closes", "id"],
                name="application_to_outlive",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("destroyed_at", None),
                    models.Q(
                        ("answers", {}), ("declared", {}), ("state__in", ["closed", "withdrawn"]), ("withdrawn_why", "")
                    ),
                    _connector="OR",
                ),
                name="application_destroyed_is_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("commitment__regex", "^[0-9a-f]{64}$"),
                    models.Q(("salt__regex", "^[0-9a-f]{64}$"), ("destroyed_at__isnull", False), _connector="OR"),
                ),
                name="receipt_hashes_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("destroyed_at", None), models.Q(("payload", ""), _negated=True)),
                    models.Q(("destroyed_at__isnull", False), ("payload", ""), ("salt", "")),
                    _connector="OR",
                ),
                name="receipt_text_or_destroyed",
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("destroyed_at", None), models.Q(("document", ""), _negated=True)),
                    models.Q(("destroyed_at__isnull", False), ("document", "")),
                    _connector="OR",
                ),
                name="snapshot_text_or_destroyed",
            ),
        ),
        migrations.RunSQL(EMPTIED, NOT_EMPTIED),
    ]
