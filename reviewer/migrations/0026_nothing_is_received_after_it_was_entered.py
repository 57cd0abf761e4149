"""A corrected time of receipt is none after the request or the appeal was entered."""

from importlib import import_module

from django.db import migrations

before = import_module("reviewer.migrations.0015_corrections_are_of_what_came_from_outside")
paths = import_module("policies.migrations.0006_no_temporary_tables")
NAME = "FUNCTION reviewer_check_possible_receipt()"

FORWARD = """
CREATE OR REPLACE FUNCTION reviewer_check_possible_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    former timestamptz := (SELECT at FROM reviewer_clockevent WHERE id = NEW.corrects_id);
    day date := (NEW.at AT TIME ZONE reviewer_plan_zone())::date;
BEGIN
    IF NEW.corrects_id IS NULL THEN RETURN NEW; END IF;
    IF NEW.type = 'received' AND NOT EXISTS (
        SELECT FROM reviewer_request AS r JOIN reviewer_coverage AS c ON c.id = r.coverage_id
        WHERE r.id = NEW.request_id AND day >= c.starts_on AND (c.ends_on IS NULL OR day <= c.ends_on))
    THEN
        RAISE EXCEPTION 'a request is received while the member is covered'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_request_is_received_while_covered';
    END IF;
    IF NEW.type = 'received' AND EXISTS (
        SELECT FROM reviewer_determination AS d
        WHERE d.request_id = NEW.request_id AND (d.signed_at >= former) <> (d.signed_at >= NEW.at))
    THEN
        RAISE EXCEPTION 'a request is received before it is decided'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_request_is_received_before_it_is_decided';
    END IF;
    IF NEW.type = 'appeal_received' AND EXISTS (
        SELECT FROM reviewer_appeal AS a JOIN reviewer_determination AS d ON d.id = a.determination_id
            LEFT JOIN reviewer_appealdecision AS decided ON decided.appeal_id = a.id
        WHERE a.id = NEW.appeal_id AND (day < d.signed_on OR NEW.at > decided.decided_at))
    THEN
        RAISE EXCEPTION 'an appeal is received between the determination and its decision'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_appeal_is_received_between_its_decisions';
    END IF;
    IF EXISTS (
            SELECT FROM reviewer_request AS r WHERE NEW.type = 'received' AND r.id = NEW.request_id
                AND r.received_at = former AND NEW.at > r.entered_at)
        OR EXISTS (
            SELECT FROM reviewer_appeal AS a WHERE a.id = NEW.appeal_id
                AND NEW.type IN ('appeal_received', 'ire_received', 'external_review_requested')
                AND a.received_at = former AND NEW.at > a.entered_at)
    THEN
        RAISE EXCEPTION 'nothing is received after it was entered'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'what_is_received_is_entered_later';
    END IF;
    RETURN NEW;
END $$;
"""
BACKWARD = before.FUNCTIONS[before.FUNCTIONS.index(f"CREATE {NAME}") :].replace(
    f"CREATE {NAME}", f"CREATE OR REPLACE {NAME}"
)


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0025_what_follows_an_appeal_rests_on_its_answers")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(paths.fixed_path("reviewer"), migrations.RunSQL.noop),
    ]
