"""A finding of a release is born open, settled once, and never deleted."""

from importlib import import_module

from django.db import migrations, models

earlier = import_module("policies.migrations.0010_sign_offs_and_bases")

FUNCTION = """
CREATE FUNCTION policies_refuse_second_settlement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.settled_at IS NULL THEN RETURN NEW; END IF;
    ELSIF TG_OP = 'UPDATE' AND OLD.settled_at IS NULL AND NEW.settled_at IS NOT NULL
        AND to_jsonb(OLD) - '{settled_at,settled_by_id,settlement}'::text[]
            = to_jsonb(NEW) - '{settled_at,settled_by_id,settlement}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a finding is settled once, and nothing else of it changes'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_finding_is_settled_once';
END $$;
"""
FORWARD = [
    FUNCTION,
    earlier.fix_paths(["policies_refuse_second_settlement"]),
    earlier.trigger("releasefinding", "a_finding_is_settled_once",
                    "BEFORE INSERT OR UPDATE OR DELETE", "policies_refuse_second_settlement"),
    earlier.trigger("releasefinding", "evidence_is_never_emptied", "BEFORE TRUNCATE",
                    "policies_refuse_truncate", "STATEMENT"),
]  # fmt: skip
BACKWARD = [
    "DROP TRIGGER evidence_is_never_emptied ON policies_releasefinding;",
    "DROP FUNCTION policies_refuse_second_settlement() CASCADE;",
]


class Migration(migrations.Migration):
    dependencies = [("policies", "0016_authorization_rows_are_never_rewritten")]

    operations = [
        migrations.AlterField(
            model_name="releasefinding",
            name="kind",
            field=models.CharField(
                choices=[
                    ("deleted", "Code deleted"),
                    ("revised", "Descriptor revised"),
                    ("new_in_range", "New code inside a listed range"),
                    ("add_on_alone", "Add-on code without its primary"),
                    ("became_billable", "Header that became billable"),
                    ("became_header", "Code that became a header"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
