"""What came as already in force needs no second person, so nothing else may pass for it.

The author of a version stays, a version that somebody wrote into does not become an import, and an
import that somebody wrote into goes the way of every other text.
"""

from importlib import import_module

from django.db import migrations

earlier = import_module("policies.migrations.0010_sign_offs_and_bases")

FUNCTION = """
CREATE FUNCTION policies_refuse_posing_as_import() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_written boolean := NEW.author_id IS NOT NULL
        OR EXISTS (SELECT FROM policies_edit WHERE version_id = NEW.id);
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.author_id IS NOT NULL
        AND NEW.author_id IS DISTINCT FROM OLD.author_id THEN
        RAISE EXCEPTION 'the author of a version stays'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'the_author_of_a_version_stays';
    END IF;
    IF NOT is_written OR NEW.origin <> 'import' THEN RETURN NEW; END IF;
    IF TG_OP = 'INSERT' OR OLD.origin <> 'import' THEN
        RAISE EXCEPTION 'what somebody wrote here is no import'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'what_is_written_here_is_no_import';
    END IF;
    IF NEW.status IN ('approved', 'published') AND (
        OLD.status = 'draft' OR NEW.author_id IS NULL OR NEW.approver_id IS NULL
        OR EXISTS (SELECT FROM policies_edit WHERE version_id = NEW.id AND by_id = NEW.approver_id)
    ) THEN
        RAISE EXCEPTION 'an import that somebody wrote into takes two people'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_import_written_into_takes_two_people';
    END IF;
    RETURN NEW;
END $$;
"""
FORWARD = [
    FUNCTION,
    earlier.fix_paths(["policies_refuse_posing_as_import"]),
    earlier.trigger("version", "what_is_written_here_is_no_import", "BEFORE INSERT OR UPDATE",
                    "policies_refuse_posing_as_import"),
]  # fmt: skip
BACKWARD = ["DROP FUNCTION policies_refuse_posing_as_import() CASCADE;"]


class Migration(migrations.Migration):
    dependencies = [("policies", "0019_codes_of_the_demonstration_are_own_wording")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
