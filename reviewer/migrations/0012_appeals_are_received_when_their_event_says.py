"""An appeal has another time of receipt only by a corrected fact that stands, as a request has."""

from importlib import import_module

from django.db import migrations

gates = import_module("reviewer.migrations.0002_gates")
paths = import_module("policies.migrations.0006_no_temporary_tables")

FUNCTION = """
CREATE FUNCTION reviewer_check_appeal_received_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.received_at <> OLD.received_at AND NOT EXISTS (
        SELECT FROM reviewer_clockevent AS e JOIN reviewer_clockevent AS former ON former.id = e.corrects_id
        WHERE e.appeal_id = NEW.id AND e.type = 'appeal_received'
            AND e.at = NEW.received_at AND former.at = OLD.received_at
            AND NOT EXISTS (SELECT FROM reviewer_clockevent AS later WHERE later.corrects_id = e.id))
    THEN
        RAISE EXCEPTION 'the time of receipt is the one that stands'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'the_time_of_receipt_is_the_one_that_stands';
    END IF;
    RETURN NEW;
END $$;
"""
FORWARD = [
    FUNCTION,
    gates.trigger("appeal", "the_time_of_receipt_is_the_one_that_stands", "BEFORE UPDATE",
                  "reviewer_check_appeal_received_at"),
]  # fmt: skip
BACKWARD = ["DROP FUNCTION reviewer_check_appeal_received_at() CASCADE;"]


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0011_corrected_times_take_two_people")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(paths.fixed_path("reviewer"), migrations.RunSQL.noop),
    ]
