"""The day of signing is that of the plan's time zone, which the database knows by itself.

`reviewer/apps.py` writes the zone of the settings into the function after every migration.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION reviewer_plan_zone() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'UTC' $$;

CREATE FUNCTION reviewer_refuse_other_zone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    zone text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF zone <> reviewer_plan_zone() THEN
        RAISE EXCEPTION 'the day of signing is that of the plan''s time zone'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'signing_goes_by_the_plans_time_zone';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER signing_goes_by_the_plans_time_zone BEFORE INSERT ON reviewer_determination
    FOR EACH ROW EXECUTE FUNCTION reviewer_refuse_other_zone('signed_zone');
CREATE TRIGGER signing_goes_by_the_plans_time_zone BEFORE INSERT ON reviewer_appealdecision
    FOR EACH ROW EXECUTE FUNCTION reviewer_refuse_other_zone('decided_zone');
"""

BACKWARD = """
DROP FUNCTION reviewer_refuse_other_zone() CASCADE;
DROP FUNCTION reviewer_plan_zone();
"""


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0003_leave_no_part_of_a_license_out")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
